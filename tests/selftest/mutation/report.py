"""The report: what survived first, then what was killed and by what, then the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tests.selftest.mutation.verdicts import (
    BAD,
    ELSEWHERE,
    EQUIVALENT,
    ERROR,
    INVALID,
    KILLED,
    STALE,
    SURVIVED,
    TIME_OUT,
    Verdict,
)

WORDS = (KILLED, ELSEWHERE, SURVIVED, ERROR, TIME_OUT, STALE, EQUIVALENT, INVALID)


def of(verdicts: Sequence[Verdict]) -> list[str]:
    """Every line of it, but for the clauses that nothing defends."""
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
    lines += _listed(
        "changes behaviour, and no test of behaviour failed",
        (each for each in verdicts if each.is_kill and each.mutant.changes_behaviour and not each.by_behaviour),
    )
    return [*lines, *_table(verdicts), "", *figures(verdicts)]


def _whole(verdict: Verdict) -> list[str]:
    mutant = verdict.mutant
    lines = [
        f"{verdict.word.upper()} {mutant.id}  {mutant.place}  {mutant.name}",
        *([f"    {verdict.remark}"] if verdict.remark else []),
        *(f"    {line}" for line in mutant.diff.splitlines()),
        f"    should fall: {', '.join(mutant.falls)}; {verdict.tests} tests ran, {verdict.seconds:.1f} s",
        f"    again: tox -e mutants -- --mutant {mutant.id}",
    ]
    if verdict.word == STALE:
        lines += [f"    failed: {each.test}" for each in verdict.failed]
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
    return [
        "operator".ljust(width) + "".join(f"{word:>18}" for word in used),
        *(
            operator.ljust(width) + "".join(f"{counts[operator][word] or '.':>18}" for word in used)
            for operator in sorted(counts)
        ),
    ]


def figures(verdicts: Sequence[Verdict]) -> list[str]:
    """The two rates, apart: of all mutants, and of those that change behaviour."""
    judged = [each for each in verdicts if each.word not in (INVALID, EQUIVALENT)]
    changing = [each for each in judged if each.mutant.changes_behaviour]
    words = Counter(each.word for each in verdicts)
    killed = _rate([each for each in judged if each.is_kill], judged)
    noticed = _rate([each for each in changing if each.by_behaviour], changing)
    return [
        f"{len(verdicts)} mutants: " + ", ".join(f"{words[word]} {word}" for word in WORDS if words[word]),
        f"killed: {killed} of those that are neither equivalent nor invalid",
        f"killed by a test of behaviour: {noticed} of those that change it",
        f"known from an earlier run: {sum(each.cached for each in verdicts)}",
    ]


def _rate(some: Sequence[Verdict], of_all: Sequence[Verdict]) -> str:
    return f"{len(some)} of {len(of_all)} ({100 * len(some) / len(of_all) if of_all else 100:.1f} %)"


def undefended(verdicts: Iterable[Verdict], clauses: Iterable[str]) -> list[str]:
    """The clauses of which no test was failed by a mutant."""
    fallen = {clause for each in verdicts for clause in each.fallen}
    return [f"  {clause}: no mutant is killed by a test of it" for clause in clauses if clause not in fallen]
