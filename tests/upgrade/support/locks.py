"""What each statement of a migration locks, rewrites and reads through, of the tables that were there before it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import begin_as_delivered
from tests.harness.migrations.files import Statement
from tests.harness.plugins.locks import LockRow
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

ROWS_DO_NOT_FIT = (psycopg.IntegrityError, psycopg.DataError)
# From the weakest to the strongest.
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
# From here on, nobody else can write.
BLOCKS = MODES.index("ShareLock")
BLOCKS_BECAUSE = re.compile(r"--\s*blocks:\s*\S")
LONGEST_TIMEOUT_MS = 5000
SITUATIONS = {"first run": MigrationCase.before, "second run": MigrationCase.after}

TABLES = Path(__file__).with_name("tables.sql").read_bytes()
STATES = Path(__file__).with_suffix(".sql").read_bytes()


@dataclass(frozen=True)
class TableState:
    """What the session has done to a table by then, and holds on it, as locks.sql says it."""

    oid: int
    file: int | None
    read: int
    written: int
    lock: int | None
    timeout_ms: int


@dataclass(frozen=True)
class Observation:
    """What one statement did to one table; `lock` is the strongest that is held when it is done."""

    situation: str
    statement: Statement
    table: str
    lock: int
    new: bool
    rewritten: bool
    read: int
    written: int
    timeout_ms: int

    @property
    def blocks(self) -> bool:
        """Whether it works through the whole table while others cannot write."""
        return self.lock >= BLOCKS and (self.rewritten or self.read > 0)

    @property
    def did(self) -> str:
        """What it did to the table, in words; empty, if nothing."""
        did = [f"reads {self.read} rows"] * (self.read > 0) + [f"writes {self.written} rows"] * (self.written > 0)
        return ", ".join([*did, *["rewrites it"] * self.rewritten])

    @property
    def start(self) -> str:
        """How the statement begins."""
        return " ".join(self.statement.text.split())[:48]

    def row(self, case: MigrationCase) -> LockRow:
        """Return it as a report has it."""
        file, line = case.migration.path.name, self.statement.line
        return file, line, self.start, self.situation, self.table, MODES[self.lock], self.did

    def __str__(self) -> str:
        """Write one row of the table."""
        return (
            f"{self.situation:10}  line {self.statement.line:<4} {self.start:48}  {self.table:32}  "
            f"{MODES[self.lock]:24}  {self.did or '-'}"
        )


def observe(case: MigrationCase) -> list[Observation]:
    """Run the file on tables full of rows, first and where asked for again, and look on."""
    seen: list[Observation] = []
    for situation, lend in list(SITUATIONS.items())[: 2 if case.runs_again else 1]:
        with lend(case, filled=True) as database:
            seen += _observe(case, database, situation)
    return seen


def format_table(case: MigrationCase, seen: list[Observation]) -> str:
    """Write down what was seen, for a person to read."""
    head = f"{case.migration.path.name}: locks on the tables that were there before, and what was done under them"
    return "\n".join([head, *map(str, seen), *(["(none)"] if not seen else [])])


def find_reason(case: MigrationCase, statement: Statement, begins: re.Pattern[str] = BLOCKS_BECAUSE) -> str | None:
    """Find the comment right above a statement, or in it, that says why it may block, or whatever it begins with."""
    lines = case.migration.text.splitlines()
    above = statement.line - 1
    while above and lines[above - 1].lstrip().startswith("--"):
        above -= 1
    return next((line for line in lines[above : statement.line - 1] if begins.search(line)), None)


def _observe(case: MigrationCase, database: Database, situation: str) -> Iterator[Observation]:
    with closing(database.connect(MIGRATOR)) as connection:
        tables = {int(str(oid)): str(name) for oid, name in connection.execute(TABLES)}
        begin_as_delivered(connection, case.migration)
        before = _states(connection, tables)
        for statement in case.migration.statements:
            try:
                connection.execute(statement.text.encode())
            except ROWS_DO_NOT_FIT:
                # The rows were made here; that they must fit is another rule's.
                return
            states = _states(connection, tables)
            for old, now in zip(before, states, strict=True):
                new = now.lock is not None and (old.lock is None or now.lock > old.lock)
                change = (
                    now.file not in (None, old.file),
                    max(0, now.read - old.read),
                    max(0, now.written - old.written),
                )
                if now.lock is not None and (new or any(change)):
                    table = tables[now.oid]
                    yield Observation(situation, statement, table, now.lock, new, *change, now.timeout_ms)
            before = states


def _states(connection: Connection, tables: Mapping[int, str]) -> list[TableState]:
    cursor = connection.cursor(row_factory=class_row(TableState))
    return cursor.execute(STATES, {"modes": list(MODES), "tables": list(tables)}).fetchall()
