"""Execution: the script that applies migrations with psql and verifies the table, for people and for pipelines."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.contract.calculator2_sessions.support.database_urls import REFUSED, URLS, VARIABLES
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations import script
from tests.harness.migrations.deliveries import transaction_control
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.script import ScriptResult, ScriptRunner, recorded_variables, recording_psql
from tests.harness.migrations.statements import tables_created
from tests.harness.plugins.databases import Clone
from tests.harness.server.binaries import installation
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates

pytestmark = pytest.mark.clause("V3")

NOT_APPLIED, NOT_VERIFIED, NO_CONNECTION, NOTHING_TRIED = 1, 2, 3, 64


@pytest.fixture
def runner(migrations_folder: MigrationsFolder) -> ScriptRunner:
    """The script, with the embedded psql."""
    return ScriptRunner(migrations_folder.script)


@pytest.fixture(scope="module")
def creating(migrations: Sequence[Migration]) -> Migration:
    """The migration that makes the table."""
    return next(each for each in migrations if TABLE.name in tables_created(each))


@pytest.fixture
def unapplied(
    tmp_path: Path, migrations: Sequence[Migration], creating: Migration, migrations_folder: MigrationsFolder
) -> list[Path]:
    """Copies of the migration that makes the table and of all later ones, with the verify files beside them."""
    shutil.copytree(migrations_folder.verify_files, tmp_path / "verify")
    return [Path(shutil.copy(each.path, tmp_path)) for each in migrations[migrations.index(creating) :]]


@pytest.fixture
def database_before(clone: Clone, server: Server, migrations: Sequence[Migration], creating: Migration) -> Database:
    """A database of the test's own, where the table is about to be made."""
    database = clone(templates.unmigrated("explicit"))
    templates.migrate(server, database.name, migrations[: migrations.index(creating)])
    return database


def is_there(database: Database) -> bool:
    """Whether the table is in the database."""
    with closing(database.connect(MIGRATOR)) as connection:
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [TABLE.qualified_name]).fetchone()
    return row == (True,)


def shows_none_of(result: ScriptResult, *parts: str) -> None:
    """Fail if a part of the connection is in what the script said."""
    __tracebackhide__ = True
    assert not [part for part in parts if part in str(result)], f"the script prints the connection.\n{result}"


@pytest.mark.parametrize("how", ["DATABASE_URL", "PG variables"])
def test_applied_and_verified_is_success_the_second_time_too(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path], how: str
) -> None:
    """With either way to name the connection, it applies all files, verifies, and exits with 0; the last again, too."""
    named_by = {"DATABASE_URL": {"DATABASE_URL": script.url(database_before)}}
    connection = named_by.get(how, script.variables(database_before))
    for files in (unapplied, unapplied[-1:]):
        result = runner.run(connection, *files)
        assert (result.status, result.err) == (0, ""), result
        assert f"{TABLE.qualified_name} keeps its contract: all " in result.out
        assert result.out.endswith("".join(f"{each.name}: applied and verified.\n" for each in files))
    assert is_there(database_before)


def test_it_stops_at_the_first_error(runner: ScriptRunner, database_before: Database, unapplied: list[Path]) -> None:
    """A migration that fails is told in PostgreSQL's words with its line; nothing after it is run, or verified."""
    failing = unapplied[0].with_name("failing.sql")
    failing.write_text("CREATE TABLE public.one ();\nSELECT 1 / 0;\nCREATE TABLE public.two ();\n", encoding="utf-8")
    result = runner.run(script.variables(database_before), failing, *unapplied)
    assert result.status == NOT_APPLIED, result
    assert f"{failing}:2: ERROR:  division by zero" in result.err
    assert "failing.sql did not apply" in result.err
    assert (result.out, is_there(database_before)) == ("", False)


def test_another_table_is_no_success(runner: ScriptRunner, database_before: Database, unapplied: list[Path]) -> None:
    """Migrations that run to their end and leave the table otherwise are not reported as a success."""
    last = unapplied[0].with_name("last.sql")
    last.write_text("DROP INDEX public.idx_calculator2_sessions_token;", encoding="utf-8")
    result = runner.run(script.variables(database_before), *unapplied, last)
    assert (result.status, "applied and verified" in result.out) == (NOT_VERIFIED, False), result
    assert "S3: index idx_calculator2_sessions_token: not there" in result.err
    assert "ran to their end, but the verification failed" in result.err


def test_every_verify_file_is_run(runner: ScriptRunner, database_before: Database, unapplied: list[Path]) -> None:
    """Where another table fails its verification, that is no success, and what the others say is told."""
    another = unapplied[0].with_name("verify") / "another_table.sql"
    another.write_text("DO $$ BEGIN RAISE 'a fault of another table'; END $$", encoding="utf-8")
    result = runner.run(script.variables(database_before), *unapplied)
    assert (result.status, "a fault of another table" in result.err) == (NOT_VERIFIED, True), result
    assert f"{TABLE.qualified_name} keeps its contract: all " in result.out


def test_a_transaction_left_open_is_no_success(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path], creating: Migration
) -> None:
    """A migration that never commits has applied nothing, and is not reported as a success."""
    work = [each.text for each in creating.statements if transaction_control(each.text) is None]
    unapplied[0].write_text(";".join(["BEGIN", *work, ""]), encoding="utf-8")
    result = runner.run(script.variables(database_before), unapplied[0])
    assert (result.status, result.out) == (NOT_VERIFIED, ""), result
    assert f"S1: there is no table {TABLE.qualified_name}" in result.err


def test_what_cannot_be_verified_is_not_applied(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path]
) -> None:
    """Without a verify file a migration is refused before anything is done."""
    shutil.rmtree(unapplied[0].with_name("verify"))
    result = runner.run(script.variables(database_before), *unapplied)
    assert (result.status, is_there(database_before)) == (NOTHING_TRIED, False), result
    assert "so nothing could be verified, and nothing was applied" in result.err


@pytest.mark.parametrize(
    ("number", "arguments", "words"),
    [
        pytest.param(1, [], "No connection is set: neither DATABASE_URL nor PGHOST", id="no connection"),
        pytest.param(0, [], "No migration is given", id="no migration"),
        pytest.param(1, ["no_such.sql"], "There is no file no_such.sql", id="no file"),
        pytest.param(0, ["--help"], "There is no file --help", id="an option"),
    ],
)
def test_wrong_usage_is_told_with_what_to_set(
    runner: ScriptRunner, unapplied: list[Path], number: int, arguments: list[str], words: str
) -> None:
    """Without a connection, or with other arguments, it says what to give and set, and tries nothing."""
    result = runner.run({}, *unapplied[:number], *arguments)
    assert result.status == NOTHING_TRIED, result
    assert words in result.err
    assert "DATABASE_URL    postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in result.err


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_a_url_means_what_libpq_takes_it_for(
    runner: ScriptRunner, unapplied: list[Path], tmp_path: Path, url: str
) -> None:
    """DATABASE_URL reaches psql as the PG* variables that libpq itself would read from it."""
    recording = replace(runner, first=recording_psql(tmp_path))
    recording.run({"DATABASE_URL": url, "PGSERVICE": "s", "PGHOSTADDR": "::1"}, *unapplied)
    means = {VARIABLES[name]: str(value) for name, value in conninfo_to_dict(url).items()}
    added = {"PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "15"}
    assert recorded_variables(tmp_path) == added | means


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED.keys())
def test_a_url_in_doubt_is_refused_unseen(runner: ScriptRunner, unapplied: list[Path], url: str) -> None:
    """What libpq would read otherwise than it was meant is refused, and no part of it is shown."""
    result = runner.run({"DATABASE_URL": url}, *unapplied)
    assert result.status == NOTHING_TRIED, result
    assert "DATABASE_URL" in result.err
    shows_none_of(result, "secret", "example.test", "one.ex", "app")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"PGPASSWORD": "quite-wrong"}, "refused the user or the password", id="a wrong password"),
        pytest.param({"PGDATABASE": "no_such_place"}, "has no such database", id="no such database"),
        pytest.param({"PGPORT": "5999"}, "no server at that host and port", id="no server"),
        pytest.param({"PGSSLMODE": "no_such_mode"}, "cannot be reached, or let nobody in", id="another reason"),
    ],
)
def test_a_connection_that_fails_is_told_without_naming_it(
    runner: ScriptRunner, database: Database, unapplied: list[Path], change: dict[str, str], words: str
) -> None:
    """Where no connection comes about, the reason is told, and nothing of host, user, password or database."""
    connection = script.variables(database) | change
    result = runner.run(connection, *unapplied)
    assert (result.status, words in result.err) == (NO_CONNECTION, True), result
    shows_none_of(result, *(connection[name] for name in ("PGHOST", "PGPASSWORD", "PGDATABASE")), "no_such_mode")


@pytest.mark.parametrize("options", [(), ("-x",)], ids=["quiet", "traced"])
def test_the_connection_is_never_printed(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path], tmp_path: Path, options: tuple[str, ...]
) -> None:
    """No part of it is an argument of psql, or in what is printed: after success, and even if bash is told to trace."""
    embedded = shlex.quote(str(installation.find(None) / "psql"))
    folder = recording_psql(tmp_path / "first", then=f'exec {embedded} "$@"')
    url = script.url(database_before)
    result = replace(runner, first=folder, options=options).run({"DATABASE_URL": url}, *unapplied)
    assert result.status == 0, result
    arguments = (folder / "arguments").read_text(encoding="utf-8")
    assert arguments.count("\n-X\n") == arguments.count("\nON_ERROR_STOP=1\n") >= 3
    secrets = (database_before.server.password, database_before.server.socket_dir, database_before.name, url)
    assert not [secret for secret in secrets if secret in arguments]
    shows_none_of(result, *secrets)


def test_a_persons_psqlrc_is_not_read(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path], tmp_path: Path
) -> None:
    """What psql does at its start for a person has no say, be it to go on after an error."""
    (tmp_path / "psqlrc").write_text("\\set ON_ERROR_STOP off\n", encoding="utf-8")
    failing = unapplied[0].with_name("failing.sql")
    failing.write_text("SELECT 1 / 0;\nSELECT 1;\n", encoding="utf-8")
    persons = replace(runner, environment={"PSQLRC": str(tmp_path / "psqlrc")})
    result = persons.run(script.variables(database_before), failing, *unapplied)
    assert (result.status, is_there(database_before)) == (NOT_APPLIED, False), result
