"""A row that is being made: what keys decide of it, and values to choose from until no constraint refuses them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from psycopg import sql

from tests.access.support.objects import Relation
from tests.access.support.values import Candidates, is_expression

MOST_TRIES = 120
UNIQUE, EXCLUDED, CHECKED, MISSING = "23505", "23P01", "23514", "23502"
CATEGORIES = {"22003": "N", "22001": "S"}
# The types of which candidates() knows values that PostgreSQL reads.
READ = ("uuid", "json", "jsonb", "bytea")


@dataclass(frozen=True)
class Insertion:
    """What came of an INSERT: where the row stands, or the SQLSTATE and what the refusal is about."""

    place: str | None
    sqlstate: str
    message: str | None
    constraint: str | None
    column: str | None
    datatype: str | None


@dataclass
class Draft:
    """One row of a table: the values that are fixed, candidates for the others, and which of them are chosen.

    `in_policies` are names that a policy looks at.
    """

    table: Relation
    fixed: Mapping[str, str | None]
    free: Mapping[str, Candidates]
    chosen: dict[str, int]
    in_policies: frozenset[str]
    # Of each column, the candidates that a constraint of its own refuses, in this row and in every other.
    unfit: dict[str, set[int]]
    blamed: set[str] = field(default_factory=set)
    _tries: Iterator[Mapping[str, int]] = field(default_factory=lambda: iter(()))

    def values(self) -> dict[str, str | None]:
        """Return the values of its columns, as chosen."""
        return {
            each.name: self.fixed[each.name]
            if each.name in self.fixed
            else self.free[each.name].at(self.chosen[each.name])
            for each in self.table.columns
            if not each.is_generated
        }

    def insertion(self) -> sql.Composed:
        """Write the INSERT, which returns where the row stands."""
        values = self.values()
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        given = sql.SQL(", ").join(map(literal, values.values()))
        statement = "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) RETURNING (tableoid, ctid)::text"
        return sql.SQL(statement).format(sql.SQL(self.table.name), names, given)

    def choose_others(self, refused: Insertion) -> bool:
        """Choose other values for the columns that a refusal is about; say whether there are any."""
        names = _blamed(self.table, refused) & self.free.keys()
        if not names:
            return False
        if refused.sqlstate == CHECKED and len(names) == 1:
            (name,) = names
            self.unfit.setdefault(name, set()).add(self.chosen[name])
        if not names <= self.blamed:
            self.blamed |= names
            # The last varies first; what policies look at is kept longer, and keys longest.
            ordered = sorted(
                self.blamed, key=lambda name: (self.free[name].others != [None], name not in self.in_policies, name)
            )
            start = {name: self.chosen[name] for name in ordered}
            self._tries = islice(_others(start, {name: len(self.free[name]) for name in start}), 1, MOST_TRIES)
        step = next(self._tries, None)
        self.chosen |= step or {}
        return step is not None

    def needed(self) -> dict[str, int]:
        """Return what a constraint asked for, beyond the values that are wanted anyway: the next row begins with it."""
        return {name: self.chosen[name] for name in self.blamed if self.chosen[name] >= len(self.free[name].turning)}


def _others(start: Mapping[str, int], lengths: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield every combination of so many numbers for each name, from the start."""
    names = [*start]
    for steps in product(*(range(lengths[name]) for name in names)):
        yield {name: (start[name] + step) % lengths[name] for name, step in zip(names, steps, strict=True)}


def _blamed(table: Relation, refused: Insertion) -> set[str]:
    """Name the columns that a refusal is about."""
    name = refused.constraint
    if refused.sqlstate == MISSING and refused.column:
        return {refused.column}
    if refused.sqlstate in (UNIQUE, EXCLUDED):
        return {
            each for index, names in table.unique_indexes.items() if index.endswith(str(name)) for each in names
        } or {column for each in table.constraints if each.name == name for column in each.columns}
    if refused.sqlstate == CHECKED and refused.datatype:
        return {each.name for each in table.columns if (each.domain or "").split(".")[-1] == refused.datatype}
    if refused.sqlstate == CHECKED:
        return {column for each in table.constraints if each.name == name for column in each.columns or ()}
    # The message does not say which: numbers that are too large, texts that are too long, or types that are seldom.
    categories = CATEGORIES.get(refused.sqlstate, "UC")
    return {each.name for each in table.columns if each.category in categories and each.base not in READ}


def literal(value: str | None) -> sql.Composable:
    """Write a value in a statement."""
    if value is not None and is_expression(value):
        return sql.SQL(value)
    return sql.Literal(value)
