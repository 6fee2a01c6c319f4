"""Ends statements that take too long, from outside of the sessions that run them.

The migrations have been applied twice before the first test; a statement that hangs now waited for rows, for a
database's name, or for a third run. No statement_timeout would do, as a migration may change the setting.
"""

import threading
from contextlib import closing
from pathlib import Path

import psycopg

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import Timeouts
from tests.harness.server.lifecycle import Server

INTERVAL_SECONDS = 1.0
LATE = Path(__file__).with_name("watchdog.sql").read_bytes()


class Watchdog(threading.Thread):
    """Looks every second for statements at work for longer than their time-out, and terminates their sessions."""

    def __init__(self, server: Server, timeouts: Timeouts) -> None:
        super().__init__(name="watchdog", daemon=True)
        self.server = server
        self.timeouts = timeouts
        self.ended: list[str] = []
        self._over = threading.Event()

    def run(self) -> None:
        """Look until told to stop, or until the server is gone, which the tests report."""
        try:
            with closing(self.server.connect(SUPERUSER)) as superuser:
                while not self._over.wait(min(INTERVAL_SECONDS, self.timeouts.statement)):
                    first, later = self.timeouts.statement, self.timeouts.statement_after_the_first
                    seconds = min(first, later) if self.ended else first
                    for database, role, query, _ in superuser.execute(LATE, (seconds,)).fetchall():
                        self.ended.append(f"in database {database}, as {role}: {' '.join(str(query).split())}")
        except psycopg.OperationalError:
            return

    def stop(self) -> None:
        """Look no more, and wait until the thread has ended."""
        self._over.set()
        self.join()
