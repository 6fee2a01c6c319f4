"""Verdicts: what the judgement of a mutant means, the ledger of those that are equivalent, and the report of a run."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from tests.harness.report.run import Mutants, Survivor
from tests.selftest.mutation.gate import Gate
from tests.selftest.mutation.inputs import COMMON, BadMutants
from tests.selftest.mutation.judging import Judgement, Plan
from tests.selftest.mutation.subject import Mutant


class Word(StrEnum):
    """What a mutant can become, in the order of the report."""

    # A test failed: of a clause that must fall, or of other clauses alone.
    KILLED = "killed"
    ELSEWHERE = "killed elsewhere"
    SURVIVED = "survived"
    # The tests did not run to their end.
    ERROR = "error"
    # It is in the ledger, and does not survive; or it survived, and the ledger says why no test can see it.
    STALE = "stale"
    EQUIVALENT = "equivalent"
    # It does not apply: no test could say anything.
    INVALID = "invalid"


# A run with one of these is red.
BAD = (Word.SURVIVED, Word.ERROR, Word.STALE)
# Clauses of these letters speak of what the catalog holds (S and E), or of what the verify file says (V); the others
# speak of behaviour.
STATED = frozenset("SEV")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    word: Word
    judgement: Judgement = field(default_factory=Judgement)
    remark: str = ""

    @property
    def standing(self) -> set[str]:
        """The clauses that should have fallen, and did not."""
        return set(self.mutant.falls) - self.judgement.fallen if self.word in (Word.KILLED, Word.ELSEWHERE) else set()


def plan_for(mutant: Mutant, *, parameters: int | None) -> Plan:
    """First the clauses that must fall, behaviour before structure, the test that shows it best first; then the others.

    Of the others, so many parameters of each quick test: all of them, for each survivor, would take most of the time.
    """

    def plan(gate: Gate, judgement: Judgement) -> Iterator[Iterable[pytest.Item]]:
        for clause in sorted(mutant.falls, key=lambda clause: clause[0] not in STATED, reverse=True):
            if clause not in judgement.fallen:
                tests = gate.ordered(item for item in gate.by_clause[clause] if item.nodeid not in judgement.durations)
                yield sorted(tests, key=lambda item: mutant.first_test not in item.nodeid)
        if not judgement.failed:
            rest = gate.items if parameters is None else gate.quick(gate.sample(parameters))
            yield gate.ordered(item for item in rest if item.nodeid not in judgement.durations)

    return plan


def verdict(mutant: Mutant, judgement: Judgement, ledger: dict[str, str]) -> Verdict:
    """Say what a judgement means: only a failing test kills."""
    word, remark = Word.SURVIVED, ""
    if judgement.invalid:
        word, remark = Word.INVALID, judgement.invalid
    elif judgement.failed:
        word = Word.KILLED if set(mutant.falls) & judgement.fallen else Word.ELSEWHERE
    elif judgement.errors:
        word, remark = Word.ERROR, judgement.errors[0]
    if mutant.id in ledger and word == Word.SURVIVED:
        word, remark = Word.EQUIVALENT, ledger[mutant.id]
    elif mutant.id in ledger and word != Word.ERROR:
        word, remark = Word.STALE, f"the ledger calls it equivalent ({ledger[mutant.id]}), and it is {word}"
    return Verdict(mutant, word, judgement, remark)


def read_ledger(path: Path, mutants: Iterable[Mutant]) -> dict[str, str]:
    """Read why each of the mutants in the ledger, if there is one, changes nothing promised. Raises BadMutants."""
    names = {mutant.id: mutant.name for mutant in mutants}
    entries = _entries(path) if path.is_file() else []
    reasons = {each["id"]: each["reason"] for each in _entries(COMMON) if names.get(each["id"]) == each["mutant"]}
    for entry in entries:
        name, reason = str(entry.get("id")), str(entry.get("reason", "")).strip()
        if names.get(name) != entry.get("mutant"):
            raise BadMutants(f"{path.name}: there is no mutant {name}, {entry.get('mutant')!r}.")
        if name in reasons or not reason:
            raise BadMutants(f"{path.name}: {name} is there twice, or without a reason.")
        reasons[name] = reason
    return reasons


def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    return entries


def report(verdicts: Sequence[Verdict], options: str = "") -> list[str]:
    """What survived, with the options that try it again; what other clauses killed; how many became what."""
    lines = [line for word in BAD for each in verdicts if each.word == word for line in [*_whole(each, options), ""]]
    if standing := [each for each in verdicts if each.standing]:
        lines.append(f"killed, but clauses that should have fallen stand: {len(standing)}")
        for each in standing:
            fell, stand = (", ".join(sorted(names)) or "none" for names in (each.judgement.fallen, each.standing))
            lines.append(f"  {each.mutant.id}  {each.mutant.name}: fell {fell}, not {stand}")
        lines.append("")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in verdicts:
        counts[each.mutant.operator][each.word] += 1
    total = sum(counts.values(), Counter[str]())
    used = [word for word in Word if total[word]]
    width = max(map(len, counts))
    lines.append("operator".ljust(width) + "".join(f"{word:>18}" for word in used))
    for operator, count in sorted(counts.items()):
        lines.append(operator.ljust(width) + "".join(f"{count[word] or '.':>18}" for word in used))
    made = summary(verdicts)
    return [
        *lines,
        "",
        f"{len(verdicts)} mutants: " + ", ".join(f"{number} {word}" for word, number in made.counts.items()),
        f"killed: {made.killed} of {made.judged} of those that are neither equivalent nor invalid",
        f"killed by a test of behaviour: {made.noticed} of {made.changing} of those that change it",
    ]


def summary(verdicts: Sequence[Verdict], options: str = "", missing: Sequence[str] = ()) -> Mutants:
    """How many became what, and what survived, as values of a report; `missing` are clauses that nothing defends."""
    total = Counter(each.word for each in verdicts)
    judged = [each for each in verdicts if each.word not in (Word.EQUIVALENT, Word.INVALID)]
    changing = [each for each in judged if _of_behaviour(each.mutant.falls)]
    return Mutants(
        counts={str(word): total[word] for word in Word if total[word]},
        killed=sum(each.word in (Word.KILLED, Word.ELSEWHERE) for each in judged),
        judged=len(judged),
        noticed=sum(_of_behaviour(each.judgement.fallen) for each in changing),
        changing=len(changing),
        survivors=[
            Survivor(each.mutant.id, each.mutant.place, each.mutant.name, each.mutant.diff, _again(each, options))
            for each in verdicts
            if each.word in BAD
        ],
        undefended=[line.strip() for line in missing],
    )


def _again(verdict: Verdict, options: str) -> str:
    return f"tox -e mutants -- {options}--mutant {verdict.mutant.id}"


def _of_behaviour(clauses: Iterable[str]) -> bool:
    return any(clause[0] not in STATED for clause in clauses)


def _whole(verdict: Verdict, options: str) -> list[str]:
    mutant, judgement = verdict.mutant, verdict.judgement
    return [
        f"{verdict.word.upper()} {mutant.id}  {mutant.place}  {mutant.name}",
        *([f"    {verdict.remark}"] if verdict.remark else []),
        *(f"    {line}" for line in mutant.diff.splitlines()),
        f"    should fall: {', '.join(mutant.falls)}; {len(judgement.durations)} tests ran, {judgement.seconds:.1f} s",
        f"    again: {_again(verdict, options)}",
        *(f"    failed: {each.test}" for each in judgement.failed),
    ]


def undefended(verdicts: Iterable[Verdict], clauses: Iterable[str]) -> list[str]:
    """The clauses of which no test was failed by a mutant."""
    fallen = {clause for each in verdicts for clause in each.judgement.fallen}
    return [f"  {clause}: no mutant is killed by a test of it" for clause in clauses if clause not in fallen]
