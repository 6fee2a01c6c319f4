"""Dumps as a baseline: what pg_dump wrote of a project makes the same project, and nothing else is run."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations import baseline, dump
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.connection import PORT
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import MIGRATION

PROJECT = SAMPLES / "baseline" / "project.sql"


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A server with a project in the database `project`, and one before any migration."""
    running = lifecycle.start(installation.find(pytestconfig.option.pg))
    try:
        templates.build_unmigrated(running.server)
        templates.create(running.server, "project", template=templates.unmigrated("granting"))
        with closing(running.server.connect(MIGRATOR, "project")) as connection:
            for file in (MIGRATION, PROJECT):
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
    }
    subprocess.run(["/bin/sh", "-euc", script], cwd=folder, env=environment, check=True)
    return folder / "dump.sql"


@cases("baseline/dumps", without="$^", has_rows=False)
def test_a_dump_makes_the_project_that_it_was_made_of(
    project: Server, tmp_path: Path, make: str, without: str, has_rows: bool
) -> None:
    """Owners, privileges, default privileges and all else that the catalog holds are the same; so are the rows."""
    file = make_dump(project, make, tmp_path)
    templates.create(project, "copy", template=templates.unmigrated("granting"))
    told = baseline.apply(project, "copy", dump.read(file))
    with closing(project.connect(SUPERUSER)) as superuser:
        before, after = (read(project, name, has_rows) for name in ("project", "copy"))
        superuser.execute("DROP DATABASE copy")
    difference = snapshots.difference(
        *([each for each in side if not re.search(without, each)] for side in (before, after))
    )
    assert difference == "", told


def read(server: Server, dbname: str, has_rows: bool) -> list[str]:
    """Read a database's catalog, and its rows without their places if asked."""
    with closing(server.connect(SUPERUSER, dbname)) as connection:
        rows = snapshots.rows(connection) if has_rows else ()
        return [*snapshots.catalog(connection), *(re.sub(r" \(\d+,\d+\) xmin \d+", "", line) for line in rows)]
