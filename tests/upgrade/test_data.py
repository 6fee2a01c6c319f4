"""What a migration does to the rows that are there: nothing is lost or overwritten that it does not say it loses."""

import pytest

from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.locks import find_reason
from tests.upgrade.support.losses import LOSES, losses


@pytest.mark.clause("I15")
def test_nothing_is_lost_unasked(case: MigrationCase) -> None:
    """It drops no table and no column that was there, and empties or overwrites none, unless it says why."""
    found = dict(losses(case))
    for statement in case.migration.statements:
        comment = find_reason(case, statement, LOSES)
        if statement in found and comment is None:
            case.fail("loses", statement, loss=found[statement])
        if statement not in found and comment is not None:
            case.fail("reason_for_nothing", statement, comment=comment.strip())
