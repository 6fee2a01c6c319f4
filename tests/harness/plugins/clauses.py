"""Which clause each test speaks of: checked at collection, told in JUnit, in failures, and at the end of the run."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from tests.harness.core.paths import GATE
from tests.harness.plugins import contract_page
from tests.harness.plugins.contract_page import PAGE
from tests.harness.plugins.hypothesis import EXAMPLES
from tests.harness.plugins.start import CANNOT_RUN, MIGRATIONS

CLAUSE = "clause"
CONTRACT = contract_page.read()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "clause(id, ...): the clauses of tests/contract/CONTRACT.md that it proves")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its clauses as properties; an unknown clause, or none in the gate, is an error."""
    for item in items:
        named = _clauses_of(item)
        unknown = [name for name in named if name not in CONTRACT]
        if unknown:
            raise pytest.UsageError(f"{item.nodeid}: no clause {', '.join(unknown)} in {PAGE.name}.")
        if not named and any(item.path.is_relative_to(room) for room in GATE):
            raise pytest.UsageError(f'{item.nodeid}: say which clause it proves: @pytest.mark.clause("…").')
        item.user_properties.extend((CLAUSE, name) for name in named)


def _clauses_of(item: pytest.Item) -> list[str]:
    return list(dict.fromkeys(name for mark in item.iter_markers(CLAUSE) for name in mark.args))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the broken clause, and where it is promised, to a failure."""
    report = yield
    if report.failed:
        for name in _clauses_of(item):
            lines = [CONTRACT[name].text]
            lines += [f"    {line}" for line in CONTRACT[name].promised_at(item.config.stash[MIGRATIONS])]
            report.sections.append((f"The clause: {name}", "\n".join(lines)))
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
    for name in CONTRACT:
        breaking = sorted(report.nodeid for report in failed if name in _values(report, CLAUSE))
        if breaking:
            terminalreporter.line(f"{name} is broken: {breaking[0]}" + _and_more(len(breaking) - 1))
    if not failed and not unjudged:
        terminalreporter.line(f"All held: {len(proved)} clauses, {len(judged)} tests, {examples} examples.")


def _and_more(number: int) -> str:
    return f" (and {number} more)" if number else ""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep 1 for a broken clause: where nothing failed but the gate's own fixtures, it could not run."""
    terminal: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and exitstatus == pytest.ExitCode.TESTS_FAILED and not _reports(terminal, "failed"):
        session.exitstatus = CANNOT_RUN
