"""Parts of the gate: a rule for new files, access to an object, and a mutant."""

import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg.sql import Composable

from tests.access.support.measure import measure
from tests.benchmarks.measuring import Effort, Table, alternately, run_command, run_gate
from tests.benchmarks.server import copies, throwaway
from tests.harness.core.paths import MIGRATIONS, ROOT
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.project.planted import HEADERS
from tests.selftest.project.pull_requests import PROJECT, write_project
from tests.selftest.runs import clean_environment

HEAD = ["", "how many", "each, ms", "its floor, ms", "of the floor"]
PROFILE = "--hypothesis-profile=mutants"


def run(effort: Effort) -> Table:
    """Measure each."""
    with throwaway() as server:
        rows = [*_events(server, effort), _access(server, effort)]
    if not effort.is_quick:
        rows.append(_mutant())
    return Table(HEAD, rows)


def _row(name: str, number: int, seconds: float, floor: float) -> list[str]:
    return [
        name,
        str(number),
        f"{1000 * seconds / number:.1f}",
        f"{1000 * floor / number:.1f}",
        f"{seconds / floor:.1f}",
    ]


def _events(server: Server, effort: Effort) -> list[list[str]]:
    """Time the tests of each module of upgrade/, beside a database that is copied and migrated."""
    files = MigrationsFolder(MIGRATIONS).read()
    factory = DatabaseFactory(server, "bench", files)

    def copy_and_apply() -> None:
        with factory.lend(templates.unmigrated("explicit")) as database:
            templates.migrate(server, database.name, files)

    floors: list[float] = []
    seconds: dict[str, list[float]] = defaultdict(list)
    with closing(factory):
        for _ in range(effort.repeats):
            floors += alternately(1, copy_and_apply)
            _, cases = run_gate("-n", "0", "tests/upgrade/test_locks.py" if effort.is_quick else "tests/upgrade")
            for case in cases:
                seconds[case.module.rpartition(".")[2]].append(case.seconds)
    # Each module's tests are in each of the runs.
    number = {name: len(each) // effort.repeats for name, each in seconds.items()}
    return [
        _row(f"`upgrade/{name}.py`", number[name], sum(each) / effort.repeats, median(floors) * number[name])
        for name, each in seconds.items()
    ]


@dataclass(frozen=True)
class RecordedDatabase(Database):
    """A database that keeps each statement, with the number of the connection that sent it, and who they are."""

    users: list[str] = field(default_factory=list)
    sent: list[tuple[int, bytes, Any]] = field(default_factory=list)

    def connect(self, user: str) -> Connection:
        """Open a connection whose statements are kept."""
        connection, number, sent = super().connect(user), len(self.users), self.sent
        self.users.append(user)

        class Recording(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **options: Any) -> "Recording":
                text = query.as_string(connection) if isinstance(query, Composable) else query
                sent.append((number, text if isinstance(text, bytes) else text.encode(), params))
                super().execute(query, params, **options)
                return self

        connection.cursor_factory = Recording
        return connection

    def send_again(self, database: Database) -> None:
        """Send the same statements in another database."""
        with ExitStack() as stack:
            connections = [stack.enter_context(closing(database.connect(user))) for user in self.users]
            for number, query, parameters in self.sent:
                # What was refused is refused again.
                with suppress(psycopg.Error):
                    connections[number].execute(query, parameters)


def _access(server: Server, effort: Effort) -> list[str]:
    """Measure access to a project's objects, beside psycopg sending the same statements; each time on a new copy."""
    with tempfile.TemporaryDirectory() as name:
        folder = MIGRATIONS if effort.is_quick else write_project(Path(name) / "migrations")
        files = MigrationsFolder(folder).read()
        with copies(server, files) as copy:
            recorded = copy()
            one = RecordedDatabase(recorded.server, recorded.name)
            objects = _measured(one)
            # Each needs a database of its own, and to make it does not count.
            databases = [copy() for _ in range(2 * effort.repeats)]
            ours, bare = iter(databases[::2]), iter(databases[1::2])
            seconds, floor = alternately(
                effort.repeats, lambda: _measured(next(ours)), lambda: one.send_again(next(bare))
            )
    return _row("access to an object", objects, seconds, floor)


def _measured(database: Database) -> int:
    with measure(database, ["public"], HEADERS, PROJECT / "rows") as measured:
        return len(measured.access.lines)


def _mutant() -> list[str]:
    """Judge one mutant, with the original before and after it, beside the gate at as many examples."""
    module = [sys.executable, "-m", "tests.selftest.mutation"]
    environment = clean_environment()
    listed = run_command([*module, "--list"], ROOT, environment).printed
    command = [*module, "--mutant", listed.split()[0]]
    seconds = run_command(command, ROOT, environment).seconds
    floor, _ = run_gate("-n", "2", PROFILE)
    return _row("one mutant", 1, seconds, floor.seconds)
