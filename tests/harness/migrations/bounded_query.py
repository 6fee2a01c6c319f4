"""One simple query, bounded in time and in what it may send: its session is ended where it passes a bound.

A migration may catch a cancellation, set its own statement_timeout, and send without an end; it cannot catch that the
superuser terminates its session. The results that came before the error say which statement did not end.
"""

import select
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

import psycopg
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.server.connection import Connection, connect

# Rows, notices and notifications together; each counts so many bytes more than its text.
MOST_BYTES = 16_000_000
EACH_BYTES = 100

COPYING = (ExecStatus.COPY_IN, ExecStatus.COPY_OUT, ExecStatus.COPY_BOTH)


class _NotWaitedFor(Exception):
    """A session was terminated, and its error is not waited for any longer."""


@dataclass
class BoundedQuery:
    """A simple query and its result: how many statements were done, and the first error.

    `how` and `hint` are set where it did not end by itself: the gate ended it, or the server was lost.
    """

    connection: Connection
    seconds: float
    done: int = 0
    failure: psycopg.Error | None = None
    how: str = ""
    hint: str = ""
    _end: float = 0
    _bytes: int = field(default=0, repr=False)

    def send(self, text: str) -> None:
        """Send the query, and read the results up to its end or to a bound."""
        channel = self.connection.pgconn
        self.connection.add_notice_handler(lambda notice: self._count(notice.message_primary, notice.message_detail))
        self._end = time.monotonic() + self.seconds
        try:
            channel.send_query(text.encode())
            # Row by row, so that none is kept.
            channel.set_single_row_mode()
            with suppress(_NotWaitedFor):
                while (result := next_result(channel, self._seconds_left, self._count)) is not None:
                    self._take(result)
        except psycopg.OperationalError as lost:
            self.failure = self.failure or lost
        if self.how and self.failure is None:
            # No error came, or it was done already when its session was terminated.
            self.failure = psycopg.errors.AdminShutdown(self.how)
        if self.failure is not None and self.failure.sqlstate is None and not self.how:
            self.how = f"the server was lost under this statement ({' '.join(str(self.failure).split())})."
            self.hint = "let it take less memory and disk, and end no process."

    def _take(self, result: PGresult) -> None:
        if result.status == ExecStatus.SINGLE_TUPLE:
            self._count(*(result.get_value(0, column) for column in range(result.nfields)))
        elif result.status == ExecStatus.FATAL_ERROR:
            self.failure = self.failure or psycopg.errors.error_from_result(result)
        elif result.status in COPYING:
            self._terminate("it exchanges rows with the client that applies it.", "INSERT, and SELECT nothing.")
            raise _NotWaitedFor
        elif self.failure is None:
            self.done += 1

    def _seconds_left(self) -> float:
        """Return how many seconds are left; terminate the session where a bound is passed."""
        left = self._end - time.monotonic()
        if left > 0 and (self.how or self._bytes <= MOST_BYTES):
            return left
        if self.how:
            raise _NotWaitedFor
        if left <= 0:
            return self._terminate(
                f"this statement was still at work when the file had had {self.seconds:g} s, and was ended.",
                "no endless loop, no sleep; fill large tables in batches, from outside of the migration.",
            )
        return self._terminate(
            f"it sends more than {MOST_BYTES // 1_000_000} MB of rows and messages to the client that applies it.",
            "select nothing, and RAISE what a person can read.",
        )

    def _terminate(self, how: str, hint: str) -> float:
        self.how, self.hint = how, hint
        self._end = time.monotonic() + TIMEOUTS.termination
        terminate(self.connection)
        return TIMEOUTS.termination

    def _count(self, *texts: bytes | str | None) -> None:
        self._bytes += EACH_BYTES + sum(len(text or b"") for text in texts)


def terminate(connection: Connection) -> None:
    """End a session from outside, as the superuser. Raises psycopg.OperationalError if the server is not there."""
    info = connection.info
    seconds = int(TIMEOUTS.termination)
    with closing(connect(info.host, info.password, SUPERUSER, seconds=seconds)) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s)", (info.backend_pid,))


def next_result(
    channel: PGconn,
    seconds_left: Callable[[], float | None] = lambda: None,
    notify: Callable[[bytes], object] = lambda _: None,
) -> PGresult | None:
    """Wait for a result without holding up the other threads, as PQgetResult itself would."""
    seconds_left()
    while (unsent := channel.flush()) or channel.is_busy():
        select.select([channel.socket], [channel.socket] if unsent else [], [], seconds_left())
        channel.consume_input()
        while (notification := channel.notifies()) is not None:
            notify(notification.extra)
    return channel.get_result()
