"""Hostile migrations: each file of `hostile/` is a pull request's SQL, and ends with one finding in bounded time.

They are applied as the gate applies a migration before its tests, once and again, side by side with another database of
the same owner. Whatever a file tried: nothing ran or was written on the machine, nothing of it is left in the server,
and the next migration applies.
"""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from psycopg import sql

from tests.harness.catalog import cluster_snapshot
from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.guards import first_application
from tests.harness.guards.first_application import GuardedApplication
from tests.harness.migrations import files
from tests.harness.migrations.files import DoesNotApply, Migration
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import RunningServer, Server
from tests.harness.supabase import platform, templates
from tests.selftest.runs import MIGRATION, run_folder
from tests.upgrade.support import hygiene

# The finding of those that have no end; a file that has one gets what every migration gets.
HUNG = "still at work when the file had had 1 s, and was ended"
BEYOND = "the migration reaches beyond its database"


def hostile_files(kind: str) -> pytest.MarkDecorator:
    """Try a test on each file whose first line is `-- KIND: WORDS`, with the words."""
    found = []
    for path in sorted(Path(__file__).with_name("hostile").glob("*.sql")):
        said, _, words = path.read_text(encoding="utf-8").splitlines()[0].partition(": ")
        assert said in {"-- finds", "-- leaves"}, f"{path}: must begin with what it finds, or what it leaves"
        if said == f"-- {kind}":
            found.append(pytest.param(path, words, id=path.stem))
    return pytest.mark.parametrize(("file", "words"), found)


@dataclass
class Target:
    """The server that hostile files are applied to, and a folder of the machine that its account may write to."""

    outside: Path
    bindir: Path
    running: RunningServer = field(init=False)
    before: ClusterSnapshot = field(init=False)

    def open(self) -> None:
        """Start it, with a project's templates and a database of the migrator's that no file is for."""
        self.running = platform.start(self.bindir)
        templates.create(self.server, "neighbour", template="template1")
        with closing(self.server.connect(SUPERUSER)) as superuser:
            self.before = cluster_snapshot.read(superuser)

    @property
    def server(self) -> Server:
        """The server."""
        return self.running.server

    def read(self, file: Path, folder: Path) -> Migration:
        """Read a hostile file, but its first line, as a pull request's; it calls the folder of the machine /outside."""
        text = file.read_text(encoding="utf-8").partition("\n")[2]
        path = folder / f"001_{file.name}"
        path.write_text(text.replace("/outside", str(self.outside)), encoding="utf-8")
        return files.read_file(path)

    def apply(self, migration: Migration, seconds: float = TIMEOUTS.statement) -> str:
        """Apply a file as the gate does, and again; return the finding."""
        templates.create(self.server, "attacked", template=templates.unmigrated("explicit"))
        with closing(self.server.connect(SUPERUSER)) as superuser:
            guarded = GuardedApplication(self.server, superuser, seconds)
            try:
                guarded.apply("attacked", migration)
                first_application.apply_again(guarded, "attacked", migration)
            except DoesNotApply as finding:
                return str(finding)
        return ""

    def drop(self) -> None:
        """Drop the database, once the migrator has no session any more."""
        with closing(self.server.connect(SUPERUSER)) as superuser:
            end = time.monotonic() + TIMEOUTS.session
            while superuser.execute("SELECT 1 FROM pg_stat_activity WHERE usename = 'postgres'").fetchone():
                assert time.monotonic() < end, "a session of the migrator is still there."
            superuser.execute("DROP DATABASE attacked")

    def changes(self) -> str:
        """List what is not as it was."""
        with closing(self.server.connect(SUPERUSER)) as superuser:
            return self.before.changes(superuser, new_roles=True, new_databases=True)


@pytest.fixture(scope="module")
def _target(pytestconfig: pytest.Config) -> Iterator[Target]:
    with run_folder("outside") as outside:
        outside.folder.chmod(0o777)
        target = Target(outside.folder, installation.find(pytestconfig.option.pg))
        target.open()
        yield target
        target.running.stop()


@pytest.fixture
def target(_target: Target) -> Iterator[Target]:
    """A server that is as it was made."""
    yield _target
    if _target.changes():
        _target.running.stop()
        _target.open()


def test_what_runs_on_the_machine_would_be_seen(target: Target) -> None:
    """The account of the server can write into the folder that must stay empty: a superuser's program does."""
    written = target.outside / "ran"
    with closing(target.server.connect(SUPERUSER)) as superuser:
        superuser.execute(sql.SQL("COPY (SELECT 1) TO PROGRAM {}").format(f"touch {written}"))
    assert written.is_file()
    written.unlink()


@hostile_files("finds")
def test_a_hostile_file_ends_with_one_finding(target: Target, tmp_path: Path, file: Path, words: str) -> None:
    """The finding says what it tried; nothing of it is left anywhere, and the next migration applies."""
    seconds = 1.0 if HUNG in words else TIMEOUTS.statement
    finding = target.apply(target.read(file, tmp_path), seconds)
    assert re.search(words, finding, re.DOTALL), finding
    assert list(target.outside.iterdir()) == []
    if BEYOND not in finding:
        target.drop()
        assert target.changes() == ""
        templates.create(target.server, "attacked", template=templates.unmigrated("explicit"))
        templates.migrate(target.server, "attacked", [files.read_file(MIGRATION)])
        target.drop()


@hostile_files("leaves")
def test_what_a_file_leaves_to_its_session_is_found(target: Target, tmp_path: Path, file: Path, words: str) -> None:
    """It applies, twice; the room tests/upgrade finds what it leaves in its session."""
    attack = target.read(file, tmp_path)
    assert target.apply(attack) == ""
    with closing(target.server.connect(MIGRATOR, "attacked")) as connection:
        before = {*hygiene.session_state(connection), *hygiene.session_settings(connection)}
        files.apply(connection, attack)
        unbalanced = hygiene.find_unpaired(attack.statements)
        after = {*hygiene.session_state(connection), *hygiene.session_settings(connection)}
        left = [unbalanced[1]] if unbalanced else sorted(after - before)
    assert words in left[0]
    target.drop()
    assert target.changes() == ""
