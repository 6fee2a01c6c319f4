"""The statements of an example that any implementation must send: the floor that the gate is measured by.

These are: each write; where it must be refused, a savepoint before it and the way back; after a write, one read of the
table, by which its outcome is judged; the read of another role; the settings that make a request another role's; and
the one statement that takes the example back. Not twice what nothing has changed between: a read, or a role. Rows that
are there before the example begins are written, and not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from tests.contract.calculator2_sessions.model import CLEAN_UP, MODEL, statements
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import Timestamp, resolved
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.requests.statements import BoundStatement

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """A statement as it is sent, and whether PostgreSQL must refuse it."""

    query: bytes
    parameters: list[object]
    is_refused: bool = False


class Needed:
    """Stands for a table and its model, and keeps the statements that an example needs; `steps` counts what is done."""

    def __init__(self, now: Timestamp, *rows: Values) -> None:
        """Begin with an empty table, as the back end, and with these rows."""
        self.model, self.now, self.steps = MODEL.emptied(), now, 0
        self.statements: list[Statement] = []
        self._role = SERVICE_REQUEST
        self._read_by: Request | None = None
        for row in rows:
            values = resolved(row, now)
            self._add(statements.insert(values), self.model.insert(values, now))

    def insert(self, values: Values) -> None:
        """Insert a row."""
        values = resolved(values, self.now)
        self._write(statements.insert(values), self.model.insert(values, self.now))

    def upsert(self, values: Values) -> None:
        """Insert a row, or update the one that has its key."""
        values = resolved(values, self.now)
        self._write(statements.upsert(values), self.model.upsert(values, self.now))

    def update(self, key: object, values: Values) -> None:
        """Update the row of a key."""
        values = resolved(values, self.now)
        self._write(statements.update(values, key), self.model.update(key, values, self.now))

    def delete(self, key: object) -> None:
        """Delete the row of a key."""
        self._write(statements.delete(key), self.model.delete(key))

    def clean_up(self) -> None:
        """Remove the expired unpaid sessions."""
        self._write((CLEAN_UP, []), self.model.clean_up(self.now))

    def refuses(self, request: Request, statement: BoundStatement, expected: Refused) -> None:
        """Let a request try what must be refused."""
        self._write(statement, expected, request)

    def sees(self, request: Request, token: object) -> None:
        """Let a request read what it can."""
        self.steps = self.steps or 1
        self._read(request, self.model.seen_by(request.role, token, self.now))

    def _write(self, statement: BoundStatement, expected: object, request: Request = SERVICE_REQUEST) -> None:
        self.steps += 1
        self._act_as(request)
        self._add(statement, expected)
        self._read(SERVICE_REQUEST, None)

    def _read(self, request: Request, expected: object) -> None:
        if self._read_by != request:
            self._act_as(request)
            self._add((statements.read, []), expected)
            self._read_by = request

    def _act_as(self, request: Request) -> None:
        if request != self._role:
            settings = request.settings()
            calls = sql.SQL(", ").join([sql.SQL("pg_catalog.set_config(%s, %s, true)")] * len(settings))
            words: list[object] = [word for setting in settings for word in setting]
            self._add((sql.SQL("SELECT {}").format(calls), words), None)
            self._role = request

    def _add(self, statement: BoundStatement, expected: object) -> None:
        query, parameters = statement
        self.statements.append(Statement(query.as_string(None).encode(), parameters, isinstance(expected, Refused)))
        self._read_by = None
