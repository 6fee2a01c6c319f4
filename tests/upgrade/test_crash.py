"""The server may be killed while it applies a migration; nothing of that is left when it has started again."""

from contextlib import ExitStack

import pytest

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import Migration, Statement
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import RunningServer
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.upgrade.support.case import MigrationCase

# As many runs are under way when the server is killed: each has a database, and a session that takes memory.
AT_ONCE = 4

pytestmark = [pytest.mark.asked_for, pytest.mark.in_a_transaction]


@pytest.mark.clause("I7")
def test_a_killed_server_is_no_harm(
    crashable_server: tuple[RunningServer, DatabaseFactory], migration: Migration
) -> None:
    """The server is killed after every other of its statements, and in its last; a new run ends as a clean one does."""
    server, databases = crashable_server
    points = sorted({*range(1, len(migration.statements), 2), len(migration.statements)})
    for first in range(0, len(points), AT_ONCE):
        with ExitStack() as stack:
            runs = [_under_way(stack, databases, migration, number) for number in points[first : first + AT_ONCE]]
            server.crash()
            databases.disconnect()
            for case, database, last in runs:
                if (now := case.read(database)) != case.catalog_after:
                    case.check_same(case.catalog_before, now, "crash_leaves_something", last)
                # Closed after each look: two servers run here, and what has read the catalog takes much memory.
                databases.close_observer(database)
                case.run(database)
                case.check_clean(database, "crash_and_again", last)
                databases.close_observer(database)


def _under_way(
    stack: ExitStack, databases: DatabaseFactory, migration: Migration, number: int
) -> tuple[MigrationCase, Database, Statement]:
    """Run so many statements, under either default privileges; of all, the last is sent and not waited for."""
    case = MigrationCase(databases, migration, DEFAULT_PRIVILEGES[number // 2 % len(DEFAULT_PRIVILEGES)])
    database = stack.enter_context(case.before(filled=True))
    connection = database.connect(MIGRATOR)
    stack.callback(connection.close)
    *waited_for, last = migration.statements[:number]
    for statement in waited_for:
        connection.execute(statement.text.encode())
    if number == len(migration.statements):
        connection.pgconn.send_query(last.text.encode())
    else:
        connection.execute(last.text.encode())
    return case, database, last
