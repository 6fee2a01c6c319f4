"""What a migration does with the rows that are there: it applies to them, and loses none unasked."""

import pytest

from tests.harness.plugins.clauses import NO_ROWS
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.locks import find_reason
from tests.upgrade.support.losses import LOSES, losses
from tests.upgrade.support.rows import Rows


@pytest.mark.clause("I1")
def test_it_applies_to_tables_with_rows(case: MigrationCase, rows: Rows, request: pytest.FixtureRequest) -> None:
    """It applies where the tables are full of rows, and not only where they are empty."""
    case.run_on_rows()
    told = [f"{file}: {table} has no rows here: {why}" for table, (file, why) in rows.empty.items()]
    request.node.user_properties.extend((NO_ROWS, words) for words in told)


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
