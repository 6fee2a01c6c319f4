"""The exit status of a run, and its end before its time: decided here alone, from what the other plugins record.

0: every clause held. 1: a clause is broken. 3: the gate could not run, or not to its end. 4: an option or the folder of
migrations is wrong; that one, 2 (interrupted) and 5 (no test was chosen) are pytest's own.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NoReturn

import pytest

from tests.harness.plugins.stash import REFUSAL, SERVER

BROKEN, CANNOT_RUN = 1, 3
# Properties of a test's report, written where the test ran: why the server is lost; the test that hung.
SERVER_LOST, TEST_HUNG = "the server is lost", "the test hung"
UNJUDGED = "The gate cannot run to its end, and says nothing of the contract."
EARLY_END = "early_end"


@dataclass
class Facts:
    """What is known of a run: whether a test failed, a clause was found broken by no test, and the run was stopped."""

    test_failed: bool = False
    clause_found_broken: bool = False
    stopped: bool = False

    def exit_status(self, status: int) -> int:
        """Decide, where pytest would end with this status."""
        if self.clause_found_broken:
            return BROKEN
        if status != pytest.ExitCode.TESTS_FAILED:
            return status
        # Otherwise only fixtures failed, the gate's own.
        return BROKEN if self.test_failed else CANNOT_RUN


FACTS = pytest.StashKey[Facts]()


def cannot_run(reason: str) -> NoReturn:
    """End the run, with the reason as all that is shown."""
    pytest.exit(reason, returncode=CANNOT_RUN)


def stop(config: pytest.Config, reason: str) -> NoReturn:
    """End the run, and show what failed."""
    config.stash[FACTS].stopped = True
    pytest.exit(reason, returncode=BROKEN)


def report_broken_clause(config: pytest.Config, report: pytest.TestReport) -> None:
    """Report a clause as broken that no test of the run found."""
    config.stash[FACTS].clause_found_broken = True
    config.hook.pytest_runtest_logreport(report=report)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the plugins in the process at the terminal, not in xdist's workers."""
    config.stash[FACTS] = Facts()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Verdict(config), "verdict")
        config.pluginmanager.register(EarlyEnd(config), EARLY_END)


@dataclass(eq=False)
class EarlyEnd:
    """Ends the run where a report says that the server is lost, or that its test hung."""

    config: pytest.Config

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        """Stop before anyone counts a failure that says nothing of the contract, and after a test that hung."""
        properties = dict(report.user_properties)
        if SERVER_LOST in properties:
            self.config.stash[FACTS].stopped = True
            cannot_run(f"{UNJUDGED} While {report.nodeid} ran, PostgreSQL was lost: {properties[SERVER_LOST]}")
        yield
        if TEST_HUNG in properties:
            stop(self.config, f"{report.nodeid} did not end. See above.")


@dataclass(eq=False)
class Verdict:
    """Keeps the facts, and sets the exit status."""

    config: pytest.Config

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell a test that failed from a fixture that did."""
        if report.failed and report.when == "call":
            self.config.stash[FACTS].test_failed = True

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Ignore what fails in the teardown after a stop; report a server that was lost after the last test."""
        facts = self.config.stash[FACTS]
        try:
            yield
        except Exception:
            if not facts.stopped:
                raise
        if not facts.stopped and not facts.clause_found_broken and (reason := lost_server(self.config)):
            cannot_run(f"{UNJUDGED} After the last test PostgreSQL was found lost: {reason}")
        session.exitstatus = facts.exit_status(int(session.exitstatus))


def lost_server(config: pytest.Config) -> str | None:
    """Say why the run's server is lost, if it is; where a migration ended it, the migration's report says so."""
    if SERVER not in config.stash or REFUSAL in config.stash:
        return None
    return config.stash[SERVER].exit_reason()
