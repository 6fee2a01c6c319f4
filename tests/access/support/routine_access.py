"""What one role can do with one function, procedure or sequence: call it, and what comes back of whose rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from tests.access.support.attempts import Measuring
from tests.access.support.identities import Identity
from tests.access.support.objects import Routine
from tests.access.support.outcomes import MAIN, RELATIONS, Line, relation_of
from tests.access.support.values import MARKS

USES = {"nextval": "SELECT nextval({})", "setval": "SELECT setval({}, 1)"}
# Where nothing belongs to anybody: a plain value of the type.
PLAIN = {"text": "x", "integer": "1", "bigint": "1", "boolean": "true"}
MOST_ARGUMENTS = 4
# A column, a table or a syntax that is an argument's: what it gave has become a part of a statement.
NAMES_NOTHING = ("42703", "42P01", "42601", "3F000")
GIVEN = re.compile(rf"{'|'.join(MARKS.values())}|\"(?:public\.)?{PLAIN['text']}\"")


@dataclass(frozen=True)
class RoutineAccess:
    """One function, procedure or sequence, and the identities of one name in the record that ask."""

    measuring: Measuring
    routine: Routine
    name: str
    group: Sequence[Identity]
    runs_arguments: set[str] = field(default_factory=set)

    def lines(self) -> Iterator[Line]:
        """Yield what they can do with it, a line for each command that is not refused."""
        if self.routine.kind == "sequence":
            for command, use in USES.items():
                statement = sql.SQL(use).format(sql.Literal(self.routine.name))
                if any(each.is_done for each in self.measuring.attempt(self.group[0], [statement])):
                    yield Line(self.name, command, "allowed")
            return
        may = self.measuring.superuser.execute(
            "SELECT has_function_privilege(%s, %s, 'EXECUTE')", (self.group[0].request.role, self.routine.name)
        ).fetchone()
        if may == (True,):
            returned = self._returned() if self.routine.is_called else []
            words = ["as its owner" if self.routine.is_definer else "as its caller"]
            words += ["runs SQL that its arguments are part of"] * bool(self.runs_arguments)
            words += [f"returns {', '.join(returned)}"] if returned else []
            yield Line(self.name, "execute", ", ".join(words))

    def _returned(self) -> list[str]:
        """Call a function with what belongs to each user, and say whose rows come back."""
        seen: set[str] = set()
        for identity in self.group:
            for owner in ("A", "B"):
                for attempt in self.measuring.attempt(identity, [*self._calls(owner)], is_read=True):
                    if attempt.sqlstate in NAMES_NOTHING and GIVEN.search(str(attempt.message)):
                        self.runs_arguments.add(owner)
                        continue
                    self.measuring.keep(self.routine.name, identity, "execute", attempt)
                    texts = " ".join(map(str, attempt.texts or ()))
                    seen |= {relation_of(identity.owner, each) for each in MARKS if MARKS[each] in texts}
        return [RELATIONS[each] for each in MAIN if each in seen]

    def _calls(self, owner: str) -> Iterator[sql.Composed]:
        """Yield calls with arguments by their types: keys of the owner's rows, or plain values."""
        lists = [self._arguments(name, type_, owner) for name, type_ in self.routine.arguments]
        for number in range(max(map(len, lists), default=1)):
            given = [
                sql.SQL("{}::{}").format(sql.Literal(found[number % len(found)]), sql.SQL(type_))
                for found, (_, type_) in zip(lists, self.routine.arguments, strict=True)
            ]
            call = sql.SQL(self.routine.call)
            yield sql.SQL("SELECT ({}({}))::text").format(call, sql.SQL(", ").join(given))

    def _arguments(self, name: str, type_: str, owner: str) -> list[str | None]:
        own = [
            (relation.name, row.values.get(relation.key[0]))
            for relation in self.measuring.relations.values()
            if len(relation.key) == 1 and relation.column(relation.key[0]).type == type_
            for row in self.measuring.world.of(relation.name, owner)[:1]
        ]
        word = name.removeprefix("p_").removeprefix("_").removesuffix("_id").rstrip("s")
        fitting = [value for table, value in own if word and word in table]
        return (fitting or [value for _, value in own])[:MOST_ARGUMENTS] or [PLAIN.get(type_)]
