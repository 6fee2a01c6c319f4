"""One migration as an event: the databases to try it on, and the words in which a failure is told.

Each file is tried where all earlier ones are applied. Databases are copied from templates that nobody connects to,
and dropped at once: a run makes hundreds of them.
"""

import tomllib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeVar

from hypothesis.vendor.pretty import RepresentationPrinter

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines, View
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import (
    Delivery,
    Refusal,
    begin_as_delivered,
    by_dashboard,
    run_each,
    transaction_control,
)
from tests.harness.migrations.files import Migration, Statement
from tests.harness.migrations.statements import adds_column
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

FAILURES = tomllib.loads(Path(__file__).with_name("failures.toml").read_text(encoding="utf-8"))

T = TypeVar("T")


@dataclass(frozen=True)
class MigrationCase:
    """One migration under one setting of the default privileges."""

    databases: DatabaseFactory
    migration: Migration
    default_privileges: str
    # Whether it is asked that it may be run again.
    runs_again: bool = True

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
    def transaction_ends(self) -> list[int]:
        """The numbers of statements after which a transaction has begun or is about to end, or so has the file.

        What a run leaves that stops between two of them is left at the second too, but for what the file takes back.
        """
        controls = [transaction_control(each.text) is not None for each in self.migration.statements]
        last = len(controls) - 1
        return [n for n in range(1, last + 1) if n in {1, last} or controls[n - 1] or controls[n]]

    def share(self, of: Sequence[T]) -> Sequence[T]:
        """Take every other one, of what does not depend on the default privileges: under both together, all of it."""
        return of[DEFAULT_PRIVILEGES.index(self.default_privileges) :: len(DEFAULT_PRIVILEGES)]

    @property
    def _index(self) -> int:
        return self.databases.migrations.index(self.migration)

    def read(self, database: Database, view: View = snapshots.catalog) -> Lines:
        """Look at a database that is lent, as the superuser."""
        return view(self.databases.observer(database))

    def run(self, database: Database, delivery: Delivery = by_dashboard) -> None:
        """Deliver the file; it must succeed."""
        __tracebackhide__ = True
        result = delivery(database, self.migration)
        if result.bookkeeping is not None:
            self.fail("not_recorded", self.migration.statements[-1], error=result.bookkeeping)
        if result.error is not None:
            with closing(database.connect(MIGRATOR)) as connection:
                refused = run_each(connection, self.migration.statements)
            self.fail("fails", refused.statement if refused else None, error=result.error)

    def run_on_rows(self) -> None:
        """Run the file on tables full of rows. Those made here may not fit it; a new column must take any."""
        __tracebackhide__ = True
        with self.before(filled=True) as database, closing(database.connect(MIGRATOR)) as connection:
            begin_as_delivered(connection, self.migration)
            refused = run_each(connection, self.migration.statements)
        if refused is not None and (self.runs_again or adds_column(refused.statement)):
            self.fail("fails_on_rows", refused.statement, error=refused.error)

    def run_work(self, connection: Connection) -> Lines | Refusal:
        """Do the file's work in the superuser's open transaction: the catalog in which it ends, or the refusal."""
        connection.execute(f"SET LOCAL SESSION AUTHORIZATION {MIGRATOR}".encode())
        if (refused := run_each(connection, self.work)) is not None:
            return refused
        connection.execute("RESET SESSION AUTHORIZATION")
        return snapshots.catalog(connection)

    def fail(self, failure: str, statement: Statement | None = None, more: str = "", **values: object) -> NoReturn:
        """Fail at a statement of the file, or at its first, as fail_at does."""
        __tracebackhide__ = True
        fail_at(f"{self.migration.path}:{(statement or self.migration.statements[0]).line}", failure, more, **values)

    def check_same(
        self, expected: Lines, actual: Lines, failure: str, statement: Statement | None = None, **values: object
    ) -> None:
        """Fail with the difference, if there is one."""
        __tracebackhide__ = True
        if expected != actual:
            self.fail(failure, statement, f"\n{snapshots.difference(expected, actual)}", **values)

    def check_clean(self, database: Database, failure: str, at: Statement | None = None, **values: object) -> None:
        """Fail with the difference, if the catalog is not that of one clean run."""
        __tracebackhide__ = True
        self.check_same(self.catalog_after, self.read(database), failure, at, **values)

    def check_nothing_stays(
        self, attempts: Sequence[tuple[Statement, Callable[[Database], object]]], failure: str
    ) -> None:
        """Make attempts of which nothing must stay.

        What one leaves behind is there after the last, so the look at the end is enough; only if something is there,
        all are made again, with a look after each, to name the statement.
        """
        __tracebackhide__ = True
        for closely in (False, True):
            with self.before(filled=self.runs_again) as database:
                before = self.read(database, snapshots.everything)
                for statement, attempt in attempts:
                    attempt(database)
                    if closely:
                        self.check_same(before, self.read(database, snapshots.everything), failure, statement)
                if self.read(database, snapshots.everything) == before:
                    return
        self.fail(failure, more=" It was gone when it was looked for.")

    def changing_statement(self, database: Database, view: View) -> Statement | None:
        """Find the statement that begins the difference which the file leaves behind in `database`."""
        seen: list[frozenset[str]] = []
        with closing(database.connect(MIGRATOR)) as connection:
            seen.append(frozenset(view(connection)))
            begin_as_delivered(connection, self.migration)
            for statement in self.migration.statements:
                connection.execute(statement.text.encode())
                seen.append(frozenset(view(connection)))
        settled = [
            max(after for after in range(1, len(seen)) if (line in seen[after - 1]) != (line in seen[after]))
            for line in seen[0] ^ seen[-1]
        ]
        return self.migration.statements[min(settled) - 1] if settled else None


# Where a file may be run: before it was, or where it was already.
SITUATIONS = {"first": MigrationCase.before, "again": MigrationCase.after}


@cache
def _catalog(databases: DatabaseFactory, default_privileges: str, applied: int) -> Lines:
    with databases.project(default_privileges, applied) as database:
        return snapshots.catalog(databases.observer(database))


def fail_at(at: str, failure: str, more: str = "", **values: object) -> NoReturn:
    """Fail in the words of failures.toml: where, what happened and how it shows, what must happen, how to mend it."""
    __tracebackhide__ = True
    words = FAILURES[failure]
    happened, must, hint = (words[each].format(**values) for each in ("happened", "must", "hint"))
    raise AssertionError(f"{at}: {happened}{more}\n  What must happen: {must}\n  Hint: {hint}")
