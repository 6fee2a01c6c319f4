"""Makes the rows that access is measured on, table by table, as a role that triggers and foreign keys do not hold."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from pathlib import Path

from psycopg import sql
from psycopg.rows import args_row

from tests.access.support.claims import ColumnOfClaim
from tests.access.support.comparisons import Constants
from tests.access.support.draft import UNIQUE, Draft, Insertion
from tests.access.support.objects import Column, Relation
from tests.access.support.ownership import Ownership
from tests.access.support.values import Candidates, candidates
from tests.access.support.world import FILES, Row, World, email, user_id
from tests.harness.server.connection import Connection

UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_ROWS = 6
# Of files: a path begins with the id of what it belongs to, and which that is only the policies know.
MOST_FOLDERS, MOST_FILES = 8, 24
DONE = "00000"
# Many texts as a parameter: JSON is written faster than an array.
TEXTS = "ARRAY(SELECT pg_catalog.json_array_elements_text(%s))"


@dataclass(frozen=True)
class WorldBuilder:
    """Puts rows into the tables of a database, as a role that triggers and foreign keys do not hold.

    It is no superuser: a CHECK or an index may call a function of the project's.
    """

    connection: Connection
    relations: Mapping[str, Relation]
    known: Constants
    tenants: Sequence[ColumnOfClaim]
    # The folder of the files that put rows into a table where none could be made, each named after its table.
    files: Path
    world: World = field(default_factory=World)
    # Of each table, candidates that a constraint asked for, by column: the next row begins with them.
    learned: dict[str, dict[str, int]] = field(default_factory=dict)
    # And those that none of its rows may have.
    unfit: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    @cached_property
    def _owned(self) -> Ownership:
        return Ownership(self.relations, self.known, self.tenants, self.world)

    def build(self) -> World:
        """Fill every table, those that others refer to first."""
        for table in self._in_order():
            there = self._places(table)
            self.world.rows[table.name] = [Row("nobody", {}, place) for place in there]
            for owner in self._owned.owners(table):
                self._fill(table, owner)
            if not self.world.rows[table.name] and (file := self.files / f"{table.name}.sql").is_file():
                self.connection.execute(file.read_bytes())
                self.world.rows[table.name] = [Row("nobody", {}, place) for place in self._places(table)]
            if self.world.rows[table.name]:
                self.world.empty.pop(table.name, None)
            self.world.spare[table.name] = dict(self._spares(table))
            for each in table.columns:
                labels = ("true", "false") if each.category == "B" else each.labels or ()
                named = [*self.known.values.get(each.name, ()), *self.known.numbers.get(each.name, ())]
                self.world.known[table.name, each.name] = labels or named
        return self.world

    def _in_order(self) -> Iterator[Relation]:
        left = {name: each for name, each in self.relations.items() if each.is_filled}
        while left:
            free = [
                each
                for name, each in left.items()
                if not {key.parent for key in each.foreign_keys if key.parent != name} & left.keys()
            ]
            # Paths of files begin with what all the others are.
            for each in [one for one in free if one.name != FILES] or free or [*left.values()][:1]:
                del left[each.name]
                yield each

    def _places(self, table: Relation) -> list[str]:
        query = sql.SQL("SELECT (tableoid, ctid)::text FROM {} LIMIT 50").format(sql.SQL(table.name))
        return [str(place) for (place,) in self.connection.execute(query)]

    def _fill(self, table: Relation, owner: str) -> None:
        rotations = self._rotations(table, owner)
        if owner == "shared":
            # A membership of all that is A's; what gives the fewest rights is mostly named last.
            linked = [len(self.world.of(key.parent or "", "A")) for key in self._owned.links(table)]
            rotations = [rotations[-1]] * max(linked, default=1)
        if self._owned.names_a_tenant(table, once=True):
            rotations = rotations[:1]
        self.world.rows[table.name] += self._made(table, owner, owner, [*enumerate(rotations)], is_kept=True)

    def _spares(self, table: Relation) -> Iterator[tuple[str, list[Row]]]:
        """Yield rows that are not there, by whose they are; `A in B's` names A, and refers to rows of B's."""
        pairs = {owner: (owner, owner) for owner in self._owned.owners(table) if owner != "shared"}
        if self._owned.may_be_shared(table):
            pairs |= {"A in B's": ("A", "B"), "B in A's": ("B", "A")}
        for name, (owner, link) in pairs.items():
            rotations = self._rotations(table, owner)
            linked = [len(self.world.of(key.parent or "", link)) for key in self._owned.links(table)]
            number = max([len(rotations), *(each for each in linked if each <= MOST_ROWS)])
            plans = [(100 + each, rotations[each % len(rotations)]) for each in range(number)]
            yield name, self._made(table, owner, link, plans, is_kept=False)

    def _candidates(self, table: Relation, column: Column, owner: str, number: int) -> Candidates:
        found = candidates(column, table.name, owner, number, self.known)
        if "mail" in column.name and column.base in ("text", "varchar", "citext"):
            return Candidates([email(owner)], [*found.turning, *found.others])
        if table.name == FILES and column.name == "name":
            parents = {key.parent for each in self.relations.values() for key in each.foreign_keys}
            keys = [each for name in sorted(filter(None, parents)) for each in self._keys(name, owner)]
            folders = [user_id(owner), *dict.fromkeys(keys)]
            return Candidates([f"{folder}/{found.others[0]}.txt" for folder in folders[:MOST_FOLDERS]])
        return found

    def _keys(self, name: str, owner: str) -> list[str]:
        relation = self.relations[name]
        if (
            len(relation.key) != 1
            or name.startswith(("auth.", "storage."))
            or self._owned.users_column(relation, relation.key[0])
        ):
            return []
        # A policy may take a path for a UUID, and nobody can put another file there.
        keys = [str(row.values[relation.key[0]]) for row in self.world.of(name, owner)[:1] if row.values]
        return [each for each in keys if UUID.fullmatch(each)]

    def _rotations(self, table: Relation, owner: str) -> list[dict[str, int]]:
        """Choose for so many rows what each column begins with, so that every pair of values is met soon."""
        fixed = self._owned.fixed(table, owner, owner, 0)
        lengths = {
            each.name: len(self._candidates(table, each, owner, 0).turning)
            for each in table.columns
            if each.name not in fixed
            and each.name in ({"bucket_id", "name"} if table.name == FILES else self.known.named)
        }
        turning = {name: length for name, length in lengths.items() if length > 1}
        if table.name == FILES:
            # Each folder of each bucket.
            steps = product(*(range(length) for length in turning.values()))
            return [dict(zip(turning, each, strict=True)) for each in islice(steps, MOST_FILES)]
        longest = max(turning.values(), default=1)
        number = min(MOST_ROWS, longest * max(1, min(3, len(turning))))
        if self._owned.may_be_shared(table):
            # A membership of each.
            linked = [len(self.world.of(key.parent or "", owner)) for key in self._owned.links(table)]
            number = max([number, *(each for each in linked if each <= MOST_ROWS)])
        return [
            {name: (k + j * (k // longest)) % length for j, (name, length) in enumerate(turning.items())}
            for k in range(number)
        ]

    def _made(
        self, table: Relation, owner: str, link: str, plans: Sequence[tuple[int, Mapping[str, int]]], *, is_kept: bool
    ) -> list[Row]:
        """Make rows, each with a number and what its columns begin with; those that are not kept are taken back.

        The first is made by itself: what it had to try, the others begin with.
        """
        found = []
        for some in (plans[:1], plans[1:]):
            drafts = [self._draft(table, owner, link, number, rotation) for number, rotation in some]
            for draft, result in zip(drafts, self.inserted(drafts, is_kept=is_kept), strict=True):
                while result.sqlstate != DONE and draft.choose_others(result):
                    (result,) = self.inserted([draft], is_kept=is_kept)
                # A row whose place is taken is right otherwise.
                if result.sqlstate == DONE or (result.sqlstate == UNIQUE and not is_kept):
                    self.learned.setdefault(table.name, {}).update(draft.needed())
                    found.append(Row(owner, draft.values(), str(result.place)))
                else:
                    self.world.empty[table.name] = str(result.message)
        return found

    def _draft(self, table: Relation, owner: str, link: str, number: int, rotation: Mapping[str, int]) -> Draft:
        fixed = self._owned.fixed(table, owner, link, number)
        free = {
            # What may be null is, where a constraint will have it so.
            each.name: Candidates([fixed.pop(each.name)], [None])
            if each.name in fixed and not each.not_null
            else self._candidates(table, each, owner, number)
            for each in table.columns
            if not each.is_generated and (each.name not in fixed or not each.not_null)
        }
        chosen = {**dict.fromkeys(free, 0), **rotation, **self.learned.get(table.name, {})}
        unfit = self.unfit.setdefault(table.name, {})
        fit = {
            name: _fit(step, unfit.get(name, set()), len(free[name])) for name, step in chosen.items() if name in free
        }
        return Draft(table, fixed, free, fit, self.known.in_policies, unfit)

    def inserted(self, drafts: Sequence[Draft], *, is_kept: bool) -> list[Insertion]:
        """Try to insert rows, and take back those that are not kept."""
        texts = [each.insertion().as_string(self.connection) for each in drafts]
        cursor = self.connection.cursor(row_factory=args_row(Insertion))
        query = f"SELECT * FROM access_attempts.insertion({TEXTS}, %s)"
        return cursor.execute(query.encode(), (json.dumps(texts), is_kept)).fetchall() if texts else []


def _fit(step: int, unfit: Collection[int], number: int) -> int:
    """Return the first of so many steps, from this one on and round again, that is not unfit."""
    return next((each % number for each in range(step, step + number) if each % number not in unfit), step)
