"""The table and its model side by side, with what only this table has: its clean-up, its trigger's clock, its token."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql

from tests.contract.calculator2_sessions.model import Row, Table
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.outcomes import Outcome
from tests.harness.core.timestamps import Timestamp
from tests.harness.requests.model_checker import ModelChecker
from tests.harness.requests.request import Request
from tests.harness.requests.statements import BoundStatement, Statements
from tests.harness.server.session import Session

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

statements = Statements(TABLE)
CLEAN_UP = sql.SQL("DELETE FROM {} WHERE expires_at <= now() AND payment_status <> 'completed'").format(statements.name)


class SessionChecker(ModelChecker[Table]):
    """The table and its model, in one open transaction, whose clock stands at `now`."""

    def __init__(self, session: Session) -> None:
        """Begin with an empty model."""
        super().__init__(session, TABLE, Table())

    def clean_up(self) -> Outcome:
        """Remove the expired unpaid sessions from both."""
        return self.remove((CLEAN_UP, []), self.model.clean_up(self.now))

    def sees(self, request: Request, token: object) -> None:
        """Let a request, which holds that token, read everything it can: what the model says it may."""
        self.reads(request, self.model.seen_by(request.role, token, self.now))

    def adopt(self, row: Row, found: Mapping[str, object], ended: Timestamp, statement: BoundStatement) -> None:
        """An update's time is any from the transaction's start to the statement's end, or what was later already."""
        actual, latest = found["last_active_at"], max(row.last_active_at, ended)
        assert isinstance(actual, Timestamp)
        if not row.last_active_at <= actual <= latest:
            bounds = f"{self.shown(row.last_active_at)} to {self.shown(latest)}"
            self.disagree(f"last_active_at from {bounds}", f"last_active_at = {self.shown(actual)}", statement)
        self.model.observed(row, actual)
