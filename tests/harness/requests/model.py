"""A table as an executable model that follows from its TableSpec; CHECKs not understood are judged by hand.

What only the database knows, such as the next value of a sequence, is taken over from there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Self

from tests.harness.catalog.objects import Constraint, Index
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import Timestamp
from tests.harness.requests import expressions
from tests.harness.requests.expressions import NOW, UNKNOWN, Expression, NotUnderstood, columns_of, parse_constraint
from tests.harness.requests.statements import Statements
from tests.harness.requests.values import type_of

Values = Mapping[str, Any]
# By foreign key: its columns' values in the rows that it may refer to.
References = Mapping[str, Collection[tuple[Any, ...]]]
# A value was sent for what the database gives.
GIVEN = Refused("428C9")
# By CHECK: whether a row keeps it.
ByHand = Mapping[str, Callable[[SimpleNamespace], bool]]


@dataclass(frozen=True)
class Rule:
    """What a row must keep by itself: its name, how PostgreSQL refuses the row, and the columns that it is about."""

    name: str
    refusal: Refused
    columns: tuple[str, ...]
    is_broken_by: Callable[[Values], bool]
    constants: tuple[Any, ...] = ()


class TableModel:
    """The rows of a table by key, and what becomes of each operation.

    `set_by_trigger` names the columns that triggers set, by command: their values are the database's to give.
    """

    def __init__(
        self,
        table: TableSpec,
        *,
        references: References | None = None,
        by_hand: ByHand | None = None,
        set_by_trigger: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Begin without rows. Raises NotUnderstood for a CHECK that is not judged by hand either."""
        self.table, self.references, self.by_hand = table, references or {}, by_hand or {}
        self.set_by_trigger = set_by_trigger or {}
        self.statements = Statements(table)
        self.rows: dict[Any, SimpleNamespace] = {}
        self.types = {each.name: type_of(each.type, table) for each in table.columns}
        # Where a column has a collation of its own, what is equal is the collation's to say.
        self.kinds = {
            each.name: self.types[each.name].kind if each.collation is None else "collated" for each in table.columns
        }
        self.defaults = {name: self._read(table.column(name).default) for name in table.written_columns}
        self.generated = {each.name: self._read(each.generated) for each in table.columns if each.generated}
        self.unique = {each.name: self._unique(each) for each in table.indexes if each.unique}
        constraints = sorted(table.constraints, key=lambda constraint: constraint.name)
        self.rules = [
            *map(self._of_type, self.types),
            *(
                self._of_domain(name, each)
                for name, kind in self.types.items()
                for domain in kind.domains
                for each in domain.constraints
            ),
            *(self._of_not_null(each.name) for each in table.columns if not each.nullable),
            *(self._of_check(each) for each in constraints if each.kind == "CHECK"),
        ]
        self._about: dict[frozenset[str], list[Rule]] = {}
        # These are asked once the row is there.
        self.foreign_keys = [self._of_foreign_key(each) for each in constraints if each.kind == "FOREIGN KEY"]

    def emptied(self) -> Self:
        """Return the same model without rows."""
        model = copy(self)
        model.rows = {}
        return model

    def insert(self, values: Values, now: Timestamp) -> SimpleNamespace | Refused:
        """Add a row."""
        made = self.made(values, {name: self.default(name, now) for name in self.defaults}, "INSERT", now)
        return made if isinstance(made, Refused) else self._kept(made, None)

    def update(self, key: Any, values: Values, now: Timestamp) -> SimpleNamespace | Refused | None:
        """Change the row of a key; None if there is none."""
        if key not in self.rows:
            return None if set(values) <= set(self.table.written_columns) else GIVEN
        made = self.made(values, vars(self.rows[key]), "UPDATE", now)
        return made if isinstance(made, Refused) else self._kept(made, key)

    def upsert(self, values: Values, now: Timestamp) -> SimpleNamespace | Refused | None:
        """Add a row, or change the one that has its key; the new row is judged in either case."""
        made = self.made(values, {name: self.default(name, now) for name in self.defaults}, "INSERT", now)
        if isinstance(made, Refused):
            return made
        key = self.key_of(made)
        return (
            self.update(key, {name: made[name] for name in values}, now) if key in self.rows else self._kept(made, None)
        )

    def delete(self, key: Any) -> int:
        """Remove the row of a key; return how many rows went."""
        return 0 if self.rows.pop(key, None) is None else 1

    def broken_by(self, values: Values) -> frozenset[str]:
        """Name the rules that a row breaks, as far as its values are given."""
        row = {**dict.fromkeys(self.table.column_names, UNKNOWN), NOW: UNKNOWN, **values}
        return frozenset(rule.name for rule in self._rules_about(frozenset(values)) if rule.is_broken_by(row))

    def _rules_about(self, columns: frozenset[str]) -> list[Rule]:
        """Return the rules about any of these columns, or about none at all: what is unknown breaks no other."""
        if columns not in self._about:
            every = [*self.rules, *self.foreign_keys]
            self._about[columns] = [rule for rule in every if not rule.columns or columns & {*rule.columns}]
        return self._about[columns]

    def columns_of(self, index: Index) -> set[str]:
        """Name the columns in an index's keys and predicate."""
        keys, where, _ = expressions.of_index(index.definition(self.table.qualified_name), self.kinds)
        return where.columns.union(*(key.columns for key in keys))

    def learn(self, rows: Mapping[Any, Mapping[str, Any]]) -> None:
        """Take over from the rows in the database, by key, what the model cannot know of its own."""
        for key, row in list(self.rows.items()):
            columns = self.table.compared_columns
            known = {name: getattr(row, name) for name in columns if getattr(row, name) is not UNKNOWN}
            if len(known) == len(columns):
                continue
            others = (each for own, each in rows.items() if own not in self.rows and known.items() <= each.items())
            if (same := rows.get(key) or next(others, None)) is not None:
                del self.rows[key]
                self.rows[self.key_of(same)] = SimpleNamespace(
                    **{**vars(row), **{name: same[name] for name in columns}, **known}
                )

    def made(self, values: Values, base: Values, command: str, now: Timestamp) -> dict[str, Any] | Refused:
        """Judge as PostgreSQL does: what a client may write, the types, NOT NULL, then the CHECKs."""
        if not set(values) <= set(self.defaults):
            return GIVEN
        row: dict[str, Any] = {**dict.fromkeys(self.table.column_names, UNKNOWN), **base, **values, NOW: now}
        row |= {name: self.types[name].stored(row[name]) for name in values if self.types[name].holds(row[name])}
        row |= dict.fromkeys(self.set_by_trigger.get(command, ()), UNKNOWN)
        row |= {name: UNKNOWN if each is None else each.value(row) for name, each in self.generated.items()}
        broken = next((rule for rule in self.rules if rule.is_broken_by(row)), None)
        return row if broken is None else broken.refusal

    def _kept(self, row: dict[str, Any], replaced: Any) -> SimpleNamespace | Refused:
        """Keep a row in the place of another one, unless a unique index or a foreign key refuses it."""
        others = [vars(other) for key, other in self.rows.items() if key != replaced]
        for index, values_of in self.unique.items():
            values = values_of(row)
            if values is not None and values in map(values_of, others):
                return Refused("23505", index)
        broken = next((rule for rule in self.foreign_keys if rule.is_broken_by(row)), None)
        if broken is not None:
            return broken.refusal
        self.rows.pop(replaced, None)
        kept = self.rows[self.key_of(row)] = SimpleNamespace(**row)
        return kept

    def key_of(self, row: Values) -> Any:
        """Return the value of a row's key column, or a tuple where it has several."""
        values = tuple(row[name] for name in self.table.key)
        return values[0] if len(values) == 1 else values

    def default(self, name: str, now: Timestamp) -> Any:
        """Return what a column takes that is left out."""
        column, default = self.table.column(name), self.defaults[name]
        if default is not None:
            return default.value({NOW: now})
        return UNKNOWN if column.default or column.identity else None

    def _read(self, text: str | None) -> Expression | None:
        try:
            return None if text is None else expressions.of_text(text, self.kinds)
        except NotUnderstood:
            return None

    def _of_type(self, name: str) -> Rule:
        kind = self.types[name]
        return Rule(f"type of {name}", kind.misfit, (name,), lambda row: not kind.holds(row[name]))

    def _of_domain(self, name: str, each: Constraint) -> Rule:
        check, refusal = (
            expressions.of_check(each.definition, {"value": self.types[name].kind}),
            Refused("23514", each.name),
        )
        name_of, constants = f"{each.name} of {name}", tuple(check.constants)
        return Rule(name_of, refusal, (name,), lambda row: check.value({"value": row[name]}) is False, constants)

    def _of_not_null(self, name: str) -> Rule:
        return Rule(f"{name} is not null", Refused("23502", name), (name,), lambda row: row[name] is None)

    def _of_check(self, each: Constraint) -> Rule:
        refusal, columns = Refused("23514", each.name), columns_of(each.definition)
        if keeps := self.by_hand.get(each.name):
            broken = _known_and(columns, lambda row: not keeps(SimpleNamespace(**row)))
            return Rule(each.name, refusal, columns, broken)
        check = expressions.of_check(each.definition, self.kinds)
        return Rule(each.name, refusal, columns, lambda row: check.value(row) is False, tuple(check.constants))

    def _of_foreign_key(self, each: Constraint) -> Rule:
        names = tuple(name.sval for name in parse_constraint(each.definition).fk_attrs)
        known = self.references[each.name]

        def refers_to_none(row: Values) -> bool:
            values = tuple(row[name] for name in names)
            return None not in values and values not in known

        return Rule(each.name, Refused("23503", each.name), names, _known_and(names, refers_to_none))

    def _unique(self, index: Index) -> Callable[[Values], list[Any] | None]:
        """Return how to find what a row must not share with another; None where it may share all."""
        keys, where, nulls_are_equal = expressions.of_index(index.definition(self.table.qualified_name), self.kinds)

        def values_of(row: Values) -> list[Any] | None:
            values = [key.value(row) for key in keys]
            differs = UNKNOWN in values or (None in values and not nulls_are_equal)
            return None if differs or where.value(row) is not True else values

        return values_of


def _known_and(columns: Iterable[str], broken: Callable[[Values], bool]) -> Callable[[Values], bool]:
    """Ask only where the values of these columns are known."""
    return lambda row: UNKNOWN not in [row[name] for name in columns] and broken(row)
