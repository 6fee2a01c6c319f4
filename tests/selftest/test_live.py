"""A live database: judged for drift, never written to, and its password never shown."""

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.contract.calculator2_sessions import support
from tests.harness.catalog import live
from tests.harness.catalog.live import WHO, BadAddress, CannotRead, ReadOnlySession
from tests.harness.core.outcomes import Refused
from tests.harness.core.paths import ROOT
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations import files
from tests.harness.plugins.live import LiveSession
from tests.harness.plugins.options import worker
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.selftest.cases import cases
from tests.selftest.runs import MIGRATION, QUICK, RunFolder, clauses_that_failed, command_of

OPTIONS = ("-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "--database-url=env:LIVE")
URLS = support.cases("database_urls")
# No word of a password that anybody would guess, and every character that has a meaning in a URL, a shell or Python.
CORE = "Zq7Vx2Lk9"
PASSWORD = f"@:/?#%&+ \"'\\$`{CORE}ü%41"
URL = "postgresql://auditor:{password}@{host}/{database}"


@dataclass(frozen=True)
class LiveDatabase:
    """A database of a server that no gate has started, and a role that has no rights there but to log in."""

    server: Server
    name: str

    def url(self, template: str = URL) -> str:
        """Return its URL, with the reader's password in it."""
        host, password = (quote(each, safe="") for each in (self.server.socket_dir, PASSWORD))
        return template.format(host=host, password=password, core=CORE, database=self.name)

    def admin(self) -> psycopg.Connection:
        """Connect as the superuser."""
        return self.server.connect(SUPERUSER, self.name)


Project = Callable[[str], LiveDatabase]


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """Make a live database from a template, on a server beside the one of this run, as a project's would be."""
    running = platform.start(installation.find(None))
    databases = DatabaseFactory(running.server, worker())
    try:
        templates.build(running.server, files.read_folder(MIGRATION.parent))
        with running.server.connect(SUPERUSER) as admin:
            admin.execute(sql.SQL("CREATE ROLE auditor LOGIN PASSWORD {}").format(PASSWORD))
        yield lambda template: LiveDatabase(running.server, databases.keep(databases.lend(template, SUPERUSER)).name)
    finally:
        databases.close()
        running.stop()


@pytest.fixture(scope="module")
def migrated(project: Project) -> LiveDatabase:
    """A live database with the migration applied, which no test changes."""
    return project(templates.migrated("granting"))


def judged(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> tuple[int, str]:
    """Run the gate on a live database, inside this process; return its exit status and all that it printed."""
    monkeypatch.setenv("LIVE", url)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        status = pytest.main([*OPTIONS, *(arguments or [str(ROOT / QUICK)])])
    return int(status), printed.getvalue()


def broken(printed: str) -> set[str]:
    """Name the clauses that a run calls broken."""
    return {label.removeprefix("calculator2_sessions ") for label in clauses_that_failed(printed)}


@pytest.mark.parametrize("default_privileges", DEFAULT_PRIVILEGES)
def test_a_migrated_database_is_found_right_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, project: Project, default_privileges: str
) -> None:
    """It is green under both default privileges, for a role without rights, and no transaction was given an ID."""
    there = project(templates.migrated(default_privileges))
    with there.admin() as admin:
        # What writes anything, anywhere on the server, takes the next number.
        count = "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text"
        before = admin.execute(count).fetchone()
        status, printed = judged(monkeypatch, there.url())
        assert (status, "Held, of a selection: 8 clauses" in printed) == (0, True), printed
        assert admin.execute(count).fetchone() == before
    assert "Judged: S1, S2, S3, S4, S5, S6, S7, S8" in printed


@cases("live/drifts", says="", never="Traceback")
def test_drift_is_red_and_named(
    monkeypatch: pytest.MonkeyPatch, project: Project, drift: str, clauses: list[str], says: str, never: str
) -> None:
    """Whatever was changed by hand, the clause that it breaks is named, and no other."""
    there = project(templates.migrated("explicit"))
    with there.admin() as admin:
        admin.execute(drift.encode())
    status, printed = judged(monkeypatch, there.url())
    assert (status, broken(printed), says in printed, never in printed) == (1, set(clauses), True, False), printed


@cases("live/writes")
def test_the_server_refuses_every_write(migrated: LiveDatabase, statement: str, sqlstate: str) -> None:
    """Through this connection even a superuser writes nothing, and cannot make the transaction another."""
    url = migrated.url(f"postgresql://{SUPERUSER}:{migrated.server.password}@{{host}}/{{database}}")
    with contextlib.closing(live.connect(live.address("env:U", {"U": url}))) as connection:
        assert ReadOnlySession(connection).attempt(statement.encode()) == Refused(sqlstate)


def test_it_keeps_nobody_waiting_and_says_who_it_is(migrated: LiveDatabase) -> None:
    """Every bound is the transaction's own, and the session's settings, which a pooler would pass on, stay."""
    query = b"SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' ORDER BY name"
    with contextlib.closing(live.connect(live.address("env:U", {"U": migrated.url()}))) as connection:
        session = ReadOnlySession(connection)
        inside = {name for name, _ in session.run(query).rows}
        session.end()
        assert connection.execute(query).fetchall() == []
        with migrated.admin() as admin:
            named = admin.execute("SELECT 1 FROM pg_stat_activity WHERE application_name = %s", [WHO]).fetchall()
    assert named == [(1,)]
    assert {"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "search_path"} <= inside


class Pooled(psycopg.Connection):
    """A connection through a pooler that changes how transactions begin."""

    def execute(self, query: Any, *more: Any, **options: Any) -> psycopg.Cursor:
        """Leave out READ ONLY."""
        return super().execute(query.replace("READ ONLY", "") if isinstance(query, str) else query, *more, **options)


def test_a_server_that_does_not_hold_it_read_only_is_refused(migrated: LiveDatabase) -> None:
    """A BEGIN that was changed on its way is found out before any query."""
    with contextlib.closing(Pooled.connect(migrated.url(), autocommit=True)) as connection:
        with pytest.raises(CannotRead, match="does not hold a transaction read-only"):
            ReadOnlySession(connection)
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


def test_a_server_that_goes_away_breaks_no_clause(migrated: LiveDatabase) -> None:
    """A connection that is lost ends the run, with the status of a gate that could not run."""
    with contextlib.closing(live.connect(live.address("env:U", {"U": migrated.url()}))) as connection:
        session = LiveSession(connection)
        with migrated.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(pytest.exit.Exception, match="ended the connection") as end:
            session.run("SELECT 1")
        assert end.value.returncode == 3


@cases("live/no_run", url=URL, arguments=[QUICK])
def test_a_database_that_cannot_be_judged_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, migrated: LiveDatabase, url: str, arguments: list[str], status: int, words: str
) -> None:
    """With a status that is not a broken clause's, and no word of the password at a run's most talkative."""
    monkeypatch.chdir(ROOT)
    ended, printed = judged(monkeypatch, migrated.url(url), *arguments, "--showlocals", "--full-trace")
    assert (ended, words in printed, CORE in printed, "Traceback" in printed) == (status, True, False, False), printed


@pytest.mark.parametrize("url", URLS["understood"].values(), ids=URLS["understood"])
def test_a_good_url_is_understood_as_libpq_does(url: str) -> None:
    """It means what psql takes it for, the variable is gone afterwards, and no form of printing shows it."""
    environment = {"U": url}
    found = live.address("env:U", environment)
    assert (found.parameters, environment) == (psycopg.conninfo.conninfo_to_dict(url), {})
    assert repr(found) == str(found) == "Address()"


@pytest.mark.parametrize("url", [*URLS["refused"].values(), "secret", "postgresql://me:secr\udcffet@h/app"], ids=ascii)
@pytest.mark.parametrize("option", ["env:U", None], ids=["in the environment", "as the option"])
def test_a_bad_url_is_refused_and_not_quoted(url: str, option: str | None) -> None:
    """What libpq would guess at is refused, in words that hold nothing of it."""
    with pytest.raises(BadAddress) as refusal:
        live.address(option or url, {"U": url})
    assert re.search(r"sec|zz|db\.example", str(refusal.value)) is None
    assert refusal.value.__context__ is None


@cases("live/options")
def test_an_option_that_names_no_database_is_refused(option: str, words: str) -> None:
    """A password must not be on a command line; a variable must exist."""
    with pytest.raises(BadAddress, match=words) as refusal:
        live.address(option, {})
    assert "secret" not in str(refusal.value)


def test_the_password_is_nowhere(here: RunFolder, project: Project) -> None:
    """Not in what a failing run prints at its most talkative, in its report, its log, or the list of processes."""
    there = project(templates.migrated("explicit"))
    with there.admin() as admin:
        admin.execute("ALTER TABLE public.calculator2_sessions DISABLE ROW LEVEL SECURITY")
    talkative = ("-vvv", "-rA", "--showlocals", "--tb=long", "--full-trace", "--setup-show", "--trace-config")
    files = [here.folder / name for name in ("report.xml", "debug.log")]
    options = [f"--junitxml={files[0]}", f"--debug={files[1]}", "--database-url=env:DATABASE_URL", QUICK]
    with here.start(*talkative, *options, DATABASE_URL=there.url()) as run:
        arguments = " ".join(map(command_of, here.processes()))
        printed, _ = run.communicate(timeout=120)
    shown = [arguments, printed, *(file.read_text(encoding="utf-8") for file in files)]
    assert (run.returncode, broken(printed)) == (1, {"S6"}), printed
    assert [CORE in each for each in shown] == [False] * 4
