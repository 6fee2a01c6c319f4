"""Dumps as a baseline: what pg_dump wrote of a project makes the same project, and nothing else is run."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.catalog import cluster_snapshot, snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations import baseline, dump
from tests.harness.migrations.dump import BadDump
from tests.harness.migrations.files import DoesNotApply
from tests.harness.server.binaries import installation
from tests.harness.server.connection import PORT
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import platform, templates
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import MIGRATION, RunFolder

HERE = SAMPLES / "baseline"


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A server with a project in the database `project`; in `plain`, with what it has without the platform's tables."""
    running = platform.start(installation.find(pytestconfig.option.pg))
    try:
        for name, template, files in (
            ("plain", templates.unmigrated("granting"), [MIGRATION, HERE / "project.sql"]),
            ("project", "plain", [HERE / "on_the_platform.sql"]),
        ):
            templates.create(running.server, name, template=template)
            with closing(running.server.connect(MIGRATOR, name)) as connection:
                for file in files:
                    connection.execute(file.read_bytes())
        yield running.server
    finally:
        running.stop()


def make_dump(server: Server, script: str, folder: Path) -> Path:
    """Run a shell script that writes dump.sql, with the pg_dump that comes with the gate."""
    environment = {
        "PATH": os.pathsep.join([str(installation.find(None)), os.defpath]),
        "PGHOST": server.socket_dir,
        "PGPORT": str(PORT),
        "PGUSER": SUPERUSER,
        "PGPASSWORD": server.password,
        "PGDATABASE": "project",
        "SAMPLES": str(HERE),
    }
    subprocess.run(["/bin/sh", "-euc", script], cwd=folder, env=environment, check=True)
    return folder / "dump.sql"


def applied(server: Server, file: Path, seconds: float = TIMEOUTS.statement) -> list[str]:
    """Apply a dump in the database `copy`, which is made anew."""
    with closing(server.connect(SUPERUSER)) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS copy")
        superuser.execute('DROP ROLE IF EXISTS reader, "Some one"')
    templates.create(server, "copy", template=templates.unmigrated("granting"))
    found = dump.read(file)
    baseline.apply(server, "copy", found, seconds)
    return found.told


@cases("baseline/dumps", of="project", without="$^", has_rows=False)
def test_a_dump_makes_the_project_that_it_was_made_of(
    project: Server, tmp_path: Path, make: str, of: str, without: str, has_rows: bool
) -> None:
    """Owners, privileges, default privileges and all else that the catalog holds are the same; so are the rows."""
    told = applied(project, make_dump(project, make, tmp_path))
    before, after = (read(project, name, has_rows) for name in (of, "copy"))
    difference = snapshots.difference(
        *([each for each in side if not re.search(without, each)] for side in (before, after))
    )
    assert difference == "", told


def read(server: Server, dbname: str, has_rows: bool) -> list[str]:
    """Read a database's catalog, and its rows without their places if asked."""
    with closing(server.connect(SUPERUSER, dbname)) as connection:
        rows = snapshots.rows(connection) if has_rows else ()
        return [*snapshots.catalog(connection), *(re.sub(r" \(\d+,\d+\) xmin \d+", "", line) for line in rows)]


@cases("baseline/refused")
def test_what_is_no_plain_dump_is_refused_by_name(project: Server, tmp_path: Path, make: str, words: str) -> None:
    """The sentence says what it is, and the command that makes a dump; nothing of it is run."""
    file = make_dump(project, make, tmp_path)
    with pytest.raises(BadDump) as refusal:
        dump.read(file)
    assert words in str(refusal.value)
    assert str(refusal.value).startswith(str(file))
    assert dump.COMMAND in str(refusal.value)


@cases("baseline/findings", seconds=TIMEOUTS.statement)
def test_a_dump_that_does_not_apply_is_one_finding(
    project: Server, tmp_path: Path, sql: str, words: list[str], seconds: float
) -> None:
    """It names the line, and says in PostgreSQL's words why; no function of the dump is called by a superuser."""
    (tmp_path / "dump.sql").write_text(sql, encoding="utf-8")
    with closing(project.connect(SUPERUSER)) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS copy")
        before = cluster_snapshot.read(superuser)
        with pytest.raises(DoesNotApply) as finding:
            applied(project, tmp_path / "dump.sql", seconds)
        superuser.execute("DROP DATABASE copy")
        assert before.changes(superuser, new_roles=True, new_databases=True) == ""
    assert [each for each in words if each not in str(finding.value)] == [], str(finding.value)


@cases("baseline/told")
def test_what_is_done_otherwise_than_the_dump_says_is_told(
    project: Server, tmp_path: Path, sql: str, told: list[str], then: str
) -> None:
    """What the platform has already is counted; what the throwaway lacks is named."""
    (tmp_path / "dump.sql").write_text(sql, encoding="utf-8")
    notes = applied(project, tmp_path / "dump.sql")
    assert [each[: len(words)] for each, words in zip(notes, told, strict=True)] == told
    with closing(project.connect(SUPERUSER, "copy")) as superuser:
        assert superuser.execute(then.encode()).fetchone() == (True,)


def test_a_contract_whose_table_is_in_the_dump_is_judged_by_its_state(project: Server, here: RunFolder) -> None:
    """What the file that makes the table does is left out, and told; all else of the contract holds."""
    make_dump(project, "pg_dump --schema-only --file=dump.sql plain", here.folder)
    migrations = here.folder / "migrations"
    shutil.copytree(MIGRATION.with_name("verify"), migrations / "verify")
    (migrations / "20260101000000_say.sql").write_text("COMMENT ON SCHEMA public IS 'The API.';", encoding="utf-8")
    folder, dumped = f"--migrations={migrations}", f"--baseline={here.folder / 'dump.sql'}"
    chapters = [f"tests/contract/calculator2_sessions/test_{name}.py" for name in ("structure", "execution")]
    status, printed = here.run("-q", folder, dumped, *chapters)
    assert status == 0, printed
    assert "calculator2_sessions: made by the baseline; what its own file does (S9, V3) was not judged." in printed
