"""The report: what survived first, then what was killed and by what, then the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tests.selftest.mutation.source import BEHAVIOURAL
from tests.selftest.mutation.verdicts import (
    BAD,
    ELSEWHERE,
    EQUIVALENT,
    ERROR,
    KILLED,
    STALE,
    STILLBORN,
    SURVIVED,
    TIME_OUT,
    Verdict,
)

WORDS = (KILLED, ELSEWHERE, SURVIVED, ERROR, TIME_OUT, STALE, EQUIVALENT, STILLBORN)


def of(verdicts: Sequence[Verdict]) -> list[str]:
    """Every line of it, but for clauses and decoration."""
    lines: list[str] = []
    for word in BAD:
        for each in verdicts:
            if each.word == word:
                lines += [*_whole(each), ""]
    lines += _listed(
        "killed, but by no clause that should have fallen", (each for each in verdicts if each.word == ELSEWHERE)
    )
    lines += _listed(
        "killed, but clauses that should have fallen stand",
        (each for each in verdicts if each.word == KILLED and each.standing),
    )
    unseen = [each for each in verdicts if _only_structure_noticed(each)]
    lines += _listed("changes behaviour, and no behavioural clause noticed", unseen)
    lines += [*_table(verdicts), "", *figures(verdicts)]
    return lines


def _only_structure_noticed(verdict: Verdict) -> bool:
    return verdict.word in (KILLED, ELSEWHERE) and verdict.mutant.changes_behaviour and not verdict.by_behaviour


def _whole(verdict: Verdict) -> list[str]:
    mutant = verdict.mutant
    lines = [
        f"{verdict.word.upper()} {mutant.id}  {mutant.place}  {mutant.name}",
        *(f"    {line}" for line in mutant.diff.splitlines()),
        f"    should fall: {', '.join(mutant.falls)}; {verdict.tests} tests ran, {verdict.seconds:.1f} s",
        f"    again: tox -e mutants -- --mutant {mutant.id}",
    ]
    if verdict.remark:
        lines.insert(1, f"    {verdict.remark}")
    if verdict.word == STALE:
        lines += [f"    red: {red.test}" for red in verdict.red]
    return lines


def _listed(title: str, verdicts: Iterable[Verdict]) -> list[str]:
    rows = [
        f"  {each.mutant.id}  {each.mutant.name}: fell {_names(each.fallen)}, not {_names(each.standing)}"
        for each in verdicts
    ]
    return [f"{title}: {len(rows)}", *rows, ""] if rows else []


def _names(clauses: Iterable[str]) -> str:
    return ", ".join(sorted(clauses)) or "none"


def _table(verdicts: Sequence[Verdict]) -> list[str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in verdicts:
        counts[each.mutant.operator][each.word] += 1
    used = [word for word in WORDS if any(count[word] for count in counts.values())]
    width = max((len(operator) for operator in counts), default=8)
    lines = ["operator".ljust(width) + "".join(f"{word:>18}" for word in used)]
    lines += [
        operator.ljust(width) + "".join(f"{counts[operator][word] or '.':>18}" for word in used)
        for operator in sorted(counts)
    ]
    return lines


def figures(verdicts: Sequence[Verdict]) -> list[str]:
    """The two rates, apart: of all mutants, and of those that change behaviour."""
    judged = [each for each in verdicts if each.word not in (STILLBORN, EQUIVALENT)]
    killed = [each for each in judged if each.word in (KILLED, ELSEWHERE)]
    changing = [each for each in judged if each.mutant.changes_behaviour]
    noticed = [each for each in changing if each.by_behaviour]
    words = Counter(each.word for each in verdicts)
    return [
        f"{len(verdicts)} mutants: " + ", ".join(f"{words[word]} {word}" for word in WORDS if words[word]),
        f"killed: {_rate(killed, judged)} of those that are neither equivalent nor stillborn",
        f"killed by behaviour ({''.join(sorted(BEHAVIOURAL))}): {_rate(noticed, changing)} of those that change it",
        f"killed by structure (S): {sum(each.by_structure for each in killed)} of all",
        f"known from an earlier run: {sum(each.cached for each in verdicts)}",
    ]


def _rate(some: Sequence[Verdict], of_all: Sequence[Verdict]) -> str:
    return f"{len(some)} of {len(of_all)} ({100 * len(some) / len(of_all) if of_all else 100:.1f} %)"


def undefended(verdicts: Sequence[Verdict], clauses: Iterable[str], tested: Iterable[str]) -> list[str]:
    """The clauses without a test of the gate, or without a mutant that one of their tests kills."""
    fallen = {clause for each in verdicts for clause in each.fallen}
    known = set(tested)
    lines = [f"  {clause}: no test of the gate proves it" for clause in clauses if clause not in known]
    return lines + [
        f"  {clause}: no mutant is killed by a test of it"
        for clause in clauses
        if clause in known and clause not in fallen
    ]
