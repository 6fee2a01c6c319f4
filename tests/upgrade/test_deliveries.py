"""Whichever tool delivers a migration: all of it ends in the same catalogue, and a failure leaves nothing of it."""

from __future__ import annotations

from functools import partial

import pytest

from tests.harness import deliveries, platform
from tests.harness.deliveries import DELIVERIES, Delivery
from tests.harness.fix_database import Database, in_both_eras
from tests.harness.step import Step, broken, read

pytestmark = [
    in_both_eras,
    pytest.mark.parametrize("delivery", [pytest.param(each, id=name) for name, each in DELIVERIES.items()]),
]


@pytest.mark.clause("I5")
def test_every_delivery_ends_in_the_same_catalogue(step: Step, delivery: Delivery) -> None:
    """By this delivery, once and again, the file ends in the catalogue that the dashboard's editor ends in."""
    with step.before() as database:
        for times in ("once", "twice"):
            step.run(database, delivery)
            step.same(
                step.clean,
                read(database),
                f"delivered {times}, the file ends in another catalogue.",
                must="the catalogue is the same, whoever delivers the file.",
                mend="one BEGIN before everything and one COMMIT after it; nothing that only one tool understands.",
            )


@pytest.mark.clause("I4")
def test_a_failure_anywhere_leaves_nothing(step: Step, delivery: Delivery) -> None:
    """By this delivery, a statement that fails after each of the file's in turn leaves the database as it was.

    After every other one in each era: what is granted by default is not what a failure hangs on.
    """
    texts = [each.text for each in step.migration.statements]

    def fails_after(number: int, database: Database) -> None:
        fails = deliveries.rewritten(step.migration, *texts[:number], deliveries.FAILS, *texts[number:])
        error = delivery(database, fails).error
        if error is None or deliveries.FAILURE not in error:
            at = step.at(step.migration.statements[number - 1])
            broken(at, f"said: {error}", must="the failure is heard of.", mend="see the statement.")

    positions = range(1 + platform.ERAS.index(step.era), len(texts), len(platform.ERAS))
    step.nothing_stays(
        [(step.migration.statements[number - 1], partial(fails_after, number)) for number in positions],
        "a failure right after this statement leaves something of the file behind.",
        must="all of the file is applied, or nothing, whoever delivers it.",
        mend="one BEGIN before everything and one COMMIT after it.",
    )
