"""All that a run found, as values from which every report is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from tests.harness.report import failures as grouping
from tests.harness.report.failures import Cause, Failure
from tests.harness.report.life import Life


class State(StrEnum):
    """What a run says of a clause."""

    HELD = "held"
    BROKEN = "broken"
    TO_BE_CONFIRMED = "to be confirmed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class ClauseResult:
    """A clause of a page, and how many of its tests and examples the run has tried; `table` is empty for a rule."""

    table: str
    id: str
    words: str
    state: State
    tests: int = 0
    failed: int = 0
    examples: int = 0

    @property
    def label(self) -> str:
        """The ID as reports write it, with the table that it is of."""
        return f"{self.table} {self.id}".lstrip()


@dataclass(frozen=True)
class Lock:
    """What a statement of a migration held on a table, and did to it."""

    file: str
    line: int
    statement: str
    run: str
    table: str
    mode: str
    did: str


@dataclass(frozen=True)
class Run:
    """A run of the gate.

    `verdict` is its last line, and `status` its exit status; `errors` are what kept it from its end. `access` is the
    record of who can do what, line by line, and `access_changes` what the new files change of it, a sentence each;
    `locks` are what each statement of each migration locks, rewrites and scans; `environment` names versions and
    options, `lives` are pictures of a row's life, and `newest` is the file that is applied last.
    """

    verdict: str
    status: int
    failures: Sequence[Failure] = ()
    clauses: Sequence[ClauseResult] = ()
    errors: Sequence[str] = ()
    notes: Sequence[str] = ()
    access: Sequence[str] = ()
    access_changes: Sequence[str] = ()
    locks: Sequence[Lock] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    lives: Sequence[Life] = ()
    newest: str = ""

    @cached_property
    def causes(self) -> Sequence[Cause]:
        """The failures, grouped by the statement that decides them."""
        return grouping.causes(self.failures)

    @property
    def tables(self) -> list[str]:
        """The tables whose contracts there are, and at last the empty name, which is that of the rules."""
        return sorted({each.table for each in self.clauses}, key=lambda name: (not name, name))


@dataclass(frozen=True)
class Survivor:
    """A change of the migration that no test noticed: where, what, and how to try it again."""

    id: str
    place: str
    name: str
    diff: str
    again: str


@dataclass(frozen=True)
class Mutants:
    """What the gate made of mutants: how many became what, and those that it should have noticed.

    `killed` of the `judged` are those that are neither equivalent nor invalid; of those that are `changing` behaviour,
    `noticed` are killed by a test of it. `undefended` are the clauses that no mutant makes fall.
    """

    counts: Mapping[str, int]
    killed: int
    judged: int
    noticed: int
    changing: int
    survivors: Sequence[Survivor] = ()
    undefended: Sequence[str] = ()


def summed(parts: Sequence[Mutants]) -> Mutants:
    """Add up what became of the mutants of several tables, or of the parts that several jobs have tried."""
    return Mutants(
        counts=dict(sum((Counter(each.counts) for each in parts), Counter[str]())),
        killed=sum(each.killed for each in parts),
        judged=sum(each.judged for each in parts),
        noticed=sum(each.noticed for each in parts),
        changing=sum(each.changing for each in parts),
        survivors=[survivor for each in parts for survivor in each.survivors],
        undefended=[clause for each in parts for clause in each.undefended],
    )


@dataclass(frozen=True)
class Report:
    """What is written: one run or several, and what became of mutants, where that was looked at."""

    runs: Sequence[Run]
    mutants: Mutants | None = None

    @property
    def names(self) -> list[str]:
        """The name of each run: what tells it from the others."""
        environments = [run.environment for run in self.runs]
        every = dict.fromkeys(name for each in environments for name in each)
        apart = [name for name in every if len({each.get(name) for each in environments}) > 1]
        for number in range(1, len(apart) + 1):
            short = [" ".join(f"{name} {each.get(name, '')}" for name in apart[:number]) for each in environments]
            if len(set(short)) == len(short):
                return short
        return [f"run {number}" for number in range(1, len(environments) + 1)]

    @property
    def columns(self) -> tuple[str, list[str]]:
        """What the names of all runs begin with, and the names without it, as the heads of columns."""
        shared, *others = {name.partition(" ")[0] for name in self.names}
        return ("", self.names) if others else (shared, [name.partition(" ")[2] for name in self.names])

    @property
    def causes(self) -> list[tuple[Cause, list[str]]]:
        """Each cause once, and the names of the runs that found it."""
        found: dict[tuple[object, ...], tuple[Cause, list[str]]] = {}
        for run, name in zip(self.runs, self.names, strict=True):
            for cause in run.causes:
                key = (cause.places, *sorted(each.label for each in cause.clauses))
                found.setdefault(key, (cause, []))[1].append(name)
        return [*found.values()]

    @property
    def clauses(self) -> dict[str, list[tuple[ClauseResult, list[State]]]]:
        """By table, and the worst first: each clause as the first run knows it, and what every run says of it."""
        order = [State.BROKEN, State.TO_BE_CONFIRMED, State.HELD, State.NOT_CHECKED]
        by_run = [{each.label: each for each in run.clauses} for run in self.runs]
        every = {each.label: each for run in reversed(self.runs) for each in run.clauses}
        by_table: dict[str, list[tuple[ClauseResult, list[State]]]] = {}
        for table in dict.fromkeys(table for run in self.runs for table in run.tables):
            by_table[table] = [
                (each, [run[label].state if label in run else State.NOT_CHECKED for run in by_run])
                for label, each in every.items()
                if each.table == table
            ]
            by_table[table].sort(key=lambda found: min(map(order.index, found[1])))
        return by_table

    def each(self, name: str) -> list[tuple[Sequence[Any], list[str]]]:
        """Return what the runs have by this name: each different sequence, and the names of the runs that have it."""
        found: list[tuple[Sequence[Any], list[str]]] = []
        for run, own in zip(self.runs, self.names, strict=True):
            values = getattr(run, name)
            same = next((names for other, names in found if other == values), None)
            if same is not None:
                same.append(own)
            elif values:
                found.append((values, [own]))
        return found
