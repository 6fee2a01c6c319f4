"""The table as an executable model: the contract, in the form that Hypothesis compares PostgreSQL with.

There is no SQL here. An operation gives back the row that it made, or the refusal that PostgreSQL must give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import BROWSER_ROLES, SERVICE_ROLE
from tests.harness.core.timestamps import HOUR, Timestamp

Values = Mapping[str, object]

LIFETIME = 48 * HOUR
TOKEN_LENGTH = 32
CENT = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 8

IDENTITY_IS_GIVEN = Refused("428C9")
DUPLICATE_TOKEN = Refused("23505", "idx_calculator2_sessions_token")
NOT_ALLOWED = Refused("42501")


@dataclass(frozen=True)
class Row:
    """One session, without the `id` that is the database's to give."""

    session_token: str
    form_state: object
    pricing_tier: str | None
    amount_paid: Decimal | None
    payment_status: str
    report_token: str | None
    created_at: Timestamp
    last_active_at: Timestamp
    expires_at: Timestamp


COLUMNS = tuple(each.name for each in fields(Row))
NOT_NULL = ("session_token", "payment_status", "created_at", "last_active_at", "expires_at")


def make(values: Values, now: Timestamp) -> Row | Refused:
    """Return the row that an INSERT of `values` makes: what is left out takes its default."""
    defaults: dict[str, object] = dict.fromkeys(COLUMNS)
    defaults |= {"payment_status": "pending", "created_at": now, "last_active_at": now}
    return _checked({**defaults, "expires_at": now.plus(LIFETIME), **values})


def change(row: Row, values: Values, now: Timestamp) -> Row | Refused:
    """Return the row that an UPDATE makes: the client's `last_active_at` does not count, nor does the clock go back."""
    changed = {**{name: getattr(row, name) for name in COLUMNS}, **values}
    moments = (now, row.last_active_at, changed["created_at"])
    return _checked({**changed, "last_active_at": max(each for each in moments if isinstance(each, Timestamp))})


def _checked(values: Values) -> Row | Refused:
    """Judge in PostgreSQL's order: what a type cannot hold, then NOT NULL by column, then CHECK by name."""
    if "id" in values:
        return IDENTITY_IS_GIVEN
    amount = values["amount_paid"]
    if isinstance(amount, Decimal):
        # PostgreSQL rounds half away from zero.
        amount = amount.quantize(CENT, ROUND_HALF_UP)
        if abs(amount) >= TOO_MUCH:
            return Refused("22003")
    for name in NOT_NULL:
        if values[name] is None:
            return Refused("23502", name)
    checked: dict[str, Any] = {**values, "amount_paid": amount}
    row = Row(**checked)
    if not row.expires_at > row.created_at:
        return Refused("23514", "expiry_after_creation")
    if not row.last_active_at >= row.created_at:
        return Refused("23514", "last_active_after_creation")
    if len(row.session_token) != TOKEN_LENGTH:
        return Refused("23514", "session_token_length")
    return row


@dataclass
class Table:
    """All the sessions, by token, and what the back end may do to them."""

    rows: dict[str, Row] = field(default_factory=dict)

    def insert(self, values: Values, now: Timestamp) -> Row | Refused:
        """Add a row, or say why not."""
        made = make(values, now)
        if isinstance(made, Row):
            if made.session_token in self.rows:
                return DUPLICATE_TOKEN
            self.rows[made.session_token] = made
        return made

    def update(self, token: str, values: Values, now: Timestamp) -> Row | Refused | None:
        """Change the row of a token, or say why not; None if there is no such row."""
        if token not in self.rows:
            return IDENTITY_IS_GIVEN if "id" in values else None
        changed = change(self.rows[token], values, now)
        if isinstance(changed, Row):
            if changed.session_token != token and changed.session_token in self.rows:
                return DUPLICATE_TOKEN
            del self.rows[token]
            self.rows[changed.session_token] = changed
        return changed

    def upsert(self, values: Values, now: Timestamp) -> Row | Refused | None:
        """Add a row, or change the one that has its token already; the new row is judged in either case."""
        made = make(values, now)
        if isinstance(made, Row) and made.session_token in self.rows:
            given = {name: getattr(made, name) for name in values}
            return self.update(made.session_token, given, now)
        return self.insert(values, now)

    def delete(self, token: str) -> int:
        """Remove the row of a token; return how many rows went."""
        return 0 if self.rows.pop(token, None) is None else 1

    def clean_up(self, now: Timestamp) -> int:
        """Remove every expired session that is not paid for; return how many."""
        gone = [row for row in self.rows.values() if row.expires_at <= now and row.payment_status != "completed"]
        for row in gone:
            del self.rows[row.session_token]
        return len(gone)

    def seen_by(self, role: str, token: object, now: Timestamp) -> list[Row] | Refused:
        """List what a request may read: everything, its own unexpired row, or not the table at all."""
        if role == SERVICE_ROLE:
            return list(self.rows.values())
        if role not in BROWSER_ROLES:
            return NOT_ALLOWED
        return [row for row in self.rows.values() if row.session_token == token and row.expires_at > now]

    def observed(self, row: Row, last_active_at: Timestamp) -> None:
        """Take over the clock's reading of an update, which no model can foretell."""
        self.rows[row.session_token] = replace(row, last_active_at=last_active_at)
