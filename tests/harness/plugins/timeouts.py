"""Stops a test that hangs; says in a test's report that it hung, or that the server was lost under it."""

from collections.abc import Generator

import pytest

from tests.harness.guards import hang_report
from tests.harness.guards.hang_report import TestTimeout
from tests.harness.plugins.options import worker
from tests.harness.plugins.stash import RUN_TIMEOUTS, SERVER
from tests.harness.plugins.verdict import SERVER_LOST, TEST_HUNG, lost_server

TIMEOUT = pytest.StashKey[TestTimeout]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Bound the fixtures; and, each anew, the test and the teardown of the fixtures."""
    stash, options = item.config.stash, item.config.option
    # Debugging takes any time.
    if options.usepdb or options.trace or SERVER not in stash:
        return (yield)
    timeout = item.stash.setdefault(TIMEOUT, TestTimeout(stash[RUN_TIMEOUTS], stash[SERVER], worker()))
    timeout.start()
    try:
        return (yield)
    finally:
        hang_report.stop_clock()


pytest_runtest_call = pytest_runtest_teardown = pytest_runtest_setup


def next_example(item: pytest.Item) -> None:
    """Start the clock again for the next example of a test. Raises TestTimedOut if an earlier one hung."""
    if TIMEOUT in item.stash:
        item.stash[TIMEOUT].restart()


@pytest.hookimpl
def pytest_enter_pdb() -> None:
    """Stop the clock where a test stops at a breakpoint."""
    hang_report.stop_clock()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write into the report of a test that hung, or that failed because the server is lost, that it was so."""
    report = yield
    timeout = item.stash.get(TIMEOUT, None)
    if timeout is not None and timeout.hang and (TEST_HUNG, item.nodeid) not in item.user_properties:
        # Whatever the test did when it was stopped.
        report.outcome, report.longrepr = "failed", timeout.hang
        report.sections.append(("The server, when the test was stopped", timeout.server_state))
        item.user_properties.append((TEST_HUNG, item.nodeid))
        report.user_properties.append((TEST_HUNG, item.nodeid))
    elif report.failed and (reason := lost_server(item.config)):
        report.user_properties.append((SERVER_LOST, reason))
    return report
