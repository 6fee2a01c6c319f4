"""Rows of a table that keep every rule of its model, and rows that break exactly one."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from hypothesis.vendor.pretty import RepresentationPrinter

from tests.harness.core.timestamps import Timestamp, resolved
from tests.harness.requests.expressions import UNKNOWN
from tests.harness.requests.model import TableModel, Values

NONE: frozenset[str] = frozenset()
# As many values of some columns are tried together, to find those that keep the rules between the columns.
MOST_COMBINATIONS = 4000
# One in so many rows leaves such columns out: it is their combinations that something turns on.
SELDOM = 16
ASCII = st.text(st.characters(max_codepoint=127, exclude_characters="\0"), max_size=8)
# Offsets are judged by where they lie from each other; any time will do.
SOME_TIME = Timestamp(0)


@dataclass(frozen=True, eq=False)
class Group:
    """Columns that rules bind to each other, and combinations of their values by the rules that they break."""

    columns: tuple[str, ...]
    combinations: Mapping[frozenset[str], Sequence[tuple[Any, ...]]]
    may_be_left_out: bool


@dataclass(frozen=True)
class Part:
    """What is drawn of a row for a group: values of its columns, and the names of those to draw at random instead.

    It is one choice, since each that Hypothesis makes takes as long as a statement of the server's. Half of the choices
    of a column leave it out, where it may be, and few of those of several, which rules bind to each other; half of the
    others draw something at random.
    """

    columns: tuple[str, ...]
    broken: frozenset[str]
    choices: SearchStrategy[tuple[tuple[Any, ...], tuple[str, ...]]]

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Stay short: of many a step of a state machine, Hypothesis keeps all its rules' strategies as text."""
        printer.text(f"<part of {', '.join(self.columns)}>")


@dataclass(frozen=True)
class RowStrategies:
    """Rows for a table's model. `values` are the ones to draw of a column, in the place of those of its type."""

    model: TableModel
    values: Mapping[str, Sequence[Any]]
    # To build a strategy takes longer than to draw from it.
    _parts: dict[tuple[Group, frozenset[str]], Part] = field(default_factory=dict, init=False, repr=False)

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Stay short, as each Part does."""
        printer.text(f"<rows of {self.model.table.qualified_name}>")

    @cached_property
    def groups(self) -> list[Group]:
        """The columns that a client gives, not a sequence or a trigger, by the rules that bind them to each other.

        Raises LookupError.
        """
        set_by_trigger = {name for names in self.model.set_by_trigger.values() for name in names}
        given = [name for name in self.model.defaults if self.model.table.column(name).sequence is None]
        written = [name for name in given if name not in set_by_trigger]
        groups = [{name} for name in written]
        for rule in [*self.model.rules, *self.model.foreign_keys]:
            bound = [group for group in groups if group & set(rule.columns)]
            groups = [group for group in groups if group not in bound] + [set().union(*bound)] * bool(bound)
        found = [self._group(tuple(name for name in written if name in group)) for group in groups]
        for group in found:
            if frozenset() not in group.combinations and not group.may_be_left_out:
                raise LookupError(f"no value of {', '.join(group.columns)} is known that keeps every rule")
        return [group for group in found if frozenset() in group.combinations]

    @property
    def rules(self) -> list[str]:
        """The rules that some row breaks and no other rule with it."""
        alone = {name for group in self.groups for broken in group.combinations if len(broken) == 1 for name in broken}
        return [rule.name for rule in [*self.model.rules, *self.model.foreign_keys] if rule.name in alone]

    def plainest(self, number: int) -> list[dict[str, Any]]:
        """Return rows that give only the columns that must be given, and share nothing that is unique."""
        unique = {name for index in self.model.table.indexes if index.unique for name in self.model.columns_of(index)}
        rows: list[dict[str, Any]] = []
        for _ in range(number):
            every: dict[str, Any] = {}
            for group in self.groups:
                plain = [dict(zip(group.columns, each, strict=True)) for each in group.combinations[frozenset()]]
                plain.sort(key=lambda values: [self._plainness(name, value) for name, value in values.items()])
                taken = [(name, each[name]) for each in rows for name in group.columns if name in unique & {*each}]
                chosen = next((each for each in plain if not any(pair in taken for pair in each.items())), plain[0])
                every |= chosen
            row = {name: value for name, value in every.items() if not self._is_default(name, value)}
            rows.append(row or every)
        return rows

    def rows(self) -> SearchStrategy[dict[str, Any]]:
        """Rows that keep every rule; what they leave out takes its default."""
        return _row(self, [self._part(group) for group in self.groups])

    def some_of(self, columns: Collection[str]) -> SearchStrategy[dict[str, Any]]:
        """Values of some of these columns, which no rule binds to others: perhaps of none."""
        return _row(self, [self._part(group) for group in self.groups if {*group.columns} <= {*columns}])

    def near_misses(self, rule: str) -> SearchStrategy[dict[str, Any]]:
        """Rows that break that rule, and no other."""
        alone = frozenset({rule})
        return _row(self, [self._part(each, alone if alone in each.combinations else NONE) for each in self.groups])

    def _part(self, group: Group, broken: frozenset[str] = NONE) -> Part:
        """Return what is drawn for a group."""
        if (group, broken) not in self._parts:
            self._parts[group, broken] = self._built(group, broken)
        return self._parts[group, broken]

    def _built(self, group: Group, broken: frozenset[str]) -> Part:
        choices: list[tuple[tuple[Any, ...], tuple[str, ...]]] = []
        for values in group.combinations[broken]:
            pairs = zip(group.columns, values, strict=True)
            random = tuple(name for name, value in pairs if value is not None and name in self.drawn)
            # As often as not something is drawn: one of the columns, or all.
            drawn = [random, *([(name,) for name in random] if len(random) > 1 else [])] if random else [()]
            choices += [(values, each) for names in drawn for each in ((), names)]
        may_be_left_out = group.may_be_left_out and not broken
        left_out = [((), ())] * (len(choices) // (1 if len(group.columns) == 1 else SELDOM) or 1) * may_be_left_out
        return Part(group.columns, broken, st.sampled_from([*left_out, *choices]))

    def _group(self, columns: tuple[str, ...]) -> Group:
        most = max(4, int(MOST_COMBINATIONS ** (1 / len(columns))))
        combinations = defaultdict(list)
        for values in product(*(list(islice(self._candidates(name), most)) for name in columns)):
            combinations[self.broken_by(dict(zip(columns, values, strict=True)))].append(values)
        defaults = {name: self.model.default(name, SOME_TIME) for name in columns}
        return Group(columns, combinations, not self.broken_by(defaults))

    def _candidates(self, name: str) -> Iterator[Any]:
        """Give values of a column on which something turns: its own, those on either side of its rules', the type's."""
        if name in self.values:
            yield from self.values[name]
            return
        yield None
        kind, default = self.model.types[name], self.model.default(name, SOME_TIME)
        if kind.holds(default) and default is not UNKNOWN and default != SOME_TIME:
            yield default
        for rule in self.model.foreign_keys:
            if name in rule.columns:
                yield from (values[rule.columns.index(name)] for values in self.model.references[rule.name])
        for rule in self.model.rules:
            if name in rule.columns:
                for constant in rule.constants:
                    yield from kind.around(constant)
        yield from kind.common()

    def _is_default(self, name: str, value: Any) -> bool:
        """Whether a value is what the column takes when it is left out, or stands for what the database gives."""
        default = self.model.default(name, SOME_TIME)
        return value == default or default is UNKNOWN

    def _plainness(self, name: str, value: Any) -> tuple[bool, bool, int]:
        return not self._is_default(name, value), value in (None, "", 0, False), len(repr(value))

    @cached_property
    def drawn(self) -> dict[str, SearchStrategy[Any]]:
        """Values at random, by column; not of a column whose own are all there are."""
        found = {name: self._drawn(name) for name in self.model.defaults if name not in self.values}
        return {name: strategy for name, strategy in found.items() if strategy is not None}

    def _drawn(self, name: str) -> SearchStrategy[Any] | None:
        texts = [index.using.partition(" WHERE ")[0] for index in self.model.table.indexes]
        texts += [each.definition for each in self.model.table.constraints]
        # Which letters beyond ASCII have another case is the locale's to say.
        if any(re.search(rf"\b(lower|upper)\(.*\b{name}\b", text) for text in texts):
            return ASCII
        return self.model.types[name].drawn()

    def broken_by(self, values: Values) -> frozenset[str]:
        """Name the rules that some values of a row break."""
        return self.model.broken_by(resolved(values, SOME_TIME))


@st.composite
def _row(draw: st.DrawFn, of: RowStrategies, parts: Sequence[Part]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for part in parts:
        given, drawn = draw(part.choices)
        values = dict(zip(part.columns, given, strict=False))
        for name in drawn:
            value, old = draw(of.drawn[name]), values[name]
            # A text is repeated until it is as long as the one before.
            is_text = isinstance(value, str) and isinstance(old, str)
            another = {**values, name: (value * len(old))[: len(old)] if is_text else value}
            values = another if of.broken_by(another) == part.broken else values
        row |= values
    return row
