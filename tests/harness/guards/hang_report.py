"""A bound on how long a test may take, and what the server was doing when one took longer.

pytest-timeout raises a failure once: Hypothesis takes that for a counterexample, and runs the hanging example again
with no bound. So the bound is our own. It counts for each phase of a test, and anew for each example, as a deeper
search has many; what is raised is nothing that Hypothesis catches; and it is raised again if the test goes on.
"""

from __future__ import annotations

import os
import signal
import traceback
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg
from _pytest.outcomes import OutcomeException
from psycopg.rows import dict_row

from tests.harness.core.paths import ROOT
from tests.harness.core.roles import SUPERUSER
from tests.harness.server.connection import connect
from tests.harness.server.lifecycle import Server

# Until the next blow, for what is stopped and does not end.
AGAIN_SECONDS = 5
# How long the look at the server may take, and each of its queries.
LOOK_SECONDS = 5

STATE = """
SELECT
    pid, datname, usename, state, wait_event_type || ' ' || wait_event AS wait, pg_blocking_pids(pid) AS blockers,
    (SELECT string_agg(mode || ' on ' || locktype, ', ') FROM pg_locks WHERE pid = a.pid AND NOT granted) AS wanted,
    extract(EPOCH FROM clock_timestamp() - state_change)::int AS seconds,
    regexp_replace(left(query, 300), '\\s+', ' ', 'g') AS query
FROM pg_stat_activity AS a
WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()
ORDER BY cardinality(pg_blocking_pids(pid)) DESC, pid
"""
# Only those that work, or wait, for this process: what it has idle can still be rolled back.
END_OURS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE
    state = 'active' AND pid <> pg_backend_pid()
    AND (application_name = current_setting('application_name') OR datname ~ ('_' || %s || '_[0-9]+$'))
"""


class TestTimedOut(OutcomeException):
    """A test did not end.

    Not an Exception: Hypothesis, and tests that expect one, must let it pass. But an outcome, as pytest.fail's is:
    after any other BaseException pytest leaves out what is still to be tidied up.
    """


@dataclass(frozen=True)
class HangReport:
    """A test that was stopped: where it was, and what the server was doing."""

    seconds: float
    where: str
    state: str

    def __str__(self) -> str:
        """Say it as a person at the terminal wants to read it."""
        return (
            f"It did not end within {self.seconds:g} s, and was stopped; no test after it was tried.\n"
            "  What must happen: each test, and each example of one, ends in a small part of that time.\n"
            "  Hint: see below who waits for whom, or computes without end.\n"
            f"  It was here:\n{self.where}"
        )


@dataclass
class TestTimeout:
    """The bound on whatever this process is testing."""

    seconds: float
    server: Server
    worker: str
    hang: HangReport | None = None

    def begin(self) -> None:
        """Count from now on."""
        signal.signal(signal.SIGALRM, self._strike)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS if self.hang else self.seconds)

    def again(self) -> None:
        """Count anew, for the next example; raise TestTimedOut if an earlier one hung."""
        if self.hang is not None:
            raise TestTimedOut(str(self.hang))
        if signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0):
            self.begin()

    def end(self) -> None:
        """Count no longer."""
        stop_counting()

    def _strike(self, _: int, frame: FrameType | None) -> None:
        stop_counting()
        if self.hang is None:
            self.hang = HangReport(self.seconds, _where(frame), look(self.server, self.worker))
        self.begin()
        raise TestTimedOut(str(self.hang))


def stop_counting() -> None:
    """Let nothing strike any more, until something begins."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def look(server: Server, worker: str) -> str:
    """Say what the server's sessions are doing, and end those that work for `worker`; never fail, or hang."""
    try:
        with closing(connect(server.socket_dir, server.password, SUPERUSER, seconds=LOOK_SECONDS)) as connection:
            sessions = connection.cursor(row_factory=dict_row).execute(STATE).fetchall()
            connection.execute(END_OURS, (worker,))
    except psycopg.Error as silence:
        return f"The server did not say: {silence}"
    return "\n".join(map(_told, sessions)) or "No session was doing anything: the test hung by itself."


def _told(session: dict[str, object]) -> str:
    lines = [
        f"{session['pid']}: {session['usename']} on {session['datname']}, {session['state']} "
        f"since {session['seconds']} s" + (f", waiting for {session['wait']}" if session["wait"] else "")
    ]
    if session["blockers"]:
        lines.append(f"    it wants {session['wanted']}, and waits for {session['blockers']}")
    lines.append(f"    {session['query']}")
    return "\n".join(lines)


def _where(frame: FrameType | None) -> str:
    """Show the innermost lines of ours."""
    ours = [each for each in traceback.extract_stack(frame) if each.filename.startswith(f"{ROOT}{os.sep}tests")]
    lines = [f"    {Path(each.filename).relative_to(ROOT)}:{each.lineno}: {each.line}" for each in ours[-5:]]
    return "\n".join(lines) or "    (no line of the tests)"
