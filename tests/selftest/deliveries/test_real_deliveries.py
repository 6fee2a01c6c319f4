"""The real tools beside their emulations: what the gate sees of a delivery is what the tool does.

A red here means that an emulation in tests/harness/migrations/deliveries.py is wrong, or that a tool has changed.
"""

import json
import select
import socket
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations import deliveries
from tests.harness.migrations.deliveries import FAILURE, Delivery, DeliveryResult
from tests.harness.migrations.files import BadMigrations, Migration, Statement, read_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import under_both_default_privileges
from tests.harness.server.database import Database
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.deliveries.install import HERE, TOOLS
from tests.selftest.deliveries.tools import SECONDS, SILENT, PostgresMeta, SupabaseCli, postgres_meta
from tests.upgrade.support import concurrency
from tests.upgrade.support.case import MigrationCase

if not TOOLS.installed():
    raise pytest.Collector.CollectError("The real tools are not installed here: run tox -e deliveries.")

EMULATED = {"dashboard": deliveries.by_dashboard, "supabase_cli": deliveries.by_supabase_cli}
by_each_tool = pytest.mark.parametrize("tool", EMULATED)
Real = Callable[[str], Delivery]

# By what they try, files of a migration.
FILES: dict[str, str] = tomllib.loads((HERE / "files.toml").read_text(encoding="utf-8"))
FOLDERS = tomllib.loads((HERE / "folders.toml").read_text(encoding="utf-8"))
# By tool, the files to which its emulation does knowingly something else.
DIFFERENT = tomllib.loads((HERE / "different.toml").read_text(encoding="utf-8"))


def migration_of(text: str) -> Migration:
    """Make a migration of one piece, which nobody has read beforehand."""
    return Migration(Path("001_case.sql"), "001", text, (Statement(text, 1),))


def said(result: DeliveryResult) -> str:
    """Shorten a result to what the tools have in common: whether it failed at the file or at its history, and how."""
    if result.error is not None:
        return f"refused: {result.error[:5]}"
    if result.bookkeeping is not None:
        return f"not recorded: {result.bookkeeping[:5]}"
    return "success" if result.status == 0 else f"exit status {result.status}"


def recorded(database: Database) -> str:
    """Read the Supabase CLI's history."""
    with closing(database.connect(MIGRATOR)) as connection:
        try:
            rows = connection.execute("SELECT version, name FROM supabase_migrations.schema_migrations").fetchall()
        except psycopg.errors.UndefinedTable:
            return "no history"
    return f"history: {rows}"


def outcome(databases: DatabaseFactory, migration: Migration, delivery: Delivery) -> Lines:
    """Deliver a file to a database of its own; return what is said, what is in its history, and what is left."""
    with databases.project("explicit", 0) as database:
        with closing(database.connect(MIGRATOR)) as connection:
            connection.execute((HERE / "before.sql").read_bytes())
        result = delivery(database, migration)
        return said(result), recorded(database), *snapshots.catalog(databases.observer(database))


@pytest.fixture(scope="session")
def dashboard() -> Iterator[PostgresMeta]:
    """One postgres-meta for all tests."""
    with postgres_meta() as running:
        yield running


@pytest.fixture
def cli(tmp_path: Path) -> SupabaseCli:
    """The Supabase CLI, as if newly installed."""
    return SupabaseCli(tmp_path)


@pytest.fixture
def real(dashboard: PostgresMeta, cli: SupabaseCli) -> Real:
    """The real deliveries, by the names of their emulations."""
    return {"dashboard": dashboard.deliver, "supabase_cli": cli.deliver}.__getitem__


@by_each_tool
@pytest.mark.parametrize("name", FILES)
def test_an_emulation_does_to_a_file_what_the_tool_does(
    databases: DatabaseFactory, real: Real, tmp_path: Path, name: str, tool: str
) -> None:
    """The same is left, the same is recorded, and success or the same error is said."""
    path = tmp_path / "001_case.sql"
    path.write_bytes(FILES[name].encode())
    try:
        migration = read_file(path)
    except BadMigrations:
        # What the gate does not even read, the tool must refuse, and leave nothing of.
        by_tool = outcome(databases, migration_of(path.read_text(encoding="utf-8")), real(tool))
        assert by_tool[0].startswith("refused: ")
        assert by_tool[2:] == outcome(databases, migration_of("SELECT 1"), deliveries.by_dashboard)[2:]
        return
    by_tool, emulated = (outcome(databases, migration, delivery) for delivery in (real(tool), EMULATED[tool]))
    if name in DIFFERENT.get(tool, {}):
        assert by_tool != emulated, "no longer different: take it out of different.toml"
    else:
        assert by_tool == emulated, f"the tool (-), the emulation (+):\n{snapshots.difference(by_tool, emulated)}"


@under_both_default_privileges
@by_each_tool
def test_each_migration_ends_in_the_catalog_that_the_gate_knows(case: MigrationCase, real: Real, tool: str) -> None:
    """Delivered, and delivered again after the tool's history is emptied: nothing differs, not even an OID."""
    for delivery in (real(tool), EMULATED[tool]):
        with case.before() as database:
            observer = case.databases.observer(database)
            case.run(database, delivery)
            assert snapshots.difference(case.catalog_after, case.read(database)) == ""
            once = snapshots.everything(observer)
            # As `supabase migration repair --status reverted` does.
            deliveries.create_history_table(database)
            observer.execute("TRUNCATE supabase_migrations.schema_migrations")
            case.run(database, delivery)
            assert snapshots.difference(once, snapshots.everything(observer)) == ""


def test_the_supabase_cli_passes_over_what_it_has_recorded(databases: DatabaseFactory, cli: SupabaseCli) -> None:
    """A file that would fail a second time succeeds, as it is not run: a second run proves nothing of the file."""
    again = migration_of("CREATE TABLE public.a ()")
    for delivery in (cli.deliver, deliveries.by_supabase_cli):
        with databases.project("explicit", 0) as database:
            assert [said(delivery(database, again)) for _ in range(2)] == ["success"] * 2


@pytest.mark.parametrize("names", [pytest.param(each["names"], id=name) for name, each in FOLDERS.items()])
def test_the_supabase_cli_takes_the_files_that_the_gate_takes(
    databases: DatabaseFactory, cli: SupabaseCli, tmp_path: Path, names: list[str]
) -> None:
    """In the same order; what the gate says is passed over, it passes over, and at a version taken it stops."""
    files = tmp_path / "supabase" / "migrations"
    files.mkdir(parents=True)
    for name in names:
        text = f"INSERT INTO public.applied (name) VALUES ('{name.strip('^')}')"
        (files / name.strip("^")).write_text(text, encoding="utf-8-sig" if name.startswith("^") else "utf-8")
    folder = MigrationsFolder(files)
    taken, told = [each.path.name for each in folder.read()], dict(folder.not_taken())
    twice = [name for name in taken if "23505" in told.get(name, "")]
    with databases.project("explicit", 0) as database, closing(database.connect(MIGRATOR)) as connection:
        connection.execute("CREATE TABLE public.applied (id int GENERATED ALWAYS AS IDENTITY, name text)")
        status, printed = cli.migrate(database, tmp_path)
        applied = [name for (name,) in connection.execute("SELECT name FROM public.applied ORDER BY id")]
    assert (status != 0, "23505" in printed) == (bool(twice), bool(twice)), printed
    assert applied == (taken[: taken.index(twice[0])] if twice else taken), printed
    assert {*names} - {*taken} - {f"^{name}" for name in taken} <= {*told}


def test_a_time_limit_of_the_dashboard_changes_nothing(case: MigrationCase, dashboard: PostgresMeta) -> None:
    """postgres-meta writes two statements before the file where the dashboard gives it a limit."""
    with case.before() as database:
        case.run(database, partial(dashboard.deliver, path=f"/query?statementTimeoutSecs={SECONDS}"))
        assert case.read(database) == case.catalog_after


@under_both_default_privileges
@by_each_tool
@pytest.mark.parametrize("part", [1, 2])
def test_a_failure_in_a_migration_leaves_nothing(case: MigrationCase, real: Real, tool: str, part: int) -> None:
    """A statement that fails a third or two thirds into the file: the database is as it was, and the tool says so."""
    texts = [each.text for each in case.migration.statements]
    at = part * len(texts) // 3
    fails = deliveries.rewritten(case.migration, *texts[:at], deliveries.FAILS, *texts[at:])
    with case.before(filled=True) as database, closing(database.connect(SUPERUSER)) as observer:
        before = snapshots.everything(observer)
        for delivery in (real(tool), EMULATED[tool]):
            error = delivery(database, fails).error
            assert error is not None
            assert FAILURE in error
            assert snapshots.everything(observer) == before


@by_each_tool
def test_real_tools_side_by_side_all_apply_the_migration(case: MigrationCase, real: Real, tool: str) -> None:
    """Three at once, while a first applier stands in the middle of the file: the Supabase CLI's history aside."""
    with case.before() as database:
        deliveries.create_history_table(database)
        results = concurrency.deliver_at_once(case, database, [real(tool)] * 3, len(case.migration.statements) // 2)
        # It reads its history before it waits for the file's lock.
        allowed = {"dashboard": {"success"}, "supabase_cli": {"success", "not recorded: 23505"}}
        assert {said(result) for result in results} <= allowed[tool]
        assert case.read(database) == case.catalog_after


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    """Each has the hash of what was tried; where it comes from is the machine's affair."""
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert [name for name, package in packages.items() if "integrity" not in package or "resolved" in package] == []


@pytest.mark.parametrize("silenced", [True, False])
def test_the_supabase_cli_calls_nobody(case: MigrationCase, tmp_path: Path, silenced: bool) -> None:
    """A door that stands for the network hears nothing of it; and would, were telemetry left on."""
    environment = {name: value for name, value in SILENT.items() if silenced or name != "DO_NOT_TRACK"}
    with socket.create_server(("127.0.0.1", 0)) as door, case.before() as database:
        network = f"http://127.0.0.1:{door.getsockname()[1]}"
        environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), network)
        assert said(SupabaseCli(tmp_path, environment).deliver(database, case.migration)) == "success"
        calling, _, _ = select.select([door], [], [], 0)
    assert bool(calling) is not silenced
