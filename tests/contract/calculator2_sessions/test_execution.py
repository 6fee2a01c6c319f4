"""Execution: the script that applies a migration with psql and verifies it, for people and for pipelines."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.contract.calculator2_sessions.support.database_urls import REFUSED, URLS, VARIABLES
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations import script, verify_file
from tests.harness.migrations.files import Migration
from tests.harness.migrations.script import SCRIPT, ScriptResult, ScriptRunner, recorded_variables, recorder
from tests.harness.plugins.databases import Clone
from tests.harness.server.binaries import installation
from tests.harness.server.database import Database
from tests.harness.supabase import templates

pytestmark = pytest.mark.clause("V3")

NAME = "014_create_calculator2_sessions"
NOT_APPLIED, NOT_VERIFIED, NO_CONNECTION, NOTHING_TRIED = 1, 2, 3, 64


@pytest.fixture
def bare(clone: Clone) -> Database:
    """A database of the test's own, before any migration."""
    return clone(templates.unmigrated("explicit"))


@pytest.fixture
def gated(tmp_path: Path, migrations: Sequence[Migration]) -> Path:
    """A copy of 014 as it is gated, with its verify file where the script looks for it."""
    migration = verify_file.up_to(NAME, migrations)[-1]
    (tmp_path / "verify").mkdir()
    (tmp_path / "verify" / f"{NAME}.sql").write_text(verify_file.read(NAME).text, encoding="utf-8")
    file = tmp_path / f"{NAME}.sql"
    file.write_text(migration.text, encoding="utf-8")
    return file


def is_there(database: Database) -> bool:
    """Whether the table is in the database."""
    with closing(database.connect(MIGRATOR)) as connection:
        row = connection.execute("SELECT to_regclass('public.calculator2_sessions') IS NOT NULL").fetchone()
    return row == (True,)


def keeps_the_secret(said: ScriptResult, *secrets: str) -> None:
    """Fail if a part of the connection is in what the script said."""
    __tracebackhide__ = True
    assert not [secret for secret in secrets if secret in str(said)], f"{SCRIPT}: it prints the connection.\n{said}"


@pytest.mark.parametrize("how", ["DATABASE_URL", "PG variables"])
def test_applied_and_verified_is_success_the_second_time_too(bare: Database, gated: Path, how: str) -> None:
    """With either way to name the connection, it applies the file, verifies it, and exits with 0; run again, too."""
    connection = {"DATABASE_URL": script.url(bare)} if how == "DATABASE_URL" else script.variables(bare)
    for _ in range(2):
        said = ScriptRunner().run(connection, gated)
        assert (said.status, said.err) == (0, ""), said
        assert "checks held.\n" in said.out
        assert said.out.endswith(f"{NAME}.sql: applied and verified.\n")
    assert is_there(bare)


def test_without_an_argument_it_is_014_that_is_applied(bare: Database) -> None:
    """Called without a file, it applies and verifies the repository's 014."""
    said = ScriptRunner().run(script.variables(bare))
    assert (said.status, is_there(bare)) == (0, True), said


def test_it_stops_at_the_first_error(bare: Database, gated: Path) -> None:
    """A migration that fails is told in PostgreSQL's words with its line; nothing after it is run, or verified."""
    gated.write_text(
        "CREATE TABLE public.one ();\nSELECT 1 / 0;\n" + gated.read_text(encoding="utf-8"), encoding="utf-8"
    )
    said = ScriptRunner().run(script.variables(bare), gated)
    assert said.status == NOT_APPLIED, said
    assert f"{gated}:2: ERROR:  division by zero" in said.err
    assert f"{NAME}.sql did not apply" in said.err
    assert (said.out, is_there(bare)) == ("", False)


@pytest.mark.parametrize(
    ("after", "deviation"),
    [
        pytest.param("DROP INDEX public.idx_calculator2_sessions_token;", "S3: index idx_calcu", id="a wrong table"),
        pytest.param("", "S1: there is no table", id="a transaction left open"),
    ],
)
def test_applied_alone_is_no_success(bare: Database, gated: Path, after: str, deviation: str) -> None:
    """A migration that runs to its end and leaves another table, or none, is not reported as a success."""
    text = gated.read_text(encoding="utf-8")
    gated.write_text(text + after if after else text.removesuffix("COMMIT;\n"), encoding="utf-8")
    said = ScriptRunner().run(script.variables(bare), gated)
    assert said.status == NOT_VERIFIED, said
    assert deviation in said.err
    assert "ran to its end, but the verification failed" in said.err
    assert said.out == ""


def test_what_cannot_be_verified_is_not_applied(bare: Database, gated: Path) -> None:
    """Without its verify file a migration is refused before anything is done."""
    (gated.parent / "verify" / gated.name).unlink()
    said = ScriptRunner().run(script.variables(bare), gated)
    assert (said.status, is_there(bare)) == (NOTHING_TRIED, False), said
    assert "so nothing could be verified, and nothing was applied" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([], "No connection is set: neither DATABASE_URL nor PGHOST", id="no connection"),
        pytest.param(["no_such.sql"], "There is no file no_such.sql", id="no file"),
        pytest.param(["a.sql", "b.sql"], "Give one migration at most", id="two files"),
        pytest.param(["--help"], "Give one migration at most, and no option", id="an option"),
    ],
)
def test_wrong_usage_is_told_with_what_to_set(arguments: list[str], words: str) -> None:
    """Without a connection, or with other arguments, it says what to give and set, and tries nothing."""
    said = ScriptRunner().run({}, *arguments)
    assert said.status == NOTHING_TRIED, said
    assert words in said.err
    assert "DATABASE_URL    postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in said.err


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_a_url_means_what_libpq_takes_it_for(tmp_path: Path, url: str) -> None:
    """DATABASE_URL reaches psql as the PG* variables that libpq itself would read from it."""
    recorder(tmp_path).run({"DATABASE_URL": url, "PGSERVICE": "s", "PGHOSTADDR": "::1"})
    means = {VARIABLES[name]: str(value) for name, value in conninfo_to_dict(url).items()}
    added = {"PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "15"}
    assert recorded_variables(tmp_path) == added | means


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED.keys())
def test_a_url_in_doubt_is_refused_unseen(url: str) -> None:
    """What libpq would read otherwise than it was meant is refused, and no part of it is shown."""
    said = ScriptRunner().run({"DATABASE_URL": url})
    assert said.status == NOTHING_TRIED, said
    assert "DATABASE_URL" in said.err
    keeps_the_secret(said, "secret", "example.test", "one.ex", "app")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"PGPASSWORD": "quite-wrong"}, "refused the user or the password", id="a wrong password"),
        pytest.param({"PGDATABASE": "no_such_place"}, "has no such database", id="no such database"),
        pytest.param({"PGPORT": "5999"}, "no server at that host and port", id="no server"),
        pytest.param({"PGSSLMODE": "no_such_mode"}, "cannot be reached, or let nobody in", id="another reason"),
    ],
)
def test_a_connection_that_fails_is_told_without_naming_it(bare: Database, change: dict[str, str], words: str) -> None:
    """Where no connection comes about, the reason is told, and nothing of host, user, password or database."""
    connection = script.variables(bare) | change
    said = ScriptRunner().run(connection)
    assert (said.status, words in said.err) == (NO_CONNECTION, True), said
    keeps_the_secret(said, *(connection[name] for name in ("PGHOST", "PGPASSWORD", "PGDATABASE")), "no_such_mode")


@pytest.mark.parametrize("tracing", [False, True], ids=["quiet", "traced"])
def test_the_connection_is_never_printed(bare: Database, tmp_path: Path, tracing: bool) -> None:
    """No part of it is an argument of psql, or in what is printed: after success, and even if bash is told to trace."""
    embedded = shlex.quote(str(installation.find(None) / "psql"))
    folder = tmp_path / "first"
    shell = recorder(folder, then=f'exec {embedded} "$@"')
    written = ScriptRunner(shell.first, options=("-x",) if tracing else ())
    said = written.run({"DATABASE_URL": script.url(bare)})
    assert said.status == 0, said
    arguments = (folder / "arguments").read_text(encoding="utf-8")
    assert arguments.count("\n-X\n") == arguments.count("\nON_ERROR_STOP=1\n") == 3
    secrets = (bare.server.password, bare.server.socket_dir, bare.name, script.url(bare))
    assert not [secret for secret in secrets if secret in arguments]
    keeps_the_secret(said, *secrets)


def test_a_persons_psqlrc_is_not_read(bare: Database, gated: Path, tmp_path: Path) -> None:
    """What psql does at its start for a person has no say, be it to go on after an error."""
    (tmp_path / "psqlrc").write_text("\\set ON_ERROR_STOP off\n", encoding="utf-8")
    gated.write_text("SELECT 1 / 0;\n" + gated.read_text(encoding="utf-8"), encoding="utf-8")
    said = ScriptRunner(environment={"PSQLRC": str(tmp_path / "psqlrc")}).run(script.variables(bare), gated)
    assert (said.status, is_there(bare)) == (NOT_APPLIED, False), said
