"""The server may be killed while it applies a migration; nothing of that is left when it has started again."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

from tests.harness import fingerprint, platform
from tests.harness.fix_database import Database
from tests.harness.migration import Migration, Statement
from tests.harness.server import SUPERUSER
from tests.harness.step import MortalWorkshop, Step

Run = tuple[Step, Database, Statement]


@pytest.mark.clause("I7")
def test_a_killed_server_is_no_harm(mortal: MortalWorkshop, migration: Migration) -> None:
    """The server is killed after every other of its statements, and in its last; a new run ends as a clean one does."""
    with ExitStack() as stack:
        points = sorted({*range(1, len(migration.statements), 2), len(migration.statements)})
        runs = [_under_way(stack, mortal, migration, number) for number in points]
        mortal.kill()
        for step, database, last in runs:
            _all_or_nothing_then_all(step, database, last)


def _under_way(stack: ExitStack, mortal: MortalWorkshop, migration: Migration, number: int) -> Run:
    """Run a number of statements, in one era or the other; of all of them, the last is sent and not waited for."""
    step = Step(mortal, migration, platform.ERAS[number // 2 % len(platform.ERAS)])
    database = stack.enter_context(step.before(filled=True))
    connection = database.connect(platform.MIGRATOR)
    stack.callback(connection.close)
    *waited_for, last = migration.statements[:number]
    for statement in waited_for:
        connection.execute(statement.text.encode())
    if number == len(migration.statements):
        connection.pgconn.send_query(last.text.encode())
    else:
        connection.execute(last.text.encode())
    return step, database, last


def _all_or_nothing_then_all(step: Step, database: Database, last: Statement) -> None:
    __tracebackhide__ = True
    with closing(database.connect(SUPERUSER)) as eye:
        now = fingerprint.catalogue(eye)
        if now != step.clean:
            step.same(
                step.untouched,
                now,
                "the server was killed after this statement, and something of the file stays.",
                at=step.at(last),
                must="all of the file is applied, or nothing.",
                mend="one BEGIN before everything and one COMMIT after it.",
            )
        step.run(database)
        step.same(
            step.clean,
            fingerprint.catalogue(eye),
            "the server was killed after this statement, and a new run ends in another catalogue.",
            at=step.at(last),
            must="a new run ends as one clean run does.",
            mend="let each statement look at what is there, and not at whether the one before it ran.",
        )
