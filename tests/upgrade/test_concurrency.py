"""A migration is not alone: others apply it at the same moment, and the application is at work."""

import itertools
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.catalog import snapshots
from tests.harness.migrations import deliveries
from tests.harness.migrations.deliveries import DELIVERIES, Delivery, DeliveryResult
from tests.harness.server.database import Database
from tests.upgrade.support.case import SITUATIONS, MigrationCase
from tests.upgrade.support.concurrency import LOCK_HOLDERS, deliver_at_once, deliver_beside_lock_holder

pytestmark = [pytest.mark.asked_for, pytest.mark.in_a_transaction]

# A psql takes long to start, and the lock_timeout of those that wait already goes on: so the larger companies are
# of those that start at once.
APPLIERS_AT_ONCE = {
    "two_by_psql": (deliveries.by_psql, 2),
    "three_by_psql_that_stops": (deliveries.by_psql_that_stops, 3),
    "four_by_psql_in_one_transaction": (deliveries.by_psql_in_one_transaction, 4),
    "five_one_by_one": (deliveries.one_by_one, 5),
    "six_by_pipeline": (deliveries.by_pipeline, 6),
    "seven_by_supabase_cli": (deliveries.by_supabase_cli, 7),
    "eight_by_dashboard": (deliveries.by_dashboard, 8),
}
AT_ONCE = [each for name, each in DELIVERIES.items() if "psql" not in name]


@pytest.mark.clause("I6")
@pytest.mark.parametrize(
    ("delivery", "number", "situation"),
    [
        pytest.param(*each, situation, id=f"{name}-{situation}")
        for (name, each), situation in zip(APPLIERS_AT_ONCE.items(), itertools.cycle(SITUATIONS), strict=False)
    ],
)
def test_appliers_at_once_all_succeed(case: MigrationCase, situation: str, delivery: Delivery, number: int) -> None:
    """Two to eight appliers, of whom the first is half-way when the others come: all succeed, to the same catalog."""
    with SITUATIONS[situation](case) as database:
        deliveries.create_history_table(database)
        half = len(case.migration.statements) // 2
        results = deliver_at_once(case, database, [delivery] * (number - 1), half)
        _all_succeeded(case, database, results)


@pytest.mark.clause("I6")
@given(
    others=st.lists(st.sampled_from(AT_ONCE), min_size=1, max_size=7),
    situation=st.sampled_from(sorted(SITUATIONS)),
    data=st.data(),
)
@settings(max_examples=6)
def test_mixed_appliers_all_succeed(
    case: MigrationCase, others: list[Delivery], situation: str, data: st.DataObject
) -> None:
    """Whatever tools they use, and wherever in the file the first one is when the others come, all appliers succeed."""
    stand = data.draw(st.integers(1, len(case.migration.statements)), label="the first stands after")
    with SITUATIONS[situation](case) as database:
        deliveries.create_history_table(database)
        _all_succeeded(case, database, deliver_at_once(case, database, others, stand))


def _all_succeeded(case: MigrationCase, database: Database, results: list[DeliveryResult]) -> None:
    __tracebackhide__ = True
    errors = [result.error for result in results if result.error is not None]
    if errors:
        told = textwrap.indent("\n".join(errors), "    ")
        case.fail("at_once_fails", number=len(results), failed=len(errors), errors=told)
    case.check_clean(database, "at_once_differs")


@pytest.mark.clause("I8")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_application_does_not_queue_behind_it(case: MigrationCase, situation: str) -> None:
    """Where a long reader or writer holds the tables, it gives up with 55P03 and lets the application go on.

    Nothing is changed then, and it succeeds when the holder has gone.
    """
    with ExitStack() as lent:
        # Both at once: each waits for as long as the file's lock_timeout.
        databases = {holder: lent.enter_context(SITUATIONS[situation](case, filled=True)) for holder in LOCK_HOLDERS}
        before = {holder: case.read(database, snapshots.everything) for holder, database in databases.items()}
        waiting = lent.enter_context(ThreadPoolExecutor())
        delivered = {
            holder: waiting.submit(deliver_beside_lock_holder, case, database, deliveries.by_dashboard, holder)
            for holder, database in databases.items()
        }
        for holder, database in databases.items():
            result, unanswered = delivered[holder].result()
            if unanswered or not (result.error or "55P03").startswith("55P03"):
                case.fail("queue", holder=holder, error=result.error, unanswered=unanswered)
            if result.error is not None:
                now = case.read(database, snapshots.everything)
                case.check_same(before[holder], now, "gave_up_and_left_something", holder=holder)
            case.run(database)
            case.check_clean(database, "gave_up_and_again")
