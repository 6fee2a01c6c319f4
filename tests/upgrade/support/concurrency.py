"""Several sessions at once on one database: appliers side by side, and the application beside an applier.

Nothing sleeps: a session_group goes on when PostgreSQL says that a session waits for a lock, or when it has ended.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import SESSION_SECONDS
from tests.harness.migrations.deliveries import Delivery, DeliveryResult, refused
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

# A lock is granted at once; that the session knows, and pg_stat_activity with it, takes a moment longer.
WAITING = """
SELECT count(DISTINCT l.pid) FROM pg_locks AS l INNER JOIN pg_stat_activity AS a USING (pid)
WHERE a.datname = current_database() AND NOT l.granted
"""
END_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

READ = sql.SQL("SELECT count(*) FROM {}")
WRITE = sql.SQL("DELETE FROM {} WHERE ctid = {}")
# Two rows, so that the application never waits for the holder itself.
HOLDERS_ROW, APPLICATIONS_ROW = "(0,1)", "(0,2)"
HOLDERS = {"reader": READ, "writer": sql.SQL("DELETE FROM {} WHERE ctid = '(0,1)'")}


@dataclass(frozen=True)
class Applier:
    """A delivery under way."""

    future: Future[DeliveryResult]

    def receipt(self, seconds: float = SESSION_SECONDS) -> DeliveryResult:
        """Wait for its end; one that waits for ever is told of as an error."""
        try:
            return self.future.result(seconds)
        except TimeoutError:
            return DeliveryResult(error=f"it still waited after {seconds:g} s, and was ended")


@dataclass(frozen=True)
class SessionGroup:
    """One database, many sessions, and one that looks on."""

    database: Database
    pool: ThreadPoolExecutor
    observer: Connection

    def deliver(self, case: MigrationCase, delivery: Delivery) -> Applier:
        """Begin a delivery."""
        return Applier(self.pool.submit(delivery, self.database, case.migration))

    def ask(self, query: sql.Composed) -> Future[None]:
        """Let the application send a query."""
        return self.pool.submit(self._ask, query)

    def settle(self, sessions: Collection[Future[Any]]) -> None:
        """Go on when each of the sessions has ended or waits for a lock."""
        end = time.monotonic() + SESSION_SECONDS
        while time.monotonic() < end:
            ended = sum(session.done() for session in sessions)
            waiting = self.observer.execute(WAITING).fetchone()
            if waiting is not None and ended + int(str(waiting[0])) >= len(sessions):
                return
            wait([session for session in sessions if not session.done()], timeout=0.005)

    def _ask(self, query: sql.Composed) -> None:
        with closing(self.database.connect(MIGRATOR)) as connection:
            connection.execute("BEGIN")
            connection.execute(query)


@contextmanager
def session_group(database: Database) -> Iterator[SessionGroup]:
    """Set the session_group; whoever is still there when it ends is shown out."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(32))
        observer = stack.enter_context(closing(database.connect(SUPERUSER)))
        stack.callback(observer.execute, END_THE_OTHERS)
        yield SessionGroup(database, pool, observer)


def all_at_once(
    case: MigrationCase, database: Database, others: Sequence[Delivery], stand: int
) -> list[DeliveryResult]:
    """Deliver the file by all of `others` at once, while a first applier stands after `stand` statements."""
    with session_group(database) as at, closing(database.connect(MIGRATOR)) as first:
        receipts = [_run(first, case, slice(None, stand))]
        appliers = [at.deliver(case, delivery) for delivery in others]
        at.settle([applier.future for applier in appliers])
        receipts.append(_run(first, case, slice(stand, None)))
        return receipts + [applier.receipt() for applier in appliers]


def beside_a_holder(
    case: MigrationCase, database: Database, delivery: Delivery, holder: str
) -> tuple[DeliveryResult, list[str]]:
    """Deliver the file while a reader or writer holds every table, and the application goes on.

    Return the receipt, and the application's queries that are not answered when the applier has ended.
    """
    with session_group(database) as at, closing(database.connect(MIGRATOR)) as holding:
        tables = snapshots.tables(at.observer)
        holding.execute("BEGIN")
        for table in tables:
            holding.execute(HOLDERS[holder].format(table))
        applier = at.deliver(case, delivery)
        at.settle([applier.future])
        queries = [READ.format(table) for table in tables] + [WRITE.format(table, APPLICATIONS_ROW) for table in tables]
        asked = {query.as_string(None): at.ask(query) for query in queries}
        at.settle([applier.future, *asked.values()])
        receipt = applier.receipt()
        at.settle(list(asked.values()))
        return receipt, [query for query, answer in asked.items() if not answer.done()]


def _run(connection: Connection, case: MigrationCase, part: slice) -> DeliveryResult:
    for statement in case.migration.statements[part]:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as refusal:
            return refused(refusal)
    return DeliveryResult()
