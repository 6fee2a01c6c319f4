"""What a row is to who asks, what is shown of it, and what a policy may see in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.access.support.identities import Identity
from tests.access.support.outcomes import relation_of
from tests.access.support.values import MARKS, trait
from tests.access.support.world import Row

# The columns of a row that are shown.
MOST_SHOWN = 4


@dataclass(frozen=True)
class Traits:
    """What the policies of a table may turn on: columns that they name, and values that stand for themselves."""

    table: str
    decided: Sequence[str]
    known: Mapping[tuple[str, str], Sequence[str]]
    rows: Sequence[Row]

    def values(self, column: str) -> list[str | None]:
        """List the values of a column on which a policy may turn."""
        if column not in self.decided:
            return []
        return [*dict.fromkeys(row.values[column] for row in self.rows if self._turns(row, column))]

    def _turns(self, row: Row, column: str) -> bool:
        return column in row.values and self._trait(column, row.values[column]) not in ("another", "null")

    def limited(self, column: str, given: set[str | None]) -> list[str]:
        """Name the values to which a column can be set, if it may not be set to each on which a policy turns."""
        turning = self.values(column)
        if {*turning} <= given:
            return []
        return [*dict.fromkeys(self._trait(column, value) for value in [*turning, *given] if value in given)]

    def _trait(self, column: str, value: str | None) -> str:
        known = self.known.get((self.table, column), ())
        return trait(value, known)

    def of(self, row: Row) -> dict[str, str]:
        """Say of each column on which a policy turns what it may see in a row."""
        decided = [name for name in self.decided if name in row.values]
        return {name: self._trait(name, row.values[name]) for name in decided}


def asks_as(identity: Identity) -> str:
    """Say whose rows are taken for those of who asks."""
    return identity.owner if identity.owner in MARKS else "A"


def how_of_spare(identity: Identity, whose: str) -> str | None:
    """Say how a row that is not there yet is to who asks; None where another identity asks the same."""
    if identity.owner is None or identity.owner not in MARKS:
        return "other" if whose in ("A", "nobody") else None
    links = {("A", "A in B's"): "own in another's", ("A", "B in A's"): "another's in own"}
    if whose in ("A", "B", "nobody"):
        return relation_of(identity.owner, whose)
    return "own" if whose == identity.owner else links.get((identity.owner, whose))


def owner_of(text: str) -> str:
    """Say whose a row of a view is, by the marks in it."""
    counts = {owner: text.count(mark) for owner, mark in MARKS.items()}
    return max(counts, key=lambda owner: counts[owner]) if any(counts.values()) else "nobody"


def shown(row: Row, columns: Sequence[str]) -> str:
    """Write a row for a person: what its columns hold, the first of them."""
    given = [f"{name} = {row.values[name]}" for name in columns if row.values.get(name) is not None]
    return ", ".join(given[:MOST_SHOWN])
