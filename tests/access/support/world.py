"""Rows of several owners in every table: what access is measured on.

A row belongs to user A, to user B, to a user who is a member of what is A's (`member`), or to nobody who asks. A row
that is `shared` is the member's in what is A's: it names the member, and its foreign keys refer to rows of A's.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.access.support.values import MARKS

USERS, FILES = "auth.users", "storage.objects"

Values = Mapping[str, str | None]


def user_id(owner: str) -> str:
    """Return the id of the user who owns a row."""
    return str(uuid.UUID(f"{MARKS['member' if owner == 'shared' else owner]}-0000-4000-8000-000000000000"))


def email(owner: str) -> str:
    """Return the address of the user who owns a row."""
    return f"{MARKS['member' if owner == 'shared' else owner]}@example.org"


@dataclass(frozen=True)
class Row:
    """A row: whose it is, its values by column, and where it stands: tableoid and ctid."""

    owner: str
    values: Values
    place: str = ""


@dataclass
class World:
    """The rows of each table by its name; those that could be inserted besides; and why a table has none."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    spare: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    empty: dict[str, str] = field(default_factory=dict)
    # Of a table and a column, the values that stand for themselves: labels, and what it is compared with.
    known: dict[tuple[str, str], Sequence[str]] = field(default_factory=dict)

    def of(self, table: str, owner: str) -> list[Row]:
        """List the owner's rows of a table."""
        return [each for each in self.rows.get(table, ()) if each.owner == owner]
