"""What ends a run before its time: a test that hangs, and a server that is gone. Either is said once.

A worker finds out, and writes it into the test's report; the process at the terminal reads it there and stops.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import NoReturn

import pytest

from tests.harness.guards import hang_report
from tests.harness.guards.hang_report import TestTimeout
from tests.harness.plugins.databases import worker
from tests.harness.plugins.start import CANNOT_RUN, REFUSAL, SERVER

BOUND = pytest.StashKey[TestTimeout]()
# The names of a report's properties.
GONE, HUNG = "the server is gone", "the test hung"
SECONDS = "hang_seconds"
READER = "reader_of_the_end"
NO_VERDICT = "The gate cannot run to its end, and says nothing of the contract."


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting."""
    parser.addini(SECONDS, "after how many seconds a test, or an example of one, is stopped", default="300")


def pytest_configure(config: pytest.Config) -> None:
    """Let the server know whose sessions are whose; at the terminal, read the reports."""
    os.environ["PGAPPNAME"] = f"gate {worker()}"
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ReportReader(config), READER)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Bound the fixtures."""
    yield from _bounded(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Bound the test."""
    yield from _bounded(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Bound what tidies up."""
    yield from _bounded(item)


def _bounded(item: pytest.Item) -> Generator[None]:
    options = item.config.option
    # A person who debugs takes as long as it takes.
    if options.usepdb or options.trace or SERVER not in item.config.stash:
        return (yield)
    seconds = float(item.config.getini(SECONDS))
    bound = item.stash.setdefault(BOUND, TestTimeout(seconds, item.config.stash[SERVER], worker()))
    bound.begin()
    try:
        return (yield)
    finally:
        bound.end()


def next_example(item: pytest.Item) -> None:
    """Count anew for the next example of a test. Raises TookTooLong if an earlier one hung."""
    if BOUND in item.stash:
        item.stash[BOUND].again()


@pytest.hookimpl
def pytest_enter_pdb() -> None:
    """Count no longer where a test stops at a breakpoint."""
    hang_report.stop_counting()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write into the report of a test that hung, or that failed because the server is gone, that it was so."""
    report = yield
    hang = item.stash[BOUND].hang if BOUND in item.stash else None
    if hang is not None and (HUNG, item.nodeid) not in item.user_properties:
        # Whatever the test made of being stopped.
        report.outcome, report.longrepr = "failed", str(hang)
        report.sections.append(("The server, when the test was stopped", hang.state))
        item.user_properties.append((HUNG, item.nodeid))
        report.user_properties.append((HUNG, item.nodeid))
    # A migration that ended the server is what the report is about.
    elif report.failed and REFUSAL not in item.config.stash and (words := _last_words(item.config)):
        report.user_properties.append((GONE, words))
    return report


def _last_words(config: pytest.Config) -> str | None:
    return config.stash[SERVER].last_words() if SERVER in config.stash else None


class ReportReader:
    """Reads the reports at the terminal, and stops the run."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the run's configuration."""
        self.config = config
        self.stopped = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        """Stop before anyone counts a failure that says nothing of the contract, and after one that hung."""
        properties = dict(report.user_properties)
        if GONE in properties:
            self._stop(f"{NO_VERDICT} While {report.nodeid} ran, PostgreSQL was lost: {properties[GONE]}", CANNOT_RUN)
        yield
        if HUNG in properties:
            self._stop(f"{report.nodeid} did not end. See above.", pytest.ExitCode.TESTS_FAILED)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Tidy up as far as that goes after a stop; pass nothing that the server did not live to see."""
        try:
            yield
        except Exception:
            if not self.stopped:
                raise
        if not self.stopped and REFUSAL not in self.config.stash and (words := _last_words(self.config)):
            self._stop(f"{NO_VERDICT} After the last test PostgreSQL was found lost: {words}", CANNOT_RUN)

    def _stop(self, reason: str, status: int) -> NoReturn:
        self.stopped = True
        pytest.exit(reason, status)
