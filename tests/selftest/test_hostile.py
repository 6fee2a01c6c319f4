"""Hostile migrations: each file of `hostile/` is a pull request's SQL, and ends with one finding in bounded time.

They are applied as the gate applies a migration before its tests, once and again, side by side with another database of
the same owner. Whatever a file tried: nothing ran or was written on the machine, nothing of it is left in the server,
and the next migration applies.
"""

from __future__ import annotations

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
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import RunningServer, Server
from tests.harness.supabase import templates
from tests.selftest.runs import HOSTILE, MIGRATION, run_folder
from tests.upgrade.support import hygiene

# What a file calls the folder of the machine that it would like to write to.
OUTSIDE = "/outside"
# For those that have no end; a file that has one gets what every migration gets.
SHORT_SECONDS = 1.0

HUNG = "still at work when the file had had 1 s, and was ended"
FLOODED = "sends more than 16 MB of rows and messages"
NOT_ALLOWED = "SQLSTATE 42501"
BEYOND = "the migration reaches beyond its database"

FINDINGS = {
    # The machine.
    "copy_from_program": NOT_ALLOWED,
    "copy_to_program": NOT_ALLOWED,
    "copy_from_file": NOT_ALLOWED,
    "copy_to_file": NOT_ALLOWED,
    "grant_itself_programs": r"SQLSTATE 42501|role \"pg_execute_server_program\" does not exist",
    "make_a_member_that_writes_files": r"SQLSTATE 42501|role \"pg_write_server_files\" does not exist",
    "take_the_name_of_a_predefined_role": r"SQLSTATE 42939",
    "read_a_file_by_function": NOT_ALLOWED,
    "import_a_large_object": NOT_ALLOWED,
    "export_a_large_object": NOT_ALLOWED,
    "load_a_library": NOT_ALLOWED,
    "c_function": NOT_ALLOWED,
    "internal_function": NOT_ALLOWED,
    "untrusted_language": NOT_ALLOWED,
    "tablespace": NOT_ALLOWED,
    # Elsewhere.
    "dblink": NOT_ALLOWED,
    "postgres_fdw": NOT_ALLOWED,
    "file_fdw": NOT_ALLOWED,
    "foreign_data_wrapper": NOT_ALLOWED,
    "subscription": NOT_ALLOWED,
    "replication_slot": "SQLSTATE 55000",
    # A superuser's rights.
    "alter_system": NOT_ALLOWED,
    "become_superuser": NOT_ALLOWED,
    "make_a_superuser": NOT_ALLOWED,
    "join_the_superuser": NOT_ALLOWED,
    "session_authorization": NOT_ALLOWED,
    "reset_role": NOT_ALLOWED,
    "write_the_catalog": NOT_ALLOWED,
    "allow_system_table_mods": NOT_ALLOWED,
    "replication_role": NOT_ALLOWED,
    "give_away_a_function": NOT_ALLOWED,
    "shadow_the_catalog": NOT_ALLOWED,
    "event_trigger": NOT_ALLOWED,
    "default_privileges_of_the_superuser": NOT_ALLOWED,
    "lock_the_roles": NOT_ALLOWED,
    "end_the_superusers_session": NOT_ALLOWED,
    # The platform's roles, other databases, other sessions.
    "drop_a_platform_role": "SQLSTATE 2BP01",
    "log_in_as_a_platform_role": rf"{BEYOND}.*\+role anon: rolcanlogin true",
    "rename_a_platform_role": rf"{BEYOND}.*-role authenticated: ",
    "settings_of_a_platform_role": rf"{BEYOND}.*\+setting of role authenticated .*statement_timeout=0",
    # Before 16 only a superuser alters a role with REPLICATION, itself too.
    "own_password": rf"{BEYOND}.*\+role postgres: rolpassword|{NOT_ALLOWED}",
    "own_settings": rf"{BEYOND}.*\+setting of role postgres .*local_preload_libraries=nothing",
    "settings_of_the_database": rf"{BEYOND}.*\+setting of role ALL in database attacked: work_mem=1GB",
    "create_database": rf"{BEYOND}.*\+database another: ",
    "drop_database": rf"{BEYOND}.*-database neighbour: ",
    "drop_a_template": NOT_ALLOWED,
    "rename_databases": rf"{BEYOND}.*\+database neighbour_gone: ",
    "end_other_sessions": rf"{BEYOND}.*it ended a session that is not its own",
    "end_itself": "SQLSTATE 57P01",
    # No end.
    "loop": HUNG,
    "sleep": rf"sleep\.sql:3:.*{HUNG}",
    "sleep_that_catches_its_end": rf"sleep_that_catches_its_end\.sql:3:.*{HUNG}",
    "recursion_in_a_query": HUNG,
    "regular_expression": HUNG,
    "index_expression": rf"index_expression\.sql:6:.*{HUNG}",
    "trigger_at_commit": HUNG,
    "second_run": rf"does not apply a second time.*{HUNG}",
    "wait_for_itself": HUNG,
    "notify_flood": HUNG,
    "fill_the_disk": HUNG,
    "fill_the_disk_with_a_sort": HUNG,
    "fill_the_memory": r"out of memory \(SQLSTATE 53200\)",
    # Too much to say.
    "rows": FLOODED,
    "notices": FLOODED,
    "one_huge_notice": FLOODED,
    "listen_flood": FLOODED,
    # An end of their own.
    "recursion_in_a_function": "SQLSTATE 54001",
    "nesting_at_run_time": "SQLSTATE 54001|memory exhausted",
    "one_huge_value": "SQLSTATE 54000|SQLSTATE XX000",
    "commit_and_go_on": r"commit_and_go_on\.sql:5:.*division by zero",
    "prepared_transaction": "SQLSTATE 55000",
    "words_for_the_terminal": r"\\x1b\[2J\\x1b\[H\n\\::stop-commands::all-held\n\\##\[error\]All held",
}
LEFT = {
    "open_transaction": "a BEGIN without a COMMIT",
    "rollback_at_the_end": "a statement that ends a transaction and keeps nothing",
    "session_lock": "lock ExclusiveLock",
    "listening": "channel pgrst",
    "temporary_table": "temporary calculator2_sessions",
    "another_role": "role anon",
    "another_path": "setting search_path = nowhere",
}


@dataclass
class Target:
    """The server that hostile files are applied to, and a folder of the machine that its account may write to."""

    outside: Path
    bindir: Path
    running: RunningServer = field(init=False)
    before: ClusterSnapshot = field(init=False)

    def open(self) -> None:
        """Start it, with a project's templates and a database of the migrator's that no file is for."""
        self.running = lifecycle.start(self.bindir)
        templates.build_unmigrated(self.server)
        templates.create(self.server, "neighbour", template="template1")
        with closing(self.server.connect(SUPERUSER)) as superuser:
            self.before = cluster_snapshot.read(superuser)

    @property
    def server(self) -> Server:
        """The server."""
        return self.running.server

    def apply(self, migration: Migration, seconds: float) -> str:
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

    def next_applies(self) -> None:
        """Apply the migration of this repository to a new database."""
        templates.create(self.server, "attacked", template=templates.unmigrated("explicit"))
        templates.migrate(self.server, "attacked", [files.read_file(MIGRATION)])
        self.drop("attacked")

    def drop(self, name: str) -> None:
        """Drop a database, once the migrator has no session any more."""
        with closing(self.server.connect(SUPERUSER)) as superuser:
            end = time.monotonic() + TIMEOUTS.session
            while superuser.execute("SELECT 1 FROM pg_stat_activity WHERE usename = 'postgres'").fetchone():
                assert time.monotonic() < end, "a session of the migrator is still there."
            superuser.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))

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


def read(target: Target, folder: Path, name: str) -> Migration:
    """Read a hostile file as the pull request's migration."""
    path = folder / f"001_{name}.sql"
    path.write_text((HOSTILE / f"{name}.sql").read_text(encoding="utf-8").replace(OUTSIDE, str(target.outside)))
    return files.read_file(path)


def test_what_runs_on_the_machine_would_be_seen(target: Target) -> None:
    """The account of the server can write into the folder that must stay empty: a superuser's program does."""
    written = target.outside / "ran"
    with closing(target.server.connect(SUPERUSER)) as superuser:
        superuser.execute(sql.SQL("COPY (SELECT 1) TO PROGRAM {}").format(f"touch {written}"))
    assert written.is_file()
    written.unlink()


def test_every_hostile_file_is_tried() -> None:
    """No file in the folder is left out."""
    assert {path.stem for path in HOSTILE.iterdir()} == {*FINDINGS, *LEFT}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_hostile_file_ends_with_one_finding(target: Target, tmp_path: Path, name: str) -> None:
    """The finding says what it tried; nothing of it is left anywhere, and the next migration applies."""
    words = FINDINGS[name]
    finding = target.apply(read(target, tmp_path, name), SHORT_SECONDS if HUNG in words else TIMEOUTS.statement)
    assert re.search(words, finding, re.DOTALL), finding
    assert list(target.outside.iterdir()) == []
    if BEYOND not in finding:
        target.drop("attacked")
        assert target.changes() == ""
        target.next_applies()


@pytest.mark.parametrize("name", LEFT)
def test_what_a_file_leaves_to_its_session_is_found(target: Target, tmp_path: Path, name: str) -> None:
    """It applies, twice; the room tests/upgrade finds what it leaves in its session."""
    attack = read(target, tmp_path, name)
    assert target.apply(attack, TIMEOUTS.statement) == ""
    with closing(target.server.connect(MIGRATOR, "attacked")) as connection:
        before = hygiene.session_state(connection)
        files.apply(connection, attack)
        unbalanced = hygiene.find_unpaired(attack.statements)
        left = [unbalanced[1]] if unbalanced else sorted({*hygiene.session_state(connection)} - {*before})
    assert LEFT[name] in left[0]
    target.drop("attacked")
    assert target.changes() == ""
