"""Which clause each test proves: checked at collection, told in JUnit, in failures, and at the end of the run."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.paths import GATE
from tests.harness.plugins.hypothesis import EXAMPLES
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import CONTRACT, TO_BE_CONFIRMED, Clause, Page, find_page
from tests.harness.plugins.single_report import report_only
from tests.harness.plugins.stash import MIGRATIONS, NOTES, REFUSAL, SERVER

CLAUSE = "clause"
# A property of a test's report: a table that no row could be made for, and why.
NO_ROWS = "no rows"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    words = "the clauses that it proves, of the page nearest above the test's file: CONTRACT.md or RULES.md"
    config.addinivalue_line("markers", f"clause(id, ...): {words}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Check the clauses of all tests that were collected, and give those that are left theirs as properties."""
    try:
        if REFUSAL not in config.stash:
            check_clauses(items, [config.invocation_params.dir / argument for argument in config.args])
    except pytest.UsageError as fault:
        # In an xdist worker it would end the controller in a traceback.
        if not hasattr(config, "workerinput"):
            raise
        report_only(session, items, "clauses::match", "clauses and tests match", str(fault), session.path)
    yield
    for item in items:
        item.user_properties.extend((CLAUSE, clause.label) for clause in clauses_of(item))


def check_clauses(items: Iterable[pytest.Item], collected: Sequence[Path]) -> None:
    """Raise UsageError where tests and pages do not match.

    A clause that the room's page does not have, a test of the gate without a clause, and a clause of a page without a
    test, where one of the paths that were collected holds the whole room, are errors.
    """
    proved: dict[Page, set[str]] = defaultdict(set)
    for item in items:
        page, named = find_page(item.path), ids_of(item)
        if unknown := [name for name in named if name not in page.clauses]:
            raise pytest.UsageError(f"{item.nodeid}: no clause {', '.join(unknown)} in {page.path}.")
        if not named and in_the_gate(item.path):
            raise pytest.UsageError(f'{item.nodeid}: say which clause it proves: @pytest.mark.clause("…").')
        if named:
            proved[page] |= set(named)
    for page, ids in proved.items():
        unproved = [name for name in page.clauses if name not in ids]
        if unproved and any(page.path.is_relative_to(path) for path in collected):
            words = {"page": page.path, "room": page.path.parent.name, "clauses": ", ".join(unproved)}
            raise pytest.UsageError(MESSAGES["unproved"].format(**words, first=unproved[0]))


def in_the_gate(path: Path) -> bool:
    """Whether a test's file is of a room whose tests must say which clause they prove."""
    return any(path.is_relative_to(room) for room in GATE) or find_page(path).path.name == CONTRACT


def ids_of(item: pytest.Item) -> list[str]:
    """List the IDs of the clauses that a test is marked with, each once."""
    return list(dict.fromkeys(name for mark in item.iter_markers(CLAUSE) for name in mark.args))


def clauses_of(item: pytest.Item) -> list[Clause]:
    """List the clauses that a test proves."""
    page = find_page(item.path)
    return [page.clauses[name] for name in ids_of(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail a test of a clause that was only observed so far: whether it is meant is for a person to say."""
    if observed := [clause for clause in clauses_of(item) if clause.is_to_be_confirmed]:
        item.user_properties.extend((TO_BE_CONFIRMED, clause.label) for clause in observed)
        labels, page = ", ".join(clause.label for clause in observed), find_page(item.path).path
        pytest.fail(MESSAGES["observed"].format(clauses=labels, page=page, words=TO_BE_CONFIRMED), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the broken clause, and the lines that define what keeps it, to a failure."""
    report = yield
    if report.failed:
        for clause in clauses_of(item):
            lines = [clause.text, *(f"    {line}" for line in clause.defined_at(item.config.stash[MIGRATIONS]))]
            report.sections.append((f"The clause: {clause.label}", "\n".join(lines)))
    return report


def reports_of(terminal: Any, *outcomes: str) -> list[pytest.TestReport]:
    """List the reports of tests that came out so."""
    found = [report for outcome in outcomes for report in terminal.stats.get(outcome, [])]
    return [report for report in found if isinstance(report, pytest.TestReport)]


def values_of(report: pytest.TestReport, name: str) -> list[Any]:
    """List the values of a property of a report."""
    return [value for key, value in report.user_properties if key == name]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """End, after pytest's own summary, with one line per broken clause, or one that all held."""
    yield
    failed = reports_of(terminalreporter, "failed")
    judged = reports_of(terminalreporter, "failed", "passed")
    proved = {name for report in judged for name in values_of(report, CLAUSE)}
    if not proved:
        return
    examples = sum(number for report in judged for number in values_of(report, EXAMPLES))
    terminalreporter.section("contract")
    no_rows = {str(name) for report in judged for name in values_of(report, NO_ROWS)}
    for note in [*config.stash.get(NOTES, ()), *sorted(no_rows)]:
        terminalreporter.line(note)
    unjudged = terminalreporter.stats.get("error", [])
    if unjudged:
        terminalreporter.line(
            "The gate did not run to its end: see the errors above. They say nothing of the contract."
        )
    observed = {name for report in failed for name in values_of(report, TO_BE_CONFIRMED)}
    broken = {name for report in failed for name in _broken_by(report)}
    for name in sorted(broken, key=lambda label: [part.zfill(4) for part in re.split(r"(\d+)$", label)]):
        breaking = sorted(report.nodeid for report in failed if name in _broken_by(report))
        more = f" (and {len(breaking) - 1} more)" if breaking[1:] else ""
        state = "to be confirmed" if name in observed else "broken"
        terminalreporter.line(f"{name} is {state}: {breaking[0]}{more}")
    if not failed and not unjudged:
        version = f", on PostgreSQL {config.stash[SERVER].major}" if SERVER in config.stash else ""
        words = f"{len(proved)} clauses, {len(judged)} tests, {examples} examples{version}"
        terminalreporter.line(f"All held: {words}.")


def _broken_by(report: pytest.TestReport) -> list[str]:
    """List the clauses that a failure speaks of: where it says that some are to be confirmed, those alone."""
    return values_of(report, TO_BE_CONFIRMED) or values_of(report, CLAUSE)
