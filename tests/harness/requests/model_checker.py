"""A table and its model side by side: every operation is done to both, and they must agree."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from tests.harness.core.outcomes import Done, Outcome, Refused
from tests.harness.core.timestamps import HOUR, Timestamp, resolved
from tests.harness.core.versions import GENERATED_COLUMNS_ARE_REFUSED_AS_IDENTITIES
from tests.harness.requests.model import GIVEN, TableModel
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.requests.statements import BoundStatement, shown
from tests.harness.server.session import Session

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

A_YEAR = 366 * 24 * HOUR
CLOCK = "clock_timestamp()"
WAYS = ("insert", "upsert", "update", "upsert of a row that is there")


class TableChecker:
    """A table and its model, in one open transaction, whose clock stands at `now`.

    `given` are the values that the database gave each row's identity columns: they must never change.
    """

    def __init__(self, session: Session, model: TableModel, writer: Request = SERVICE_REQUEST) -> None:
        """Begin with the rows that the database holds (none, in a database of the suite); write as `writer`."""
        self.session, self.table, self.model, self.writer = session, model.table, model.emptied(), writer
        self.statements = model.statements
        self.given: dict[object, list[object]] = {}
        session.act_as(writer)
        assert isinstance(session.now, Timestamp)
        self.now = session.now

    def bring(self, way: str, values: Mapping[str, Any], there: Mapping[str, Any]) -> Outcome:
        """Bring values into the table in one of WAYS; by the last two they meet the row that is `there`."""
        if way == "insert":
            return self.insert(values)
        if way == "upsert":
            return self.upsert(values)
        self.insert(there)
        (key,) = self.model.rows
        if way == "update":
            return self.update(key, values)
        parts = dict(zip(self.table.key, key if isinstance(key, tuple) else (key,), strict=True))
        kept = {name: part for name, part in parts.items() if not self.model.broken_by({name: values.get(name, part)})}
        return self.upsert({**values, **kept})

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
        """Let a request try a statement that must be refused; what a refusal takes back need not be looked for."""
        self.session.act_as(request)
        outcome = self.session.attempt(*statement)
        self.session.act_as(self.writer)
        if outcome != expected:
            self.disagree(expected, outcome, statement, request)

    def reads(self, request: Request, expected: Iterable[Any] | Refused) -> None:
        """Let a request read everything it can, which must be these rows of the model, or be refused so."""
        self.session.act_as(request)
        outcome = self.session.attempt(self.statements.read)
        self.session.act_as(self.writer)
        columns = self.table.compared_columns
        rows = expected if isinstance(expected, Refused) else self._sorted(map(vars, expected))
        found = (
            outcome
            if isinstance(outcome, Refused)
            else self._sorted(dict(zip(columns, row, strict=True)) for row in outcome.rows)
        )
        if found != rows:
            self.disagree(rows, found, (self.statements.read, []), request)

    def attempt(self, statement: BoundStatement) -> Outcome:
        """Run a statement; tell a refusal as every version does, and a partition's index as that of its table."""
        return self._told(self.session.attempt(*statement))

    def _told(self, outcome: Outcome) -> Outcome:
        if outcome == Refused("42601") and self.session.major < GENERATED_COLUMNS_ARE_REFUSED_AS_IDENTITIES:
            return GIVEN
        for part in self.table.partitions if isinstance(outcome, Refused) else ():
            for index, name in zip(self.table.indexes, part.indexes, strict=False):
                if outcome == Refused("23505", name.rpartition(".")[2]):
                    return Refused("23505", index.name)
        return outcome

    def compare(self) -> None:
        """Compare the whole table with the model, and the values that the database gave with those of before."""
        self._compare(self._rows(self.session.inspect(self.statements.read_all)))

    def adopt(self, row: Any, found: Mapping[str, Any], ended: Timestamp, statement: BoundStatement) -> None:
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
        before, expected = len(self.model.rows), operation()
        if isinstance(expected, Refused):
            outcome, read = self.attempt(statement), None
        else:
            outcome, read = self.session.attempt_and_inspect(*statement, self.statements.read_all)
            outcome = self._told(outcome)
        if read is None:
            if expected != outcome:
                self.disagree(expected if isinstance(expected, Refused) else "accepted", outcome, statement)
            # What was refused is taken back, so that nothing can differ.
            return outcome
        found = self._rows(read)
        if expected is not None and len(self.model.rows) == before:
            # A row was there already, be it under another key.
            for each in found:
                if self.model.key_of(each) == self.model.key_of(vars(expected)):
                    self.adopt(expected, each, each[CLOCK], statement)
        self._compare(found)
        return outcome

    def _rows(self, read: Done) -> list[dict[str, Any]]:
        # A key that the database gives is both compared and given, and read once.
        names = dict.fromkeys((CLOCK, *self.table.compared_columns, *self.table.given_columns))
        return [dict(zip(names, row, strict=True)) for row in read.rows]

    def _compare(self, found: list[dict[str, Any]]) -> None:
        by_key = {self.model.key_of(row): row for row in found}
        self.model.learn(by_key)
        expected, actual = self._sorted(map(vars, self.model.rows.values())), self._sorted(found)
        if actual != expected:
            self.disagree(expected, actual, (self.statements.read, []))
        given = {key: [row[name] for name in self.table.given_columns] for key, row in by_key.items()}
        for key, values in given.items():
            if self.given.get(key, values) != values:
                columns = ", ".join(self.table.given_columns)
                raise AssertionError(f"{columns} of {key!r} was {self.given[key]}, and is now {values}")
        self.given = given

    def _sorted(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        ordered = sorted(rows, key=lambda row: [str(row[name]) for name in self.table.key])
        return [tuple(row[name] for name in self.table.compared_columns) for row in ordered]

    def _shown_row(self, row: tuple[object, ...]) -> str:
        pairs = zip(self.table.compared_columns, row, strict=True)
        told = ((name, self.shown(value) if isinstance(value, Timestamp) else repr(value)) for name, value in pairs)
        return ", ".join(f"{name}={value}" for name, value in told if value != "None")

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return f"<model checker of {self.table.name}>"
