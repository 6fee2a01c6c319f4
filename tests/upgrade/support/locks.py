"""What each statement of a migration locks, rewrites and reads through, of the tables that were there before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.deliveries import controls_transactions
from tests.harness.migrations.files import Statement
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

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
REASON = re.compile(r"--\s*blocks:\s*\S")
LONGEST_TIMEOUT_MS = 5000
SITUATIONS = {"first run": MigrationCase.before, "second run": MigrationCase.after}

TABLES = b"""
SELECT c.oid, c.oid::regclass::text FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
# Of dropped tables too: these are seen from outside, and by number.
HELD = "SELECT relation, mode FROM pg_locks WHERE pid = %s AND locktype = 'relation' AND granted AND relation = ANY(%s)"
DONE = """
SELECT c.oid, pg_relation_filenode(c.oid), coalesce(s.seq_tup_read, 0), coalesce(s.n_tup_upd + s.n_tup_del, 0)
FROM unnest(%s::oid[]) AS c (oid) LEFT JOIN pg_stat_xact_user_tables AS s ON c.oid = s.relid
"""
TIMEOUT = b"SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"


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

    def __str__(self) -> str:
        """Write one row of the table."""
        did = [f"reads {self.read} rows"] * (self.read > 0) + [f"writes {self.written} rows"] * (self.written > 0)
        did += ["rewrites it"] * self.rewritten
        start = " ".join(self.statement.text.split())[:48]
        return (
            f"{self.situation:10}  line {self.statement.line:<4} {start:48}  {self.table:32}  "
            f"{MODES[self.lock]:24}  {', '.join(did) or '-'}"
        )


def observe(case: MigrationCase) -> list[Observation]:
    """Run the file on tables full of rows, first and again, and look on from a second connection."""
    seen: list[Observation] = []
    for situation, lend in SITUATIONS.items():
        with lend(case, filled=True) as database:
            seen += _observe(case, database, situation)
    return seen


def format_table(case: MigrationCase, seen: list[Observation]) -> str:
    """Write down what was seen, for a person to read."""
    head = f"{case.migration.path.name}: locks on the tables that were there before, and what was done under them"
    return "\n".join([head, *map(str, seen), *(["(none)"] if not seen else [])])


def find_reason(case: MigrationCase, statement: Statement) -> str | None:
    """Find the comment right above a statement, or in it, that says why it may block."""
    lines = case.migration.text.splitlines()
    above = statement.line - 1
    while above and lines[above - 1].lstrip().startswith("--"):
        above -= 1
    return next((line for line in lines[above : statement.line - 1] if REASON.search(line)), None)


def _observe(case: MigrationCase, database: Database, situation: str) -> Iterator[Observation]:
    with (
        closing(database.connect(MIGRATOR)) as connection,
        closing(database.connect(SUPERUSER)) as observer,
    ):
        tables = {int(str(oid)): str(name) for oid, name in observer.execute(TABLES)}
        if not controls_transactions(case.migration):
            connection.execute("BEGIN")
        held: dict[int, int] = {}
        done = _done(connection, tables)
        for statement in case.migration.statements:
            connection.execute(statement.text.encode())
            locks, now = _held(observer, connection, tables), _done(connection, tables)
            timeout = connection.execute(TIMEOUT).fetchone()
            for oid in sorted(locks):
                (old_file, old_read, old_written), (file, read, written) = done[oid], now[oid]
                change = (file != old_file, max(0, read - old_read), max(0, written - old_written))
                new = locks[oid] > held.get(oid, -1)
                if new or any(change):
                    yield Observation(
                        situation,
                        statement,
                        tables[oid],
                        locks[oid],
                        new,
                        *change,
                        int(str(timeout[0] if timeout else 0)),
                    )
            held, done = locks, now


def _held(observer: Connection, connection: Connection, tables: dict[int, str]) -> dict[int, int]:
    strongest: dict[int, int] = {}
    for oid, mode in observer.execute(HELD, (connection.info.backend_pid, list(tables))):
        key = int(str(oid))
        strongest[key] = max(strongest.get(key, 0), MODES.index(str(mode)))
    return strongest


def _done(connection: Connection, tables: dict[int, str]) -> dict[int, tuple[int | None, int, int]]:
    rows = connection.execute(DONE, (list(tables),))
    return {
        int(str(oid)): (None if file is None else int(str(file)), int(str(read)), int(str(written)))
        for oid, file, read, written in rows
    }
