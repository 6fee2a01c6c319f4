"""One table or view, and one role that asks: which of its rows statements reach, and how that is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from tests.access.support.attempts import Attempt, Measuring, Privileges
from tests.access.support.draft import literal
from tests.access.support.identities import Identity
from tests.access.support.objects import Relation
from tests.access.support.outcomes import NO_ROW, Line, Reached, columns_in_words, relation_of
from tests.access.support.rows import Traits, shown
from tests.access.support.values import MARKS
from tests.access.support.world import FILES, Row
from tests.harness.core.roles import SERVICE_ROLE


@dataclass(frozen=True)
class RelationAccess:
    """One table or view, and the identities of one name in the record that ask."""

    measuring: Measuring
    relation: Relation
    name: str
    group: Sequence[Identity]

    @property
    def is_table(self) -> bool:
        """Whether its rows are its own."""
        return self.relation.kind in ("r", "p")

    @cached_property
    def privileges(self) -> Privileges:
        """What the role may do, before any policy."""
        return self.measuring.privileges(self.group[0].request.role, self.relation.name)

    @cached_property
    def written(self) -> list[str]:
        """The columns that may be given a value."""
        return [each.name for each in self.relation.columns if not each.is_generated and not each.is_always_identity]

    @property
    def table(self) -> sql.SQL:
        """Its name, to be put into a statement."""
        return sql.SQL(self.relation.name)

    def line(self, command: str, reached: Reached, *, any_row: str = "all rows", more: str = "") -> Line:
        """Say what was reached by a command."""
        by_bucket = reached.by("bucket_id") if self.relation.name == FILES else {"": reached}
        found = {bucket: each.words(any_row=any_row) for bucket, each in by_bucket.items() if bucket != "null"}
        every = [f"{bucket} bucket: {words}" if bucket else words for bucket, words in found.items() if words]
        words = next(iter(found.values())) if len({*found.values()}) == 1 else "; ".join(every)
        return Line(self.name, command, words + more if words else NO_ROW, reached.example)

    def columns(self, names: Sequence[str], limited: Mapping[str, Sequence[str]] | None = None) -> str:
        """Write which columns something is about: of service_role, which is to have all, only if some are missing."""
        is_all = {*names} >= {*self.written} and not limited
        return "" if self.group[0].request.role == SERVICE_ROLE and is_all else columns_in_words(names, limited)

    def tried(
        self, identity: Identity, command: str, statements: Sequence[sql.Composable], reached: Reached
    ) -> Iterator[tuple[Attempt, set[str]]]:
        """Try statements on all rows; yield what came of each, and which rows it reached."""
        attempts = self.measuring.attempt(identity, statements, watched=self.relation.name if self.is_table else None)
        for statement, attempt in zip(statements, attempts, strict=True):
            self.measuring.keep(self.relation.name, identity, command, attempt)
            gone: set[str] = set()
            if attempt.is_done and self.is_table:
                gone = {row.place for row in self.made} - {*(attempt.texts or ())}
            elif attempt.is_done:
                reached.add("other", reached=attempt.touched > 0)
            elif attempt.is_refused_by_a_check and self.is_table:
                gone = self._one_by_one(identity, statement)
            yield attempt, gone

    def _one_by_one(self, identity: Identity, statement: sql.Composable) -> set[str]:
        """Reach the rows one by one, by their keys: the check of one has taken all back."""
        key = self.relation.key
        keyed = [row for row in self.made if key and row.values]
        tests = [
            sql.SQL(" AND ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), literal(row.values[name])) for name in key
            )
            for row in keyed
        ]
        tried = self.measuring.attempt(identity, [sql.SQL("{} WHERE {}").format(statement, test) for test in tests])
        return {row.place for row, each in zip(keyed, tried, strict=True) if each.is_done and each.touched}

    @cached_property
    def turning(self) -> Traits:
        """What its policies may turn on."""
        return Traits(self.relation.name, self.privileges.decided, self.measuring.world.known, self.made)

    @property
    def made(self) -> Sequence[Row]:
        """The rows that were put into it."""
        return self.measuring.world.rows.get(self.relation.name, [])

    def count(self, identity: Identity, gone: set[str], reached: Reached) -> None:
        """Count its rows among those that were reached, or not."""
        for row in self.made if self.is_table else ():
            how = self.how(identity, row.place, row.owner)
            reached.add(how, reached=row.place in gone, example=shown(row, [*row.values]), traits=self.turning.of(row))

    def how(self, identity: Identity, place: str, owner: str) -> str:
        """Say how a row is to who asks."""
        if identity.owner is None:
            return "other"
        if identity.owner not in MARKS:
            return "own" if identity.owner == f"{self.relation.name} {place}" else "other"
        return relation_of(identity.owner, owner)
