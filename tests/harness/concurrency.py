"""Several sessions at once on one database: appliers side by side, and the application beside an applier.

Nothing sleeps: a scene goes on when PostgreSQL says that a session waits for a lock, or when it has ended.
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

from tests.harness import fingerprint, platform
from tests.harness.deliveries import Delivery, Receipt, refused
from tests.harness.fix_database import Database
from tests.harness.server import SUPERUSER, Connection
from tests.harness.step import PATIENCE_SECONDS, Step

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

    future: Future[Receipt]

    def receipt(self) -> Receipt:
        """Wait for its end; one that waits for ever is told of as an error."""
        try:
            return self.future.result(PATIENCE_SECONDS)
        except TimeoutError:
            return Receipt(error=f"it still waited after {PATIENCE_SECONDS} s, and was ended")


@dataclass(frozen=True)
class Scene:
    """One database, many sessions, and one that looks on."""

    database: Database
    pool: ThreadPoolExecutor
    eye: Connection

    def deliver(self, step: Step, delivery: Delivery) -> Applier:
        """Begin a delivery."""
        return Applier(self.pool.submit(delivery, self.database, step.migration))

    def ask(self, query: sql.Composed) -> Future[None]:
        """Let the application send a query."""
        return self.pool.submit(self._ask, query)

    def settle(self, sessions: Collection[Future[Any]]) -> None:
        """Go on when each of the sessions has ended or waits for a lock."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            ended = sum(session.done() for session in sessions)
            waiting = self.eye.execute(WAITING).fetchone()
            if waiting is not None and ended + int(str(waiting[0])) >= len(sessions):
                return
            wait([session for session in sessions if not session.done()], timeout=0.005)

    def _ask(self, query: sql.Composed) -> None:
        with closing(self.database.connect(platform.MIGRATOR)) as connection:
            connection.execute("BEGIN")
            connection.execute(query)


@contextmanager
def scene(database: Database) -> Iterator[Scene]:
    """Set the scene; whoever is still there when it ends is shown out."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(32))
        eye = stack.enter_context(closing(database.connect(SUPERUSER)))
        stack.callback(eye.execute, END_THE_OTHERS)
        yield Scene(database, pool, eye)


def all_at_once(step: Step, database: Database, others: Sequence[Delivery], stand: int) -> list[Receipt]:
    """Deliver the file by all of `others` at once, while a first applier stands after `stand` statements."""
    with scene(database) as at, closing(database.connect(platform.MIGRATOR)) as first:
        receipts = [_run(first, step, slice(None, stand))]
        appliers = [at.deliver(step, delivery) for delivery in others]
        at.settle([applier.future for applier in appliers])
        receipts.append(_run(first, step, slice(stand, None)))
        return receipts + [applier.receipt() for applier in appliers]


def beside_a_holder(step: Step, database: Database, delivery: Delivery, holder: str) -> tuple[Receipt, list[str]]:
    """Deliver the file while a reader or writer holds every table, and the application goes on.

    Return the receipt, and the application's queries that are not answered when the applier has ended.
    """
    with scene(database) as at, closing(database.connect(platform.MIGRATOR)) as holding:
        tables = fingerprint.tables(at.eye)
        holding.execute("BEGIN")
        for table in tables:
            holding.execute(HOLDERS[holder].format(table))
        applier = at.deliver(step, delivery)
        at.settle([applier.future])
        queries = [READ.format(table) for table in tables] + [WRITE.format(table, APPLICATIONS_ROW) for table in tables]
        asked = {query.as_string(None): at.ask(query) for query in queries}
        at.settle([applier.future, *asked.values()])
        receipt = applier.receipt()
        at.settle(list(asked.values()))
        return receipt, [query for query, answer in asked.items() if not answer.done()]


def _run(connection: Connection, step: Step, part: slice) -> Receipt:
    for statement in step.migration.statements[part]:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as refusal:
            return refused(refusal)
    return Receipt()
