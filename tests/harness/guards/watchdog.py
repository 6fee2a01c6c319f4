"""End the statements that do not end by themselves, whoever sent them.

The migrations have been applied twice before the first test; what hangs now waited for rows, for a name, or for a
third run. A statement cannot be trusted to heed a setting that its own file may change, so it is watched from outside.
"""

from __future__ import annotations

import threading
from contextlib import closing

import psycopg

from tests.harness.core.roles import SUPERUSER
from tests.harness.server.lifecycle import Server

INTERVAL_SECONDS = 1.0
# Once something hung, the run is about to stop, and what else hangs need not be waited for as long.
AFTERWARDS_SECONDS = 3.0
LATE = """
SELECT datname, usename, query, pg_terminate_backend(pid) FROM pg_stat_activity
WHERE
    backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
    AND clock_timestamp() - query_start > make_interval(secs => %s)
"""


class Watchdog(threading.Thread):
    """Looks every second for statements that are at work for longer than `seconds`, and terminates their sessions."""

    def __init__(self, server: Server, seconds: float) -> None:
        super().__init__(name="watch", daemon=True)
        self.server = server
        self.seconds = seconds
        self.ended: list[str] = []
        self._over = threading.Event()

    def run(self) -> None:
        """Look until told to stop, or until the server is gone: others tell of that."""
        try:
            with closing(self.server.connect(SUPERUSER)) as superuser:
                while not self._over.wait(min(INTERVAL_SECONDS, self.seconds)):
                    patience = min(self.seconds, AFTERWARDS_SECONDS) if self.ended else self.seconds
                    for database, role, query, _ in superuser.execute(LATE, (patience,)).fetchall():
                        self.ended.append(f"in database {database}, as {role}: {' '.join(str(query).split())}")
        except psycopg.OperationalError:
            return

    def stop(self) -> None:
        """Look no more, and wait until the thread has ended."""
        self._over.set()
        self.join()
