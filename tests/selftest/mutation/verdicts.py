"""Verdicts: what the judgement of a mutant means, and the ledger of those that are equivalent."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.selftest.mutation.judging import Gate, Judgement, Plan, Red
from tests.selftest.mutation.source import BEHAVIOURAL, Mutant

LEDGER = Path(__file__).with_name("equivalent.toml")

KILLED, ELSEWHERE, SURVIVED, ERROR = "killed", "killed elsewhere", "survived", "error"
TIME_OUT, STILLBORN, EQUIVALENT, STALE = "time-out", "stillborn", "equivalent", "stale"
# A run with one of these is red.
BAD = (SURVIVED, ERROR, TIME_OUT, STALE)


class BadLedger(Exception):
    """The ledger names a mutant that there is not, or gives no reason."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    word: str
    red: tuple[Red, ...] = ()
    tests: int = 0
    seconds: float = 0.0
    remark: str = ""
    cached: bool = False

    @property
    def fallen(self) -> set[str]:
        """The clauses that went red."""
        return {clause for red in self.red for clause in red.clauses}

    @property
    def standing(self) -> set[str]:
        """The clauses that should have fallen, and did not."""
        return set(self.mutant.falls) - self.fallen if self.word in (KILLED, ELSEWHERE) else set()

    @property
    def by_behaviour(self) -> bool:
        """Whether a behavioural clause was among those that went red."""
        return any(clause[0] in BEHAVIOURAL for clause in self.fallen)

    @property
    def by_structure(self) -> bool:
        """Whether a structural clause was among those that went red."""
        return any(clause[0] == "S" for clause in self.fallen)


def plan_for(mutant: Mutant, *, parameters: int | None) -> Plan:
    """First the clauses that must fall, behaviour before structure; if none does, the others.

    Of a clause, the test that shows the mutant best comes first.

    Of those, so many parameters of each quick test, or all of them: a whole gate for each survivor, and for each that
    the ledger calls equivalent, would take the time of all other mutants together.
    """

    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        for clause in sorted(mutant.falls, key=lambda clause: clause[0] not in BEHAVIOURAL):
            if clause not in judgement.fallen:
                tests = [item for item in gate.of(clause) if item.nodeid not in judgement.durations]
                yield sorted(tests, key=lambda item: mutant.shown_by not in item.nodeid)
        if not judgement.red:
            rest = gate.items if parameters is None else gate.sample(parameters)
            quick = rest if parameters is None else gate.quick(rest)
            yield gate.ordered(item for item in quick if item.nodeid not in judgement.durations)

    return plan


def unshown(mutants: Iterable[Mutant], gate: Gate) -> list[str]:
    """Name the mutants that no test of their clauses shows by the name that they give."""
    return [
        f"{each.id} is to be shown by {each.shown_by!r}, and no test of {' or '.join(each.falls)} is called so."
        for each in mutants
        if not any(each.shown_by in item.nodeid for clause in each.falls for item in gate.by_clause[clause])
    ]


def plan_of(items: Sequence[pytest.Item]) -> Plan:
    """These tests, in one stage."""

    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        yield gate.ordered(items)

    return plan


def verdict(mutant: Mutant, judgement: Judgement, ledger: dict[str, str]) -> Verdict:
    """Say what a judgement means: only a failing test kills."""
    red = tuple(judgement.red)
    word, remark = _word(mutant, judgement)
    if mutant.id in ledger and word in (KILLED, ELSEWHERE, STILLBORN):
        remark = f"the ledger calls it equivalent ({ledger[mutant.id]}), and it is {word}"
        word = STALE
    elif mutant.id in ledger and word == SURVIVED:
        word, remark = EQUIVALENT, ledger[mutant.id]
    return Verdict(mutant, word, red, judgement.tests, judgement.seconds, remark)


def _word(mutant: Mutant, judgement: Judgement) -> tuple[str, str]:
    if judgement.timed_out:
        return TIME_OUT, ""
    if judgement.stillborn:
        return STILLBORN, judgement.stillborn
    if judgement.red:
        return (KILLED, "") if set(mutant.falls) & set(judgement.fallen) else (ELSEWHERE, "")
    if judgement.errors:
        return ERROR, judgement.errors[0]
    return SURVIVED, ""


def read_ledger(mutants: Iterable[Mutant], path: Path = LEDGER) -> dict[str, str]:
    """Read why each of the mutants in the ledger changes nothing that the contract promises. Raises BadLedger."""
    by_id = {mutant.id: mutant for mutant in mutants}
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    reasons: dict[str, str] = {}
    for entry in entries:
        mutant = by_id.get(entry.get("id"))
        if mutant is None or mutant.name != entry.get("mutant"):
            raise BadLedger(f"{path.name}: there is no mutant {entry.get('id')}, {entry.get('mutant')!r}.")
        if mutant.id in reasons or not entry.get("reason", "").strip():
            raise BadLedger(f"{path.name}: {mutant.id} is there twice, or without a reason.")
        reasons[mutant.id] = entry["reason"].strip()
    return reasons
