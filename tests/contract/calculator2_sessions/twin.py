"""The table and its model side by side: every operation is done to both, and they must agree."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from tests.contract.calculator2_sessions import statements
from tests.contract.calculator2_sessions.model import COLUMNS, Row, Table
from tests.contract.calculator2_sessions.strategies import resolved
from tests.harness.core.outcomes import Done, Outcome, Refused
from tests.harness.core.timestamps import HOUR, Timestamp
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.server.session import Session

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

# Behind the token, which is the first of the columns.
ACTIVE = COLUMNS.index("last_active_at") - 1
A_YEAR = 366 * 24 * HOUR


class Twin:
    """Both tables, in one open transaction, whose clock stands at `now`."""

    def __init__(self, session: Session) -> None:
        """Begin with the rows that the database holds (none, in a database of the suite)."""
        self.session = session
        self.model = Table()
        self.ids: dict[object, object] = {}
        session.act_as(SERVICE_REQUEST)
        self.now = _moment(session.run("SELECT now()"))

    def insert(self, values: Mapping[str, Any]) -> Outcome:
        """Insert a row into both."""
        values = resolved(values, self.now)
        return self._write(statements.insert(values), lambda now: self.model.insert(values, now))

    def update(self, token: str, values: Mapping[str, Any]) -> Outcome:
        """Update the row of a token in both."""
        values = resolved(values, self.now)
        return self._write(statements.update(values, token), lambda now: self.model.update(token, values, now))

    def upsert(self, values: Mapping[str, Any]) -> Outcome:
        """Insert a row into both, or update the one that has its token."""
        values = resolved(values, self.now)
        return self._write(statements.upsert(values), lambda now: self.model.upsert(values, now))

    def delete(self, token: str) -> Outcome:
        """Delete the row of a token from both."""
        return self._remove(statements.delete(token), self.model.delete(token))

    def clean_up(self) -> Outcome:
        """Clean both up."""
        return self._remove((statements.CLEAN_UP, []), self.model.clean_up(self.now))

    def refuses(self, request: Request, statement: statements.Statement, expected: Refused) -> None:
        """Let a request try a statement that must be refused, and must change nothing."""
        self.session.act_as(request)
        outcome = self.session.attempt(*statement)
        self.session.act_as(SERVICE_REQUEST)
        if outcome != expected:
            self._disagree(expected, outcome, statement, as_role=request.role)
        self.compare()

    def sees(self, request: Request, token: object) -> None:
        """Let a request read everything it can, and compare that with what the model says it may."""
        expected = self.model.seen_by(request.role, token, self.now)
        self.session.act_as(request)
        outcome = self.session.attempt(statements.READ)
        self.session.act_as(SERVICE_REQUEST)
        rows = expected if isinstance(expected, Refused) else _sorted(map(_values, expected))
        found = outcome if isinstance(outcome, Refused) else _sorted(outcome.rows)
        if found != rows:
            self._disagree(rows, found, (statements.READ, []), as_role=request.role)

    def compare(self) -> None:
        """Hold the whole table against the model, and every row's `id` against the one it was given."""
        self._compare(self.session.run(statements.READ_ALL).rows)

    def _compare(self, found: tuple[tuple[object, ...], ...]) -> None:
        expected = _sorted(map(_values, self.model.rows.values()))
        actual = _sorted(row[2:] for row in found)
        if actual != expected:
            self._disagree(expected, actual, (statements.READ, []))
        ids = {row[2]: row[1] for row in found}
        for token in self.ids.keys() & ids.keys():
            assert ids[token] == self.ids[token], f"the id of {token!r} was {self.ids[token]} and is now {ids[token]}"
        self.ids = ids

    def _write(self, statement: statements.Statement, model: Callable[[Timestamp], Row | Refused | None]) -> Outcome:
        before = dict(self.model.rows)
        outcome = self.session.attempt(*statement)
        found = self.session.run(statements.READ_ALL).rows
        expected = model(self.now)
        if isinstance(expected, Refused) or isinstance(outcome, Refused):
            if expected != outcome:
                self._disagree(expected if isinstance(expected, Refused) else "accepted", outcome, statement)
        elif isinstance(expected, Row) and len(self.model.rows) == len(before):
            # A row was there already, be it under another token.
            self._adopt(expected, found, statement)
        self._compare(found)
        return outcome

    def _adopt(self, row: Row, found: tuple[tuple[object, ...], ...], statement: statements.Statement) -> None:
        """An update's time is any from the transaction's start to the statement's end, or what was later already."""
        for ended, _, token, *columns in found:
            actual = columns[ACTIVE]
            if token != row.session_token or not isinstance(actual, Timestamp) or not isinstance(ended, Timestamp):
                continue
            latest = max(row.last_active_at, ended)
            if not row.last_active_at <= actual <= latest:
                bounds = f"{self._told(row.last_active_at)} to {self._told(latest)}"
                self._disagree(f"last_active_at from {bounds}", f"last_active_at = {self._told(actual)}", statement)
            self.model.observed(row, actual)

    def _remove(self, statement: statements.Statement, expected: int) -> Outcome:
        outcome = self.session.attempt(*statement)
        if not isinstance(outcome, Done) or outcome.count != expected:
            self._disagree(f"{expected} rows removed", outcome, statement)
        self.compare()
        return outcome

    def _disagree(
        self, expected: object, actual: object, statement: statements.Statement, as_role: str = SERVICE_REQUEST.role
    ) -> NoReturn:
        """Fail, saying what happened, what must happen, and at which statement."""
        raise AssertionError(
            "PostgreSQL and the contract's model disagree.\n"
            f"  what happened:    {self._told(actual)}\n"
            f"  what must happen: {self._told(expected)}\n"
            f"  the statement:    {statements.shown(statement)}\n"
            f"  as role:          {as_role}"
        )

    def _told(self, value: object) -> str:
        """Write a value for a failure message: times by their distance from the transaction's start."""
        if isinstance(value, list):
            return "".join(f"\n    {self._row(row)}" for row in value) or "no row"
        if isinstance(value, Timestamp) and abs(value - self.now) < A_YEAR:
            distance = datetime.timedelta(microseconds=abs(value - self.now))
            return f"now {'-' if value < self.now else '+'} {distance}" if distance else "now"
        return repr(value) if isinstance(value, Timestamp) else str(value)

    def _row(self, row: tuple[object, ...]) -> str:
        pairs = zip(COLUMNS, row, strict=True)
        told = ((name, self._told(value) if isinstance(value, Timestamp) else repr(value)) for name, value in pairs)
        return ", ".join(f"{name}={value}" for name, value in told if value != "None")

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return "<twin>"


def _moment(answer: Done) -> Timestamp:
    moment = answer.rows[0][0]
    assert isinstance(moment, Timestamp)
    return moment


def _values(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in COLUMNS)


def _sorted(rows: Any) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: str(row[0]))
