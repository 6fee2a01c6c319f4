"""Verdicts: what the judgement of a mutant means, and the ledger of those that are equivalent."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.selftest.mutation.gate import Gate
from tests.selftest.mutation.judging import FailedTest, Judgement, Plan
from tests.selftest.mutation.mutant import Mutant, is_behaviour

# A mutant is killed by a test that fails: of a clause that must fall, or of other clauses alone.
KILLED, ELSEWHERE, SURVIVED = "killed", "killed elsewhere", "survived"
# No test could say anything: the mutant does not apply, the tests did not run to their end, or not in time.
INVALID, ERROR, TIME_OUT = "invalid", "error", "time-out"
# Survived, and the ledger says why no test can see it; or it is in the ledger, and does not survive.
EQUIVALENT, STALE = "equivalent", "stale"
# A run with one of these is red.
BAD = (SURVIVED, ERROR, TIME_OUT, STALE)


class BadLedger(Exception):
    """The ledger names a mutant that there is not, or gives no reason."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    word: str
    failed: tuple[FailedTest, ...] = ()
    tests: int = 0
    seconds: float = 0.0
    remark: str = ""
    cached: bool = False

    @property
    def is_kill(self) -> bool:
        """Whether a test failed."""
        return self.word in (KILLED, ELSEWHERE)

    @property
    def fallen(self) -> set[str]:
        """The clauses whose tests failed."""
        return {clause for each in self.failed for clause in each.clauses}

    @property
    def standing(self) -> set[str]:
        """The clauses that should have fallen, and did not."""
        return set(self.mutant.falls) - self.fallen if self.is_kill else set()

    @property
    def by_behaviour(self) -> bool:
        """Whether a test of behaviour failed."""
        return any(map(is_behaviour, self.fallen))


def plan_for(mutant: Mutant, *, parameters: int | None) -> Plan:
    """First the clauses that must fall, behaviour before structure; if none does, the others.

    Of a clause, the test that shows the mutant best comes first.

    Of the others, so many parameters of each quick test, or all of them: a whole gate for each survivor, and for each
    that the ledger calls equivalent, would take the time of all other mutants together.
    """

    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        for clause in sorted(mutant.falls, key=is_behaviour, reverse=True):
            if clause not in judgement.fallen:
                tests = [item for item in gate.of(clause) if item.nodeid not in judgement.durations]
                yield sorted(tests, key=lambda item: mutant.first_test not in item.nodeid)
        if not judgement.failed:
            rest = gate.items if parameters is None else gate.quick(gate.sample(parameters))
            yield gate.ordered(item for item in rest if item.nodeid not in judgement.durations)

    return plan


def plan_of(items: Sequence[pytest.Item]) -> Plan:
    """These tests, in one stage."""

    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        yield gate.ordered(items)

    return plan


def without_first_test(mutants: Iterable[Mutant], gate: Gate) -> list[str]:
    """Name the mutants whose first test is none of their clauses' tests."""
    return [
        f"{each.id} is to be shown by {each.first_test!r}, and no test of {' or '.join(each.falls)} is called so."
        for each in mutants
        if not any(each.first_test in item.nodeid for clause in each.falls for item in gate.by_clause[clause])
    ]


def verdict(mutant: Mutant, judgement: Judgement, ledger: dict[str, str]) -> Verdict:
    """Say what a judgement means: only a failing test kills."""
    word, remark = _word(mutant, judgement)
    if mutant.id in ledger and word in (KILLED, ELSEWHERE, INVALID):
        remark = f"the ledger calls it equivalent ({ledger[mutant.id]}), and it is {word}"
        word = STALE
    elif mutant.id in ledger and word == SURVIVED:
        word, remark = EQUIVALENT, ledger[mutant.id]
    return Verdict(mutant, word, tuple(judgement.failed), judgement.tests, judgement.seconds, remark)


def _word(mutant: Mutant, judgement: Judgement) -> tuple[str, str]:
    if judgement.timed_out:
        return TIME_OUT, ""
    if judgement.invalid:
        return INVALID, judgement.invalid
    if judgement.failed:
        return (KILLED, "") if set(mutant.falls) & judgement.fallen else (ELSEWHERE, "")
    if judgement.errors:
        return ERROR, judgement.errors[0]
    return SURVIVED, ""


def read_ledger(path: Path, mutants: Iterable[Mutant]) -> dict[str, str]:
    """Read why each of the mutants in the ledger changes nothing that a clause promises. Raises BadLedger.

    A table without equivalent mutants needs no ledger.
    """
    by_id = {mutant.id: mutant for mutant in mutants}
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", []) if path.is_file() else []
    reasons: dict[str, str] = {}
    for entry in entries:
        mutant = by_id.get(entry.get("id"))
        if mutant is None or mutant.name != entry.get("mutant"):
            raise BadLedger(f"{path.name}: there is no mutant {entry.get('id')}, {entry.get('mutant')!r}.")
        if mutant.id in reasons or not entry.get("reason", "").strip():
            raise BadLedger(f"{path.name}: {mutant.id} is there twice, or without a reason.")
        reasons[mutant.id] = entry["reason"].strip()
    return reasons
