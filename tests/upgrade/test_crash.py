"""The server may be killed while it applies a migration; nothing of that is left when it has started again."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import Migration, Statement
from tests.harness.server.database import Database
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.upgrade.support.case import CrashableServer, MigrationCase

Run = tuple[MigrationCase, Database, Statement]


@pytest.mark.clause("I7")
def test_a_killed_server_is_no_harm(crashable_server: CrashableServer, migration: Migration) -> None:
    """The server is killed after every other of its statements, and in its last; a new run ends as a clean one does."""
    with ExitStack() as stack:
        points = sorted({*range(1, len(migration.statements), 2), len(migration.statements)})
        runs = [_under_way(stack, crashable_server, migration, number) for number in points]
        crashable_server.kill()
        for case, database, last in runs:
            _all_or_nothing_then_all(case, database, last)


def _under_way(stack: ExitStack, crashable_server: CrashableServer, migration: Migration, number: int) -> Run:
    """Run so many statements, under either default privileges; of all, the last is sent and not waited for."""
    default_privileges = DEFAULT_PRIVILEGES[number // 2 % len(DEFAULT_PRIVILEGES)]
    case = MigrationCase(crashable_server.databases, migration, default_privileges)
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


def _all_or_nothing_then_all(case: MigrationCase, database: Database, last: Statement) -> None:
    __tracebackhide__ = True
    with closing(database.connect(SUPERUSER)) as observer:
        now = snapshots.catalog(observer)
        if now != case.catalog_after:
            case.check_same(
                case.catalog_before,
                now,
                "the server was killed after this statement, and something of the file stays.",
                at=case.at(last),
                must="all of the file is applied, or nothing.",
                hint="one BEGIN before everything and one COMMIT after it.",
            )
        case.run(database)
        case.check_same(
            case.catalog_after,
            snapshots.catalog(observer),
            "the server was killed after this statement, and a new run ends in another catalog.",
            at=case.at(last),
            must="a new run ends as one clean run does.",
            hint="let each statement look at what is there, and not at whether the one before it ran.",
        )
