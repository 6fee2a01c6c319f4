"""Decoration: tests of the gate that no mutant of their clauses turns red."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pytest

from tests.selftest.mutation.judging import Gate, Judgement, Place, Plan, Task, clauses_of, function_of, judge
from tests.selftest.mutation.verdicts import ELSEWHERE, KILLED, Verdict

# On how many mutants of the migration a test that has not been red is tried once more.
TRIES = 4


def decoration(session: pytest.Session, gate: Gate, places: list[Place], verdicts: Sequence[Verdict]) -> list[str]:
    """Try the tests that have not been red yet on further mutants of their clauses; list those that stay green."""
    green = {function_of(item) for item in gate.items if item.nodeid not in gate.excluded}
    for each in verdicts:
        green -= {function_of_id(red.test) for red in each.red}
    of_clause = {name: set[str]() for item in gate.items for name in clauses_of(item)}
    for item in gate.items:
        for name in clauses_of(item):
            of_clause[name].add(function_of(item))
    dead = [each for each in verdicts if each.word in (KILLED, ELSEWHERE)]

    tries: dict[str, int] = defaultdict(int)

    def tasks() -> Iterator[Task]:
        for each in sorted(dead, key=lambda each: each.mutant.id):
            candidates = {name for clause in each.fallen for name in of_clause.get(clause, ())} & green
            if each.mutant.file is None:
                candidates = {name for name in candidates if tries[name] < TRIES}
            for name in candidates:
                tries[name] += 1
            if candidates:
                yield Task(each.mutant.id, each.mutant.text, _each_of(candidates), file=each.mutant.file)

    for _, judgement in judge(session, gate, places, tasks()):
        green -= {function_of_id(red.test) for red in judgement.red}
    return sorted(f"  {name}" for name in green)


def function_of_id(nodeid: str) -> str:
    """A test without its parameters."""
    return nodeid.split("[")[0]


def _each_of(functions: set[str]) -> Plan:
    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        for name in sorted(functions):
            yield gate.ordered(item for item in gate.items if function_of(item) == name)

    return plan
