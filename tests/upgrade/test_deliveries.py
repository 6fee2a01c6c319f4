"""Whichever tool delivers a migration: all of it ends in the same catalog, and a failure leaves nothing of it."""

import itertools
from functools import partial

import pytest

from tests.harness.migrations import deliveries
from tests.harness.migrations.deliveries import DELIVERIES, FAILS, FAILURE, Delivery
from tests.harness.server.database import Database
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.upgrade.support.case import MigrationCase

# The others are tools of a project's own choice.
PLATFORM_DELIVERIES = ("dashboard", "supabase_cli")
OF_HOUSE_STYLE = (pytest.mark.asked_for, pytest.mark.in_a_transaction)

# Each delivery under one of the default privileges: what is granted by default is not what a delivery hangs on.
pytestmark = pytest.mark.parametrize(
    ("delivery", "default_privileges"),
    [
        pytest.param(each, given, id=f"{name}-{given}", marks=() if name in PLATFORM_DELIVERIES else OF_HOUSE_STYLE)
        for (name, each), given in zip(DELIVERIES.items(), itertools.cycle(DEFAULT_PRIVILEGES), strict=False)
    ],
    indirect=["default_privileges"],
)


@pytest.mark.clause("I5")
def test_every_delivery_ends_in_the_same_catalog(case: MigrationCase, delivery: Delivery) -> None:
    """By this delivery, and where it is asked for again, the file ends in the dashboard editor's catalog."""
    with case.before() as database:
        for times in ("once", "twice") if case.runs_again else ("once",):
            case.run(database, delivery)
            case.check_clean(database, "delivered_otherwise", times=times)


@pytest.mark.clause("I4")
def test_a_failure_anywhere_leaves_nothing(case: MigrationCase, delivery: Delivery) -> None:
    """By this delivery, a statement that fails among the file's leaves the database as it was.

    By the platform's own after each in turn; by another where a transaction begins or ends, or the file does.
    """
    texts = [each.text for each in case.migration.statements]
    is_platform = delivery in {DELIVERIES[name] for name in PLATFORM_DELIVERIES}
    points = range(1, len(texts)) if is_platform else case.transaction_ends

    def fails_after(number: int, database: Database) -> None:
        fails = deliveries.rewritten(case.migration, *texts[:number], FAILS, *texts[number:])
        error = delivery(database, fails).error
        if error is None or FAILURE not in error:
            case.fail("failure_not_heard_of", case.migration.statements[number - 1], error=error)

    case.check_nothing_stays(
        [(case.migration.statements[number - 1], partial(fails_after, number)) for number in points],
        "failure_leaves_something",
    )
