"""A time-out for tests, and a report of what the server was doing when a test hung.

pytest-timeout raises a failure once: Hypothesis takes that for a counterexample, and runs the hanging example again
without a time-out. This one counts for each phase of a test, and again for each example, as a deeper search has many;
it raises what Hypothesis does not catch; and it raises it again if the test goes on.
"""

import os
import signal
import traceback
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg
from psycopg.rows import scalar_row

from tests.harness.core.paths import ROOT
from tests.harness.core.private_api import OutcomeException
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS, Timeouts
from tests.harness.server.connection import connect
from tests.harness.server.lifecycle import Server

STATE = Path(__file__).with_suffix(".sql").read_bytes()
END_OWN_SESSIONS = Path(__file__).with_name("end_own_sessions.sql").read_bytes()


class TestTimedOut(OutcomeException):
    """A test did not end.

    Not an Exception, which Hypothesis, and tests that expect one, would catch. But an outcome, as pytest.fail's is:
    after any other BaseException pytest does not tear down the fixtures.
    """


@dataclass
class TestTimeout:
    """The time-out of the test that this process runs, by the process's alarm clock; and how it hung, if it did."""

    timeouts: Timeouts
    server: Server
    worker: str
    hang: str = ""
    server_state: str = ""

    def start(self) -> None:
        """Start the clock."""
        signal.signal(signal.SIGALRM, self._on_alarm)
        timeouts = self.timeouts
        signal.setitimer(signal.ITIMER_REAL, timeouts.test_after_the_first if self.hang else timeouts.test)

    def restart(self) -> None:
        """Start the clock again, for the next example; raise TestTimedOut if an earlier one hung."""
        if self.hang:
            raise TestTimedOut(self.hang)
        if signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
            self.start()

    def _on_alarm(self, _: int, frame: FrameType | None) -> None:
        stop_clock()
        if not self.hang:
            self.server_state = describe_sessions(self.server, self.worker)
            self.hang = (
                f"It did not end within {self.timeouts.test:g} s, and was stopped; no test after it was tried.\n"
                "  What must happen: each test, and each example of one, ends in a small part of that time.\n"
                "  Hint: see below who waits for whom, or computes without end.\n"
                f"  It was here:\n{_where(frame)}"
            )
        self.start()
        raise TestTimedOut(self.hang)


def stop_clock() -> None:
    """Stop the clock of whichever test runs."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def describe_sessions(server: Server, worker: str) -> str:
    """Say what the server's sessions are doing, and end those of `worker`; never fail, or hang."""
    seconds = TIMEOUTS.hang_report
    try:
        with closing(connect(server.socket_dir, server.password, SUPERUSER, seconds=seconds)) as connection:
            sessions = connection.cursor(row_factory=scalar_row).execute(STATE).fetchall()
            connection.execute(END_OWN_SESSIONS, (worker,))
    except psycopg.Error as refusal:
        return f"The server did not say: {refusal}"
    return "\n".join(map(str, sessions)) or "No session was doing anything: the test hung by itself."


def _where(frame: FrameType | None) -> str:
    """Show the innermost lines of the tests and the harness, but for modules that pytest hides in a traceback too."""
    shown = [at for at, _ in traceback.walk_stack(frame) if not at.f_globals.get("__tracebackhide__")]
    summary = traceback.StackSummary.extract((at, at.f_lineno) for at in reversed(shown))
    ours = [each for each in summary if each.filename.startswith(f"{ROOT}{os.sep}tests")]
    lines = [f"    {Path(each.filename).relative_to(ROOT)}:{each.lineno}: {each.line}" for each in ours[-5:]]
    return "\n".join(lines) or "    (no line of the tests)"
