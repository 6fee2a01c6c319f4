"""One migration as an event: the databases to try it on, and the words in which a failure is told.

Each file is tried where all earlier ones are applied. Databases are copied from templates that nobody connects to,
and dropped at once: a run makes hundreds of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

import psycopg
from hypothesis.vendor.pretty import RepresentationPrinter

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines, View
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.deliveries import Delivery, by_dashboard, transaction_control
from tests.harness.migrations.files import Migration, Statement
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import RunningServer
from tests.harness.supabase.databases import DatabaseFactory


@dataclass(frozen=True)
class CrashableServer:
    """A server that may be killed, and its databases."""

    running: RunningServer
    databases: DatabaseFactory

    def kill(self) -> None:
        """Kill the server with all its processes, and start it again; every connection is lost."""
        self.running.crash()
        self.databases.disconnect()


@dataclass(frozen=True)
class MigrationCase:
    """One migration under one setting of the default privileges."""

    databases: DatabaseFactory
    migration: Migration
    default_privileges: str

    def before(self, *, filled: bool = False) -> AbstractContextManager[Database]:
        """Lend a database where the earlier migrations are applied, and this one is not."""
        return self.databases.project(self.default_privileges, self._index, filled=filled)

    def after(self, *, filled: bool = False) -> AbstractContextManager[Database]:
        """Lend a database where this migration is applied too, and no later one."""
        return self.databases.project(self.default_privileges, self._index + 1, filled=filled)

    def __repr__(self) -> str:
        """Stay short: a failing test prints its arguments."""
        return f"<{self.migration.name}, {self.default_privileges}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Stay short in Hypothesis's reports too, which do not ask a dataclass for its repr."""
        printer.text(repr(self))

    @property
    def catalog_before(self) -> Lines:
        """The catalog before this migration."""
        return _catalog(self.databases, self.default_privileges, self._index)

    @property
    def catalog_after(self) -> Lines:
        """The catalog that one clean run ends in."""
        return _catalog(self.databases, self.default_privileges, self._index + 1)

    @property
    def work(self) -> tuple[Statement, ...]:
        """The statements that do something: all but those that begin and end transactions."""
        return tuple(each for each in self.migration.statements if transaction_control(each.text) is None)

    @property
    def _index(self) -> int:
        return self.databases.migrations.index(self.migration)

    def at(self, statement: Statement | None = None) -> str:
        """Say where: the file, and the line of a statement in it, or of its first."""
        return f"{self.migration.path}:{(statement or self.migration.statements[0]).line}"

    def run(self, database: Database, delivery: Delivery = by_dashboard) -> None:
        """Deliver the file; it must succeed."""
        __tracebackhide__ = True
        result = delivery(database, self.migration)
        if result.bookkeeping is not None:
            fail_at(
                self.at(self.migration.statements[-1]),
                f"the file is applied, and then the tool's own bookkeeping fails: {result.bookkeeping}",
                must="the tool that delivers the file can record it.",
                hint="leave no role or setting behind (SET LOCAL).",
            )
        if result.error is not None:
            fail_at(
                self.at(self.failing_statement(database)),
                f"the file fails ({result.error}).",
                must="it succeeds here.",
                hint="guard what may be there already: IF NOT EXISTS, OR REPLACE, or DROP … IF EXISTS before.",
            )

    def check_same(
        self, expected: Lines, actual: Lines, happened: str, *, at: str | None = None, must: str, hint: str
    ) -> None:
        """Fail with the difference, if there is one."""
        __tracebackhide__ = True
        if expected != actual:
            told = f"{happened}\n{snapshots.difference(expected, actual)}"
            fail_at(at or self.at(), told, must=must, hint=hint)

    def check_nothing_stays(
        self, attempts: Sequence[tuple[Statement, Callable[[Database], object]]], happened: str, *, must: str, hint: str
    ) -> None:
        """Make attempts of which nothing must stay.

        What one leaves behind is there after the last, so the look at the end is enough; only if something is there,
        all are made again, with a look after each, to name the statement.
        """
        __tracebackhide__ = True
        for closely in (False, True):
            with self.before(filled=True) as database, closing(database.connect(SUPERUSER)) as observer:
                before = snapshots.everything(observer)
                for statement, attempt in attempts:
                    attempt(database)
                    if closely:
                        after = snapshots.everything(observer)
                        self.check_same(before, after, happened, at=self.at(statement), must=must, hint=hint)
                if snapshots.everything(observer) == before:
                    return
        fail_at(self.at(), f"{happened} It was gone when it was looked for.", must=must, hint=hint)

    def failing_statement(self, database: Database) -> Statement | None:
        """Find the statement that PostgreSQL refuses; nothing is committed."""
        with closing(database.connect(MIGRATOR)) as connection:
            for statement in self.migration.statements:
                try:
                    connection.execute(statement.text.encode())
                except psycopg.Error:
                    return statement
        return None

    def changing_statement(self, database: Database, view: View) -> Statement | None:
        """Find the statement that begins the difference which the file leaves behind in `database`."""
        seen: list[frozenset[str]] = []
        with closing(database.connect(MIGRATOR)) as connection:
            seen.append(frozenset(view(connection)))
            for statement in self.migration.statements:
                connection.execute(statement.text.encode())
                seen.append(frozenset(view(connection)))
        settled = [
            max(after for after in range(1, len(seen)) if (line in seen[after - 1]) != (line in seen[after]))
            for line in seen[0] ^ seen[-1]
        ]
        return self.migration.statements[min(settled) - 1] if settled else None


@cache
def _catalog(databases: DatabaseFactory, default_privileges: str, applied: int) -> Lines:
    with databases.project(default_privileges, applied) as database:
        return read(database)


def read(database: Database, view: View = snapshots.catalog) -> Lines:
    """Look at a database, as the superuser."""
    with closing(database.connect(SUPERUSER)) as connection:
        return view(connection)


def fail_at(at: str, happened: str, *, must: str, hint: str) -> NoReturn:
    """Fail: where, what happened, what must happen, how to mend it."""
    __tracebackhide__ = True
    raise AssertionError(f"{at}: {happened}\n  What must happen: {must}\n  Hint: {hint}")
