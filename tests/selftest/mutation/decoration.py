"""Decoration: tests of the gate that no mutant of their clauses turns red."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest

from tests.selftest.mutation.judging import Gate, Place, Task, clauses_of, function_of, judge
from tests.selftest.mutation.source import Mutant
from tests.selftest.mutation.verdicts import ELSEWHERE, KILLED, Verdict, plan_of

# On how many mutants more a test that has not been red is tried.
TRIES = 4


def decoration(session: pytest.Session, gate: Gate, places: list[Place], verdicts: Sequence[Verdict]) -> list[str]:
    """Try the tests that have not been red yet on further mutants of their clauses; list those that stay green.

    First on those that are meant to break a clause of theirs, then on those that broke it besides.
    """
    tests: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in gate.items:
        if item.nodeid not in gate.excluded:
            tests[function_of(item)].append(item)
    green = set(tests) - {function_of_id(red.test) for each in verdicts for red in each.red}
    # Neighbours in this order are of unlike operators.
    dead = sorted((each for each in verdicts if each.word in (KILLED, ELSEWHERE)), key=lambda each: each.mutant.digest)
    further: dict[str, list[Mutant]] = {}
    for name in green:
        clauses = {clause for item in tests[name] for clause in clauses_of(item)}
        broke_one = (each.mutant for each in dead if each.fallen & clauses)
        further[name] = sorted(broke_one, key=lambda mutant: clauses.isdisjoint(mutant.falls))
    for turn in range(TRIES):
        tasks = [
            Task(mutant.id, mutant.text, plan_of(tests[name]), file=mutant.file)
            for name in sorted(green)
            for mutant in further[name][turn : turn + 1]
        ]
        for _, judgement in judge(session, gate, places, tasks):
            green -= {function_of_id(red.test) for red in judgement.red}
    return sorted(f"  {name}" for name in green)


def function_of_id(nodeid: str) -> str:
    """A test without its parameters."""
    return nodeid.split("[")[0]
