"""public.calculator2_sessions as an executable model, which tests compare with the table.

What follows from `table.py`, the harness works out; here is what this table's trigger, clean-up and policies do.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from psycopg import sql

from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.outcomes import Outcome, Refused
from tests.harness.core.roles import BROWSER_ROLES, SERVICE_ROLE
from tests.harness.core.timestamps import HOUR, Timestamp
from tests.harness.requests.model import TableModel, Values
from tests.harness.requests.model_checker import TableChecker
from tests.harness.requests.request import Request
from tests.harness.requests.statements import BoundStatement, Statements
from tests.harness.server.session import Session

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

LIFETIME = 48 * HOUR
TOKEN_LENGTH = 32
TOKEN_HEADER = "x-session-token"

statements = Statements(TABLE)
CLEAN_UP = sql.SQL("DELETE FROM {} WHERE expires_at <= now() AND payment_status <> 'completed'").format(statements.name)


def with_token(token: object, *, role: str = "anon", **more: object) -> Request:
    """Return the request of a browser that sends `token` in the header, and perhaps other headers."""
    return Request(role, {TOKEN_HEADER: token, **more})


class SessionModel(TableModel):
    """All the sessions, by token, and what becomes of them."""

    def made(self, values: Values, base: Values, command: str, now: Timestamp) -> dict[str, Any] | Refused:
        """Let the trigger set an UPDATE's time: what the client sends does not count, nor does the clock go back."""
        if command == "UPDATE":
            times = (now, base["last_active_at"], {**base, **values}["created_at"])
            values = {**values, "last_active_at": max(time for time in times if time is not None)}
        return super().made(values, base, command, now)

    def clean_up(self, now: Timestamp) -> int:
        """Remove every expired session that is not paid for; return how many."""
        before = len(self.rows)
        self.rows = {
            token: row for token, row in self.rows.items() if row.expires_at > now or row.payment_status == "completed"
        }
        return before - len(self.rows)

    def seen_by(self, role: str, token: object, now: Timestamp) -> list[SimpleNamespace] | Refused:
        """List what a request may read: everything, its own unexpired row, or not the table at all."""
        if role == SERVICE_ROLE:
            return list(self.rows.values())
        if role not in BROWSER_ROLES:
            return Refused("42501")
        return [row for row in self.rows.values() if row.session_token == token and row.expires_at > now]


MODEL = SessionModel(TABLE)


class SessionChecker(TableChecker):
    """The table and its model, in one open transaction, whose clock stands at `now`."""

    model: SessionModel

    def __init__(self, session: Session, *rows: Values) -> None:
        """Begin with an empty model, and insert these rows."""
        super().__init__(session, MODEL)
        for row in rows:
            self.insert(row)

    def clean_up(self) -> Outcome:
        """Remove the expired unpaid sessions from both."""
        return self.remove((CLEAN_UP, []), self.model.clean_up(self.now))

    def sees(self, request: Request, token: object) -> None:
        """Let a request, which holds that token, read everything it can: what the model says it may."""
        self.reads(request, self.model.seen_by(request.role, token, self.now))

    def adopt(self, row: Any, found: Mapping[str, Any], ended: Timestamp, statement: BoundStatement) -> None:
        """An update's time is any from the transaction's start to the statement's end, or what was later already."""
        actual, latest = found["last_active_at"], max(row.last_active_at, ended)
        if not row.last_active_at <= actual <= latest:
            bounds = f"{self.shown(row.last_active_at)} to {self.shown(latest)}"
            self.disagree(f"last_active_at from {bounds}", f"last_active_at = {self.shown(actual)}", statement)
        row.last_active_at = actual
