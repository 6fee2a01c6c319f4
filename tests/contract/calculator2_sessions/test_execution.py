"""Execution: the script that applies migrations with psql and verifies the table, for people and for pipelines."""

import shlex
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from tests.contract.calculator2_sessions.support import cases
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations import script
from tests.harness.migrations.deliveries import transaction_control
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.script import ScriptResult, ScriptRunner, recorded_variables, recording_psql
from tests.harness.plugins.databases import Clone, CreatedBy
from tests.harness.server.binaries import installation
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates

pytestmark = pytest.mark.clause("V3")

URLS, FAILURES, REFUSALS = map(cases, ("database_urls", "failures", "refusals"))
NOT_VERIFIED, NO_CONNECTION, NOTHING_TRIED = 2, 3, 64


@pytest.fixture
def runner(migrations_folder: MigrationsFolder) -> ScriptRunner:
    """The script, with the embedded psql."""
    return ScriptRunner(migrations_folder.script)


@pytest.fixture
def unapplied(
    tmp_path: Path, migrations: Sequence[Migration], created_by: CreatedBy, migrations_folder: MigrationsFolder
) -> list[Path]:
    """Copies of the migration that makes the table and of all later ones, with the verify files beside them."""
    shutil.copytree(migrations_folder.verify_files, tmp_path / "verify")
    later = migrations[created_by(TABLE) :]
    return [Path(shutil.copy(each.path, tmp_path)) for each in later]


@pytest.fixture
def database_before(clone: Clone, server: Server, migrations: Sequence[Migration], created_by: CreatedBy) -> Database:
    """A database of the test's own, where the table is about to be made."""
    database = clone(templates.unmigrated("explicit"))
    templates.migrate(server, database.name, migrations[: created_by(TABLE)])
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


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_is_not_applied_and_verified_is_no_success(
    runner: ScriptRunner, database_before: Database, unapplied: list[Path], failure: dict[str, Any]
) -> None:
    """A failure is told in PostgreSQL's words; nothing after it is run; what a person's psqlrc does has no say."""
    folder = unapplied[0].parent
    (folder / failure["file"]).write_text(failure["text"], encoding="utf-8")
    (folder / "psqlrc").write_text("\\set ON_ERROR_STOP off\n", encoding="utf-8")
    persons = replace(runner, environment={"PSQLRC": str(folder / "psqlrc")})
    result = persons.run(script.variables(database_before), *sorted(folder.glob("*.sql")))
    assert (result.status, is_there(database_before)) == (failure["status"], result.status == NOT_VERIFIED), result
    assert [each for each in failure["says"] if each not in str(result)] == []
    assert "applied and verified" not in result.out


def test_a_transaction_left_open_is_no_success(
    runner: ScriptRunner,
    database_before: Database,
    unapplied: list[Path],
    migrations: Sequence[Migration],
    created_by: CreatedBy,
) -> None:
    """A migration that never commits has applied nothing, and is not reported as a success."""
    creating = migrations[created_by(TABLE)]
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


@pytest.mark.parametrize(("number", "arguments", "words"), REFUSALS["usage"].values(), ids=REFUSALS["usage"])
def test_wrong_usage_is_told_with_what_to_set(
    runner: ScriptRunner, unapplied: list[Path], number: int, arguments: list[str], words: str
) -> None:
    """Without a connection, or with other arguments, it says what to give and set, and tries nothing."""
    result = runner.run({}, *unapplied[:number], *arguments)
    assert result.status == NOTHING_TRIED, result
    assert words in result.err
    assert "DATABASE_URL    postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in result.err


@pytest.mark.parametrize("url", URLS["understood"].values(), ids=URLS["understood"])
def test_a_url_means_what_libpq_takes_it_for(
    runner: ScriptRunner, unapplied: list[Path], tmp_path: Path, url: str
) -> None:
    """DATABASE_URL reaches psql as the PG* variables that libpq itself would read from it."""
    recording = replace(runner, first=recording_psql(tmp_path))
    recording.run({"DATABASE_URL": url, "PGSERVICE": "s", "PGHOSTADDR": "::1"}, *unapplied)
    variables = {each.keyword.decode(): (each.envvar or b"").decode() for each in Conninfo.get_defaults()}
    means = {variables[name]: str(value) for name, value in conninfo_to_dict(url).items()}
    added = {"PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "15"}
    assert recorded_variables(tmp_path) == added | means


@pytest.mark.parametrize("url", URLS["refused"].values(), ids=URLS["refused"])
def test_a_url_in_doubt_is_refused_unseen(runner: ScriptRunner, unapplied: list[Path], url: str) -> None:
    """What libpq would read otherwise than it was meant is refused, and no part of it is shown."""
    result = runner.run({"DATABASE_URL": url}, *unapplied)
    assert result.status == NOTHING_TRIED, result
    assert "DATABASE_URL" in result.err
    shows_none_of(result, "secret", "example.test", "one.ex", "app")


@pytest.mark.parametrize(("change", "words"), REFUSALS["connection"].values(), ids=REFUSALS["connection"])
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
