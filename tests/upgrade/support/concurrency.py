"""Several sessions at once on one database: appliers side by side, and the application beside an applier."""

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.deliveries import Delivery, DeliveryResult, deliver_each
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

WAITING = Path(__file__).with_name("waiting.sql").read_bytes()
END_THE_OTHERS = Path(__file__).with_name("end_the_others.sql").read_bytes()

READ = "SELECT count(*) FROM {table}"
# The locks of an UPDATE: what a table may refuse (by a trigger, a foreign key, for want of a replica identity) is not
# asked of it.
WRITE = "LOCK TABLE {table} IN ROW EXCLUSIVE MODE; SELECT FROM {table} WHERE ctid = '(0,%d)' FOR UPDATE"
LOCK_HOLDERS = {"reader": sql.SQL(READ), "writer": sql.SQL(WRITE % 1)}
# Not on the row of the lock holder, for which it would wait.
APPLICATION = (sql.SQL(READ), sql.SQL(WRITE % 2))


@dataclass(frozen=True)
class SessionGroup:
    """Sessions that work on one database, each in a thread, and one that observes them."""

    pool: ThreadPoolExecutor
    observer: Connection

    def wait_until_ended_or_blocked(self, sessions: Collection[Future[Any]]) -> None:
        """Go on when each of the sessions has ended or waits for a lock."""
        end = time.monotonic() + TIMEOUTS.session
        while time.monotonic() < end:
            ended = sum(session.done() for session in sessions)
            waiting = self.observer.execute(WAITING).fetchone()
            if waiting is not None and ended + int(str(waiting[0])) >= len(sessions):
                return
            wait([session for session in sessions if not session.done()], timeout=0.005)


@contextmanager
def session_group(observer: Connection) -> Iterator[SessionGroup]:
    """Open the group; the sessions that are still there when it ends are terminated."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(32))
        stack.callback(observer.execute, END_THE_OTHERS)
        yield SessionGroup(pool, observer)


def deliver_at_once(
    case: MigrationCase, database: Database, others: Sequence[Delivery], statements_before: int
) -> list[DeliveryResult]:
    """Deliver the file by all of `others` at once, while a first applier has run `statements_before` statements."""
    with session_group(case.databases.observer(database)) as group, closing(database.connect(MIGRATOR)) as first:
        before = deliver_each(first, case.migration.statements[:statements_before])
        appliers = [group.pool.submit(delivery, database, case.migration) for delivery in others]
        group.wait_until_ended_or_blocked(appliers)
        after = deliver_each(first, case.migration.statements[statements_before:])
        return [before, after, *map(result_of, appliers)]


def deliver_beside_lock_holder(
    case: MigrationCase, database: Database, delivery: Delivery, holder: str
) -> tuple[DeliveryResult, list[str]]:
    """Deliver the file beside a long reader or writer: the result, and what the application is not answered by then."""

    def ask(query: sql.Composed) -> None:
        with closing(database.connect(MIGRATOR)) as application:
            application.execute("BEGIN")
            application.execute(query)

    observer = case.databases.observer(database)
    with session_group(observer) as group, closing(database.connect(MIGRATOR)) as holder_session:
        tables = snapshots.tables(observer)
        holder_session.execute("BEGIN")
        for table in tables:
            holder_session.execute(LOCK_HOLDERS[holder].format(table=table))
        applier = group.pool.submit(delivery, database, case.migration)
        group.wait_until_ended_or_blocked([applier])
        queries = [query.format(table=table) for query in APPLICATION for table in tables]
        asked = {query.as_string(None): group.pool.submit(ask, query) for query in queries}
        group.wait_until_ended_or_blocked([applier, *asked.values()])
        result = result_of(applier)
        group.wait_until_ended_or_blocked(list(asked.values()))
        return result, [query for query, answer in asked.items() if not answer.done()]


def result_of(applier: Future[DeliveryResult], seconds: float = TIMEOUTS.session) -> DeliveryResult:
    """Wait for an applier's end; one that waits for ever is told of as an error."""
    try:
        return applier.result(seconds)
    except TimeoutError:
        return DeliveryResult(error=f"it still waited after {seconds:g} s, and was ended")
