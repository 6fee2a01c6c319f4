"""What came of the attempts of one role on one object, in the words of the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.harness.core.roles import AUTHENTICATED

# How a row is to who asks: what is his own, or of what he is a member, another's, and nobody's.
RELATIONS = {
    "own": "own rows",
    "tenant": "rows of its tenants",
    "own in another's": "own rows in what is another's",
    "another's in own": "another's rows in what is its own",
    "other": "another's rows",
    "nobody": "nobody's rows",
}
# In what follows from them.
MAIN = ("own", "tenant", "other", "nobody")
NO_ROW = "no row"


def relation_of(asks: str | None, owner: str) -> str:
    """Say how a row of that owner is to who asks."""
    if asks == owner or (asks, owner) == ("member", "shared"):
        return "own"
    if (asks, owner) in (("member", "A"), ("A", "shared")):
        return "tenant"
    return "nobody" if owner == "nobody" else "other"


@dataclass(frozen=True)
class Tried:
    """A row that the attempts reached or not: how it is to who asked, what is shown of it, and what may decide."""

    relation: str
    is_reached: bool
    example: str
    traits: Mapping[str, str]


@dataclass
class Reached:
    """Which rows the attempts reached, by how a row is to who asked."""

    rows: list[Tried] = field(default_factory=list)

    def add(self, relation: str, *, reached: bool, example: str = "", traits: Mapping[str, str] | None = None) -> None:
        """Count a row; `traits` are the values on which a policy may turn."""
        self.rows.append(Tried(relation, reached, example, traits or {}))

    @property
    def example(self) -> str:
        """A row that was reached, of those that are the least its own."""
        found = {row.relation: row.example for row in reversed(self.rows) if row.is_reached and row.example}
        return found[max(found, key=[*RELATIONS].index)] if found else ""

    def by(self, trait: str) -> dict[str, Reached]:
        """Part the rows by one of their values."""
        found: dict[str, Reached] = {}
        for row in self.rows:
            found.setdefault(row.traits.get(trait, ""), Reached()).rows.append(row)
        return dict(sorted(found.items()))

    def shares(self) -> dict[str, str]:
        """Say for each relation: none, some or all of its rows."""
        found = {name: {row.is_reached for row in self.rows if row.relation == name} for name in RELATIONS}
        shares = {name: "some" if len(each) > 1 else "all" if True in each else "none" for name, each in found.items()}
        return {name: share for name, share in shares.items() if found[name]}

    def words(self, *, any_row: str = "all rows") -> str:
        """Write it as the record does; empty if no row was reached."""
        shares = self.shares()
        if set(shares.values()) <= {"none"}:
            return ""
        if set(shares.values()) == {"all"}:
            return any_row
        some = [name for name, share in shares.items() if share == "some"]
        joint = self._condition(some)
        of_all = {share for name, share in shares.items() if name in MAIN} == {"some"}
        if of_all and (joint or not any(self._condition([name]) for name in some)):
            return f"{any_row}{joint}" if joint else "some rows"
        if joint and "all" not in shares.values():
            return ", ".join(RELATIONS[name] for name in some) + joint
        parts = RELATIONS | {name: self._part(name, joint) for name in some}
        return ", ".join(parts[name] for name, share in shares.items() if share != "none")

    def _part(self, relation: str, joint: str) -> str:
        condition = joint or self._condition([relation])
        return f"{RELATIONS[relation]}{condition}" if condition else f"some {RELATIONS[relation]}"

    def _condition(self, relations: Sequence[str]) -> str:
        """Say on which values of which column it turns whether such rows are reached, if it turns on that one alone."""
        rows = [row for row in self.rows if row.relation in relations]
        reached = [row for row in rows if row.is_reached]
        names = [name for name in (rows[0].traits if rows else ()) if len({row.traits.get(name) for row in rows}) > 1]
        for name in names:
            found = {row.traits.get(name) for row in reached}
            missed = {row.traits.get(name) for row in rows if not row.is_reached}
            others = [{row.traits.get(each) for row in reached} for each in names if each != name]
            if not found & missed and None not in found | missed and all(len(each) > 1 for each in others):
                return f" where {name} is {' or '.join(sorted(map(str, found)))}"
        return ""


@dataclass(frozen=True)
class Line:
    """A line of the record: what a role can do with an object by a command; `more` is a row that shows it."""

    role: str
    command: str
    words: str
    example: str = field(default="", compare=False)


def understood(role: str, command: str, words: Mapping[tuple[str, str], str]) -> str | None:
    """Return what the record leaves out of who has a claim more, or less: what is done with the usual ones."""
    base = re.match(rf"({AUTHENTICATED}) (?:with .+ = |without )", role)
    return words.get((base[1], command)) if base else None


def differing(lines: Iterable[Line]) -> list[Line]:
    """Leave out what is understood."""
    every = [*lines]
    words = {(each.role, each.command): each.words for each in every}
    return [each for each in every if each.words != understood(each.role, each.command, words)]


@dataclass(frozen=True)
class Fault:
    """An attempt that ended in an error which is no refusal; `context` is where PostgreSQL met it."""

    object: str
    role: str
    command: str
    sqlstate: str
    message: str
    context: str


@dataclass
class Access:
    """What was measured: the lines of each object by its kind and name; errors; and the tables without a row."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # With which words an object, a role and a command were refused.
    refusals: dict[tuple[str, str, str], str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)


def columns_in_words(names: Iterable[str], given: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write which columns something is about, and the values of those that take no other."""
    given = given or {}
    words = [f"{name} = {' or '.join(given[name])}" if name in given else name for name in names]
    return f" ({', '.join(words)})" if words else ""
