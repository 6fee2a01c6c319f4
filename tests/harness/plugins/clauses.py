"""Which clause each test proves: checked at collection, told in JUnit, in failures, and at the end of the run."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.paths import GATE
from tests.harness.plugins.hypothesis import EXAMPLES
from tests.harness.plugins.pages import CONTRACT, TO_BE_CONFIRMED, Clause, Page, find_page
from tests.harness.plugins.stash import MIGRATIONS, REFUSAL

CLAUSE = "clause"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "clause(id, ...): the clauses that it proves, of the page of its room (CONTRACT.md or RULES.md, in the nearest "
        "folder above the test's file)",
    )


class Mismatch(pytest.Item):
    """Takes the place of all tests in an xdist worker, where a usage error would end the controller in a traceback."""

    words = ""

    def setup(self) -> None:
        """Say what does not match: an error, and no failure of a clause."""
        pytest.fail(self.words, pytrace=False)

    def runtest(self) -> None:
        """Never come to this."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Check the clauses of all tests that were collected, and give those that are left theirs as properties."""
    try:
        if REFUSAL not in config.stash:
            check_clauses(items, _collected_folders(config))
    except pytest.UsageError as fault:
        if not hasattr(config, "workerinput"):
            raise
        mismatch = Mismatch.from_parent(session, name="clauses and tests match", nodeid="clauses::match")
        mismatch.words = str(fault)
        items[:] = [mismatch]
    yield
    for item in items:
        item.user_properties.extend((CLAUSE, clause.label) for clause in clauses_of(item))


def check_clauses(items: Iterable[pytest.Item], folders: Sequence[Path]) -> None:
    """Raise UsageError where tests and pages do not match.

    A clause that the room's page does not have, a test of the gate without a clause, and a clause of a page without a
    test, where one of the folders that were collected holds the whole room, are errors.
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
        if unproved and any(page.path.is_relative_to(folder) for folder in folders):
            raise pytest.UsageError(
                f"{page.path}: no test of {page.path.parent.name}/ proves {', '.join(unproved)}. Write one, and mark "
                f'it @pytest.mark.clause("{unproved[0]}"), or take the clause off the page.'
            )


def _collected_folders(config: pytest.Config) -> list[Path]:
    return [path for path in (config.invocation_params.dir / arg for arg in config.args) if path.is_dir()]


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
        pytest.fail(
            f"{', '.join(clause.label for clause in observed)}: this was observed, and nobody has said that it is "
            f"meant. Read the clause in {find_page(item.path).path}. If the table must promise it, take out the words "
            f'"{TO_BE_CONFIRMED}"; if not, correct the migration, and with it the clause.',
            pytrace=False,
        )


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


def _reports(terminal: Any, outcome: str) -> list[pytest.TestReport]:
    return [report for report in terminal.stats.get(outcome, []) if isinstance(report, pytest.TestReport)]


def _values(report: pytest.TestReport, name: str) -> list[Any]:
    return [value for key, value in report.user_properties if key == name]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None]:
    """End, after pytest's own summary, with one line per broken clause, or one that all held."""
    yield
    failed = _reports(terminalreporter, "failed")
    judged = [*failed, *_reports(terminalreporter, "passed")]
    proved = {name for report in judged for name in _values(report, CLAUSE)}
    if not proved:
        return
    examples = sum(number for report in judged for number in _values(report, EXAMPLES))
    terminalreporter.section("contract")
    unjudged = terminalreporter.stats.get("error", [])
    if unjudged:
        terminalreporter.line(
            "The gate did not run to its end: see the errors above. They say nothing of the contract."
        )
    observed = {name for report in failed for name in _values(report, TO_BE_CONFIRMED)}
    for name in _in_order({name for report in failed for name in _broken_by(report)}):
        breaking = sorted(report.nodeid for report in failed if name in _broken_by(report))
        more = f" (and {len(breaking) - 1} more)" if breaking[1:] else ""
        state = "to be confirmed" if name in observed else "broken"
        terminalreporter.line(f"{name} is {state}: {breaking[0]}{more}")
    if not failed and not unjudged:
        terminalreporter.line(f"All held: {len(proved)} clauses, {len(judged)} tests, {examples} examples.")


def _broken_by(report: pytest.TestReport) -> list[str]:
    """List the clauses that a failure speaks of: where it says that some are to be confirmed, those alone."""
    return _values(report, TO_BE_CONFIRMED) or _values(report, CLAUSE)


def _in_order(labels: Iterable[str]) -> list[str]:
    """Sort clauses by table, letter and number."""
    return sorted(labels, key=lambda label: [part.zfill(4) for part in re.split(r"(\d+)$", label)])
