"""The server may be killed while it applies a migration; nothing of that is left when it has started again."""

import itertools
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
    """The server is killed where a transaction of it begins or ends, half-way, and in its last statement.

    A new run ends as a clean one does.
    """
    server, databases = crashable_server
    cases = [MigrationCase(databases, migration, default_privileges) for default_privileges in DEFAULT_PRIVILEGES]
    all_of_them = len(migration.statements)
    points = sorted({*cases[0].transaction_ends, (all_of_them + 1) // 2, all_of_them})
    tries = zip(itertools.cycle(cases), points, strict=False)
    while at_once := [*itertools.islice(tries, AT_ONCE)]:
        with ExitStack() as stack:
            runs = [_under_way(stack, *each) for each in at_once]
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


def _under_way(stack: ExitStack, case: MigrationCase, number: int) -> tuple[MigrationCase, Database, Statement]:
    """Run so many statements; of all, the last is sent and not waited for."""
    database = stack.enter_context(case.before(filled=True))
    connection = database.connect(MIGRATOR)
    stack.callback(connection.close)
    *waited_for, last = case.migration.statements[:number]
    for statement in waited_for:
        connection.execute(statement.text.encode())
    if number == len(case.migration.statements):
        connection.pgconn.send_query(last.text.encode())
    else:
        connection.execute(last.text.encode())
    return case, database, last
