"""What a red run ends with: each cause once, with the statement that decides it and a counterexample."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from tests.harness.report.failures import MAY_STAY, TO_BE_CONFIRMED, BrokenClause, Cause, Failure

# A screen has about 40 lines, of which the verdict, the commands and pytest's own take some.
MOST_ALONE, MOST_IN_FULL, MOST_CAUSES, MOST_SENTENCES = 20, 3, 8, 4
MOST_CLAUSES, MOST_TOLD, MOST_SQL = 4, 5, 9
LONGEST, SHORT = 240, 120
# What a failure says that its counterexample shows.
SHOWN, EXAMPLE = ("the statement:", "as role:"), "Failing test case:"


def screen(causes: Sequence[Cause]) -> Iterator[str]:
    """Yield the lines: of the first cause all that shows it, of the others what breaks where; many as one list."""
    failures = {failure.nodeid: failure for cause in causes for found in cause.clauses.values() for failure in found}
    if len(failures) == 1:
        yield from _alone(*failures.values())
        return
    named = [cause for cause in causes if cause.sentences]
    if len(named) > MOST_IN_FULL:
        # Access first: what is left out of a file matters less than whom it lets in.
        yield from _list(sorted(named, key=lambda cause: (cause.rank[0], cause.places[0].file, cause.places[0].line)))
        causes = [cause for cause in causes if not cause.sentences]
    shown = 1 if len(named) > MOST_IN_FULL else MOST_IN_FULL
    for number, cause in enumerate(causes[:shown]):
        yield from _cause(cause, in_full=number == 0)
    if more := [pair for cause in causes[shown:] for pair in cause.clauses.items()]:
        yield f"and broken too: {', '.join(_counts(more))}"


def _alone(failure: Failure) -> Iterator[str]:
    """Yield all that the only failure says."""
    yield from failure.told[:MOST_ALONE]
    if failure.told[MOST_ALONE:]:
        yield f"… and {len(failure.told) - MOST_ALONE} more lines: --tb=short"
    for clause in failure.clauses:
        yield _cut(f"{clause.label} is {_state(clause)}: {clause.words.removeprefix(TO_BE_CONFIRMED)}")
        yield from (_cut(f"  {place}: {place.text}") for place in clause.places[:3])
    if failure.counterexample:
        yield from _counterexample(failure)


def _list(causes: Sequence[Cause]) -> Iterator[str]:
    """Yield statement by statement what is wrong with it, and what to write."""
    for cause in causes[:MOST_CAUSES]:
        yield _cut(f"{cause.places[0]}: {cause.places[0].text}", SHORT)
        yield from (_cut(f"  {words}", SHORT) for words in cause.sentences[:2])
        told = [f"{len(cause.sentences) - 2} more"] if cause.sentences[2:] else []
        unsaid = [pair for pair in cause.clauses.items() if not any(pair[0].label in it for it in cause.sentences)]
        if told or unsaid:
            yield _cut("  and " + ", ".join([*told, *_counts(unsaid)]), SHORT)
        yield from (_cut(f"  {hint.removesuffix(MAY_STAY)}", SHORT) for hint in cause.hints[:1])
    if more := causes[MOST_CAUSES:]:
        yield _cut(f"and at {len(more)} more: " + ", ".join(dict.fromkeys(str(cause.places[0]) for cause in more)))
    if any(hint.endswith(MAY_STAY) for cause in causes for hint in cause.hints):
        yield MAY_STAY.strip()
    yield "A file that keeps every rule is begun by: tox -e new-migration -- NAME"


def _cause(cause: Cause, *, in_full: bool) -> Iterator[str]:
    if not cause.places and not in_full:
        # Mostly they follow from what is told above.
        yield f"{_without_place(cause)}: {', '.join(_counts(list(cause.clauses.items())))}"
        yield from _witness(cause, cause.witness, in_full=False)
        return
    for place in cause.places[:3]:
        yield _cut(f"{place}: {place.text}" if place.text else str(place))
    if not cause.places:
        yield f"{_without_place(cause)}:"
    for words in islice(cause.sentences, MOST_SENTENCES if in_full else 2):
        yield _cut(f"  {words}")
    if (more := len(cause.sentences) - (MOST_SENTENCES if in_full else 2)) > 0:
        yield f"  … and {more} more of this statement"
    yield from _clauses(list(cause.clauses.items()))
    if in_full or not cause.sentences:
        yield from _witness(cause, cause.witness, in_full=in_full)
    yield from (f"  {hint}" for hint in cause.hints[:2])


def _without_place(cause: Cause) -> str:
    observed = any(clause.is_to_be_confirmed for clause in cause.clauses)
    return "observed, and not confirmed by anybody yet" if observed else "decided by no single statement"


def _clauses(clauses: Sequence[tuple[BrokenClause, Sequence[Failure]]]) -> Iterator[str]:
    """Yield the clauses with their words and the number of tests; of many, the rest by their labels alone."""
    for clause, failures in clauses[:MOST_CLAUSES]:
        words = clause.words.removeprefix(TO_BE_CONFIRMED)
        yield _cut(f"  {clause.label} is {_state(clause)} ({_tests(failures)}): {words}", SHORT)
    if rest := clauses[MOST_CLAUSES:]:
        yield f"  and {_state(rest[0][0])} too: {', '.join(_counts(rest))}"


def _witness(cause: Cause, witness: Failure, *, in_full: bool) -> Iterator[str]:
    """Yield what the clearest test says, where the sentences do not say it, and its counterexample as SQL."""
    said = witness.beside_the_sentences if cause.sentences else [line for line in witness.told if line.strip()]
    if witness.counterexample and in_full:
        said = [line for line in said if not line.strip().startswith(SHOWN)]
        said = [*takewhile(lambda line: not line.startswith(EXAMPLE), said)]
    if not cause.sentences or said:
        yield f"  {witness.nodeid}:"
        most = MOST_TOLD if in_full else MOST_TOLD - 2
        yield from (_cut(f"    {line}") for line in said[:most])
        if said[most:]:
            yield "    …"
    if witness.counterexample and in_full:
        yield from (f"  {line}" for line in _counterexample(witness))


def _counterexample(failure: Failure) -> Iterator[str]:
    """Yield what to paste; not cut, but of very many lines the first."""
    lines = failure.counterexample.splitlines()
    most = MOST_SQL if len(lines) > MOST_SQL + 1 else MOST_SQL + 1
    yield "To see it, in psql (tox -e shell):"
    yield from (f"  {line}" for line in lines[:most])
    if lines[most:]:
        yield f"  -- and {len(lines) - most} more lines: see the report, or --tb=short"


def _counts(clauses: Sequence[tuple[BrokenClause, Sequence[Failure]]]) -> list[str]:
    return [f"{clause.label} ({len(failures)})" for clause, failures in clauses]


def _state(clause: BrokenClause) -> str:
    return "to be confirmed" if clause.is_to_be_confirmed else "broken"


def _tests(failures: Sequence[Failure]) -> str:
    return f"{len(failures)} test{'' if len(failures) == 1 else 's'}"


def _cut(line: str, longest: int = LONGEST) -> str:
    return line if len(line) <= longest else f"{line[: longest - 2]} …"
