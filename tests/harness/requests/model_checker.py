"""A table and its model side by side: every operation is done to both, and they must agree."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.outcomes import Done, Outcome, Refused
from tests.harness.core.timestamps import HOUR, Timestamp, resolved
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.requests.statements import BoundStatement, Statements, shown
from tests.harness.server.session import Session

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

A_YEAR = 366 * 24 * HOUR


class Model(Protocol):
    """A table as an executable model: rows by key, and what becomes of each operation at a time.

    A row's attributes are named after the columns that a client may write. An operation returns the row that it made,
    or the refusal that PostgreSQL must give, or None where an update meets no row.
    """

    rows: dict[Any, Any]

    def insert(self, values: Mapping[str, Any], now: Timestamp) -> Any:
        """Add a row."""

    def update(self, key: Any, values: Mapping[str, Any], now: Timestamp) -> Any:
        """Change the row of a key."""

    def upsert(self, values: Mapping[str, Any], now: Timestamp) -> Any:
        """Add a row, or change the one that has its key already."""

    def delete(self, key: Any) -> int:
        """Remove the row of a key; return how many rows went."""


M = TypeVar("M", bound=Model)


class ModelChecker(Generic[M]):
    """A table and its model, in one open transaction, whose clock stands at `now`.

    `given` are the values that the database gave each row's identity columns: they must never change.
    """

    def __init__(self, session: Session, table: TableSpec, model: M, writer: Request = SERVICE_REQUEST) -> None:
        """Begin with the rows that the database holds (none, in a database of the suite); write as `writer`."""
        self.session, self.table, self.model, self.writer = session, table, model, writer
        self.statements = Statements(table)
        self.given: dict[object, tuple[object, ...]] = {}
        session.act_as(writer)
        ((now,),) = session.run("SELECT now()").rows
        assert isinstance(now, Timestamp)
        self.now = now

    def insert(self, values: Mapping[str, Any]) -> Outcome:
        """Insert a row into both."""
        values = resolved(values, self.now)
        return self._write(self.statements.insert(values), lambda: self.model.insert(values, self.now))

    def update(self, key: object, values: Mapping[str, Any]) -> Outcome:
        """Update the row of a key in both."""
        values = resolved(values, self.now)
        return self._write(self.statements.update(values, key), lambda: self.model.update(key, values, self.now))

    def upsert(self, values: Mapping[str, Any]) -> Outcome:
        """Insert a row into both, or update the one that has its key."""
        values = resolved(values, self.now)
        return self._write(self.statements.upsert(values), lambda: self.model.upsert(values, self.now))

    def delete(self, key: object) -> Outcome:
        """Delete the row of a key from both."""
        return self.remove(self.statements.delete(key), self.model.delete(key))

    def remove(self, statement: BoundStatement, expected: int) -> Outcome:
        """Run a statement that removes rows, of which the model has removed `expected`."""
        outcome = self.session.attempt(*statement)
        if not isinstance(outcome, Done) or outcome.count != expected:
            self.disagree(f"{expected} rows removed", outcome, statement)
        self.compare()
        return outcome

    def refuses(self, request: Request, statement: BoundStatement, expected: Refused) -> None:
        """Let a request try a statement that must be refused, and must change nothing."""
        self.session.act_as(request)
        outcome = self.session.attempt(*statement)
        self.session.act_as(self.writer)
        if outcome != expected:
            self.disagree(expected, outcome, statement, request)
        self.compare()

    def reads(self, request: Request, expected: Iterable[Any] | Refused) -> None:
        """Let a request read everything it can, which must be these rows of the model, or be refused so."""
        self.session.act_as(request)
        outcome = self.session.attempt(self.statements.read)
        self.session.act_as(self.writer)
        rows = expected if isinstance(expected, Refused) else self._sorted(map(self._values, expected))
        found = outcome if isinstance(outcome, Refused) else self._sorted(outcome.rows)
        if found != rows:
            self.disagree(rows, found, (self.statements.read, []), request)

    def attempt(self, statement: BoundStatement) -> Outcome:
        """Run a statement that writes a row."""
        return self.session.attempt(*statement)

    def compare(self) -> None:
        """Compare the whole table with the model, and the values that the database gave with those of before."""
        self._compare(self.session.run(self.statements.read_all).rows)

    def adopt(self, row: Any, found: Mapping[str, object], ended: Timestamp, statement: BoundStatement) -> None:
        """Take over what no model can foretell of a row that was changed, such as the clock of a trigger.

        `found` are the row's values in the database, and `ended` is the clock after the statement. Here: nothing.
        """

    def disagree(
        self, expected: object, actual: object, statement: BoundStatement, request: Request | None = None
    ) -> NoReturn:
        """Fail, saying what happened, what must happen, and at which statement."""
        raise AssertionError(
            "PostgreSQL and the contract's model disagree.\n"
            f"  what happened:    {self.shown(actual)}\n"
            f"  what must happen: {self.shown(expected)}\n"
            f"  the statement:    {shown(statement)}\n"
            f"  as role:          {(request or self.writer).role}"
        )

    def shown(self, value: object) -> str:
        """Write a value for a failure message: times by their distance from the transaction's start."""
        if isinstance(value, list):
            return "".join(f"\n    {self._shown_row(row)}" for row in value) or "no row"
        if isinstance(value, Timestamp) and abs(value - self.now) < A_YEAR:
            distance = datetime.timedelta(microseconds=abs(value - self.now))
            return f"now {'-' if value < self.now else '+'} {distance}" if distance else "now"
        return repr(value) if isinstance(value, Timestamp) else str(value)

    def _write(self, statement: BoundStatement, operation: Callable[[], Any]) -> Outcome:
        before = len(self.model.rows)
        outcome = self.attempt(statement)
        found = self.session.run(self.statements.read_all).rows
        expected = operation()
        if isinstance(expected, Refused) or isinstance(outcome, Refused):
            if expected != outcome:
                self.disagree(expected if isinstance(expected, Refused) else "accepted", outcome, statement)
        elif expected is not None and len(self.model.rows) == before:
            # A row was there already, be it under another key.
            self._adopt(expected, found, statement)
        self._compare(found)
        return outcome

    def _adopt(self, row: Any, found: tuple[tuple[Any, ...], ...], statement: BoundStatement) -> None:
        columns = self.table.compared_columns
        for ended, *values in found:
            written = dict(zip(columns, values, strict=False))
            if all(written[name] == getattr(row, name) for name in self.table.key):
                self.adopt(row, written, ended, statement)

    def _compare(self, found: tuple[tuple[object, ...], ...]) -> None:
        width = len(self.table.compared_columns)
        expected = self._sorted(map(self._values, self.model.rows.values()))
        actual = self._sorted(row[1 : width + 1] for row in found)
        if actual != expected:
            self.disagree(expected, actual, (self.statements.read, []))
        keys = [self.table.compared_columns.index(name) + 1 for name in self.table.key]
        given: dict[object, tuple[object, ...]] = {}
        for row in found:
            key = row[keys[0]] if len(keys) == 1 else tuple(row[at] for at in keys)
            given[key] = row[width + 1 :]
            if self.given.get(key, given[key]) != given[key]:
                columns = ", ".join(self.table.given_columns)
                raise AssertionError(f"{columns} of {key!r} was {self.given[key]}, and is now {given[key]}")
        self.given = given

    def _values(self, row: Any) -> tuple[object, ...]:
        return tuple(getattr(row, name) for name in self.table.compared_columns)

    def _sorted(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        keys = [self.table.compared_columns.index(name) for name in self.table.key]
        return sorted(rows, key=lambda row: [str(row[at]) for at in keys])

    def _shown_row(self, row: tuple[object, ...]) -> str:
        pairs = zip(self.table.compared_columns, row, strict=True)
        told = ((name, self.shown(value) if isinstance(value, Timestamp) else repr(value)) for name, value in pairs)
        return ", ".join(f"{name}={value}" for name, value in told if value != "None")

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return f"<model checker of {self.table.name}>"
