"""What is observed of a table on a throwaway database: what its contract says at first, to be confirmed by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from typing import Any

from pglast.stream import RawStream
from psycopg import sql

from tests.harness.catalog.objects import Constraint, Index
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, UNGRANTED
from tests.harness.core.timestamps import Offset, Timestamp, resolved
from tests.harness.requests.expressions import NotUnderstood, columns_of, of_check, parse_constraint
from tests.harness.requests.model import ByHand, TableModel
from tests.harness.requests.request import Request
from tests.harness.requests.rows import Group, RowStrategies
from tests.harness.requests.statements import BoundStatement, Statements
from tests.harness.server.session import Session
from tests.scaffold.read_table import CannotRead, read_table

Values = dict[str, Any]

# Texts of the forms that CHECKs ask for most often.
TYPICAL = (
    "ann@example.com", "bob@example.org", "https://example.com/a", "+41446681800", "#00ff7f", "a-slug", "AB12", "de-CH",
    "EUR", "2026-01-31", "12:30", "00000000-0000-0000-0000-000000000001", "3", "x", "two words", "", " ",
)  # fmt: skip
COMMA, DEFAULT, NOW = sql.SQL(", "), sql.SQL("DEFAULT"), sql.SQL("now()")
# As many values that a CHECK accepts are taken down, and as many that it refuses.
EXAMPLES = 6


@dataclass(frozen=True)
class JudgedByHand:
    """A CHECK that the model does not understand, and which values of its columns the table was seen to accept."""

    check: Constraint
    columns: tuple[str, ...]
    accepted: tuple[tuple[Any, ...], ...]

    def keeps(self, row: Any) -> bool:
        """Whether a row has values that were accepted."""
        return tuple(getattr(row, name) for name in self.columns) in self.accepted


class Observation:
    """A table, seen by a superuser on a migrated database, in a transaction that is rolled back.

    `referred` are the statements that made the rows to which foreign keys refer, and `seen` the tables that have them.
    """

    def __init__(
        self, session: Session, table: TableSpec, referred: list[str] | None = None, seen: set[str] | None = None
    ) -> None:
        self.session, self.table, self.statements = session, table, Statements(table)
        self.referred = [] if referred is None else referred
        self.seen = set() if seen is None else seen
        self.seen.add(table.qualified_name)
        ((now,),) = session.run("SELECT now()").rows
        assert isinstance(now, Timestamp)
        self.now = now

    @cached_property
    def references(self) -> dict[str, list[tuple[object, ...]]]:
        """The values that each foreign key may have: of two rows that are made for it."""
        found: dict[str, list[tuple[object, ...]]] = {}
        for each in self.table.constraints:
            if each.kind == "FOREIGN KEY":
                key = parse_constraint(each.definition)
                target = f"{key.pktable.schemaname}.{key.pktable.relname}"
                if target not in self.seen:
                    Observation(self.session, read_table(self.session, target), self.referred, self.seen).make_rows()
                columns = COMMA.join(sql.Identifier(name.sval) for name in key.pk_attrs)
                query = sql.SQL("SELECT {} FROM {} ORDER BY {} LIMIT 2")
                rows = self.session.run(query.format(columns, sql.Identifier(*target.split(".")), columns)).rows
                found[each.name] = list(rows)
        return found

    def make_rows(self) -> None:
        """Insert two rows, and take the statement down."""
        given = [each.name for each in self.table.columns if each.sequence is not None]
        rows = [{**dict.fromkeys(given, at), **row} for at, row in enumerate(self.rows, start=1)]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        literals = (
            {name: NOW if isinstance(each, (Offset, Timestamp)) else sql.Literal(each) for name, each in row.items()}
            for row in rows
        )
        written = (sql.SQL("({})").format(COMMA.join(row.get(name, DEFAULT) for name in columns)) for row in literals)
        statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES\n    {};\n").format(
            self.statements.name, COMMA.join(map(sql.Identifier, columns)), sql.SQL(",\n    ").join(written)
        )
        self.session.run(statement)
        self.referred.append(statement.as_string(self.session.connection))

    @cached_property
    def not_understood(self) -> dict[Constraint, tuple[str, ...]]:
        """The CHECKs that the model does not understand, with their columns."""
        found = {}
        for each in self.table.constraints:
            if each.kind == "CHECK":
                try:
                    of_check(each.definition, self._bare.kinds)
                except NotUnderstood:
                    found[each] = columns_of(each.definition)
        return found

    @cached_property
    def values(self) -> dict[str, list[Any]]:
        """Values of the columns of those CHECKs: some that they accept, some that they refuse, and null."""
        found: dict[str, list[Any]] = {}
        for check, columns in self.not_understood.items():
            for name in columns:
                tried = self._tried(name)
                if len(columns) == 1:
                    kept = [each for (each,) in self._kept(check, columns, [(each,) for each in tried])]
                    tried = [*kept[:EXAMPLES], *[each for each in tried if each not in kept][:EXAMPLES]]
                else:
                    tried = tried[:2]
                found[name] = [*found.get(name, [None]), *tried]
        return found

    @cached_property
    def judged_by_hand(self) -> list[JudgedByHand]:
        """What those CHECKs accept of these values. Raises CannotRead."""
        found = []
        for check, columns in self.not_understood.items():
            kept = self._kept(check, columns, list(product(*(self.values[name] for name in columns))))
            nulls = {name for name in columns if self.table.column(name).nullable}
            if not any(nulls >= {n for n, value in zip(columns, each, strict=True) if value is None} for each in kept):
                raise CannotRead(
                    f"{self.table.qualified_name}: the model does not understand {check.name}, {check.definition}, "
                    "and it refused every value that was tried. Add one that it accepts to TYPICAL in "
                    "tests/scaffold/observation.py."
                )
            found.append(JudgedByHand(check, columns, tuple(kept)))
        return found

    @cached_property
    def set_by_trigger(self) -> dict[str, dict[str, Any]]:
        """By command, the columns that get another value than was sent, with one that was sent."""
        if not self.table.triggers:
            return {}
        groups = RowStrategies(self.model({}), self.values).groups
        found: dict[str, dict[str, Any]] = {"INSERT": {}, "UPDATE": {}}
        for at in range(EXAMPLES):
            sent, changed = self._full(groups, at), self._full(groups, at + 1)
            changed |= {name: sent[name] for name in self.table.key if name in sent}
            with self.session.example():
                for command, values in (("INSERT", sent), ("UPDATE", changed)):
                    now = resolved(values, self.now)
                    write = self.statements.insert if command == "INSERT" else self.statements.update
                    if self.session.attempt(*write(now)) == Done((), 1):
                        (row,) = self.session.run(self.statements.read).rows
                        kept = dict(zip(self.table.written_columns, row, strict=True))
                        stored = {name: self._bare.types[name].stored(value) for name, value in now.items()}
                        found[command] |= {name: values[name] for name in now if kept[name] != stored[name]}
        return {command: names for command, names in found.items() if names}

    @staticmethod
    def _full(groups: Sequence[Group], number: int) -> Values:
        """Return one of the rows that give every column, with as few nulls as there can be."""
        row: Values = {}
        for group in groups:
            fullest = sorted(group.combinations[frozenset()], key=lambda values: values.count(None))
            row.update(zip(group.columns, fullest[number % len(fullest)], strict=True))
        return row

    def model(self, set_by_trigger: Mapping[str, Mapping[str, Any]] | None = None) -> TableModel:
        """Return an empty model of the table."""
        triggers = self.set_by_trigger if set_by_trigger is None else set_by_trigger
        by_hand = {each.check.name: each.keeps for each in self.judged_by_hand}
        return TableModel(self.table, references=self.references, by_hand=by_hand, set_by_trigger=triggers)

    @cached_property
    def strategies(self) -> RowStrategies:
        """Rows for the table. Raises CannotRead."""
        strategies = RowStrategies(self.model(), self.values)
        try:
            _ = strategies.groups
        except LookupError as reason:
            raise CannotRead(
                f"{self.table.qualified_name}: {reason}. Add one of its type to COMMON in "
                "tests/harness/requests/values.py."
            ) from None
        return strategies

    @cached_property
    def undefended(self) -> list[str]:
        """The constraints that no row was found to break alone."""
        tried = {*self.strategies.rules, *self.shared}
        judged = [each for each in self.table.constraints if each.kind not in ("PRIMARY KEY", "UNIQUE")]
        return [each.name for each in judged if each.name not in tried]

    @cached_property
    def rows(self) -> list[Values]:
        """Two rows that give only what must be given, and can stand side by side."""
        first, *others = self.strategies.plainest(EXAMPLES)
        for other in others:
            model = self.model()
            made = [model.insert(resolved(row, self.now), self.now) for row in (first, other)]
            if not any(isinstance(each, Refused) for each in made):
                return [first, other]
        return [first, first]

    @cached_property
    def shared(self) -> dict[str, tuple[Values, Values]]:
        """What of a row, and of another, a unique index refuses to be there twice."""
        found = {}
        for index in self.table.indexes:
            for one, another in self._alike(index) if index.unique else ():
                model = self.model()
                first = model.insert(resolved({**self.rows[0], **one}, self.now), self.now)
                second = model.insert(resolved({**self.rows[1], **another}, self.now), self.now)
                if not isinstance(first, Refused) and second == Refused("23505", index.name):
                    found[index.name] = one, another
                    break
        return found

    @cached_property
    def allowed(self) -> dict[str, dict[str, int | str]]:
        """What each role may do beside one row: how many rows it reads or writes, or the SQLSTATE of the refusal."""
        row, other = (resolved(each, self.now) for each in self.rows)
        commands: dict[str, BoundStatement] = {
            "SELECT": (sql.SQL("SELECT 1 FROM {}").format(self.statements.name), []),
            "INSERT": self.statements.insert(other),
            "UPDATE": self.statements.update(other),
            "DELETE": self.statements.delete(),
        }
        found: dict[str, dict[str, int | str]] = {}
        for role, (command, statement) in product((*API_ROLES, AUTHENTICATOR, UNGRANTED), commands.items()):
            with self.session.example():
                self.session.run(*self.statements.insert(row))
                self.session.run("SET LOCAL SESSION AUTHORIZATION authenticator")
                self.session.act_as(Request(role))
                outcome = self.session.attempt(*statement)
                result = outcome.sqlstate if isinstance(outcome, Refused) else outcome.count
                found.setdefault(role, {})[command] = result
        return found

    def refused_by_a_policy(self, role: str) -> list[str]:
        """List the commands that a role is refused although it holds the privilege: for the rows that were tried."""
        held = {word.partition(" ")[0] for word in self.table.held(role)}
        return [command for command, result in self.allowed[role].items() if result == "42501" and command in held]

    @cached_property
    def comment(self) -> str:
        """The table's comment, or who must write one."""
        ((comment,),) = self.session.run(
            "SELECT obj_description(to_regclass(%s), 'pg_class')", [self.table.qualified_name]
        ).rows
        return str(comment or "Say here who writes the table, who reads it, and what went wrong without it.")

    @cached_property
    def _bare(self) -> TableModel:
        """A model that judges neither CHECKs nor foreign keys."""
        anything: ByHand = {each.name: lambda _: True for each in self.table.constraints}
        anywhere = {each.name: () for each in self.table.constraints}
        return TableModel(self.table, by_hand=anything, references=anywhere)

    def _alike(self, index: Index) -> Iterator[tuple[Values, Values]]:
        """Give values of the columns of a unique index for two rows, in another case if that makes no difference."""
        columns = self._bare.columns_of(index)
        groups = [group for group in self.strategies.groups if columns & {*group.columns}]
        numbered = {name: 77 for name in columns if self.table.column(name).sequence is not None}
        for combination in product(*(group.combinations[frozenset()] for group in groups)):
            pairs = zip((name for group in groups for name in group.columns), chain(*combination), strict=True)
            values = numbered | {name: value for name, value in pairs if name in columns}
            yield values, {name: each.upper() if isinstance(each, str) else each for name, each in values.items()}
            yield values, values

    def _tried(self, name: str) -> list[Any]:
        """List values of a column to try on a CHECK, some as long as other CHECKs let them be."""
        kind = self._bare.types[name]
        values = [each for text in TYPICAL for each in (text, text.upper())] if kind.kind == "text" else kind.common()
        for each in self.table.constraints:
            if each.kind == "CHECK" and each not in self.not_understood and name in columns_of(each.definition):
                for constant in of_check(each.definition, self._bare.kinds).constants:
                    lengths = [len(text) for text in kind.around(constant) if isinstance(text, str)]
                    values += [TYPICAL[0].ljust(length, "m") for length in lengths] or kind.around(constant)
        return [each for at, each in enumerate(values) if kind.holds(each) and each not in values[:at]]

    def _kept(
        self, check: Constraint, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        """List the rows of those columns that a CHECK accepts."""
        given = [
            sql.SQL("%s::" + self.table.column(name).type + " AS {}").format(sql.Identifier(name)) for name in columns
        ]
        expression = sql.SQL(RawStream()(parse_constraint(check.definition).raw_expr).replace("%", "%%"))
        query = sql.SQL("SELECT ({}) IS NOT FALSE FROM (SELECT {}) AS row").format(expression, COMMA.join(given))
        sent = (self.statements.insert(resolved(dict(zip(columns, row, strict=True)), self.now))[1] for row in rows)
        answers = (self.session.run(query, values).rows == ((True,),) for values in sent)
        return [row for row, kept in zip(rows, answers, strict=True) if kept]
