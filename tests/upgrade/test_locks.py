"""What a migration locks, and for how long: seen statement by statement."""

import pytest

from tests.harness.plugins.locks import RecordLocks
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.locks import BLOCKS, LONGEST_TIMEOUT_MS, MODES, find_reason, format_table, observe


@pytest.mark.clause("I8")
def test_no_table_in_use_is_worked_through_under_a_lock(case: MigrationCase, record_locks: RecordLocks) -> None:
    """It neither rewrites a table nor reads it through while others cannot write, unless it says why."""
    seen = observe(case)
    record_locks(format_table(case, seen), [each.row(case) for each in seen])
    blocking = {each.statement: each for each in seen if each.blocks}
    for statement in case.migration.statements:
        comment = find_reason(case, statement)
        if statement in blocking and comment is None:
            case.fail("works_under_lock", statement, observation=blocking[statement])
        if statement not in blocking and comment is not None:
            case.fail("reason_for_nothing", statement, comment=comment.strip())


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I8")
def test_no_lock_is_waited_for_without_a_bound(case: MigrationCase) -> None:
    """Where it takes a lock that others cannot write beside, its lock_timeout is set, to five seconds at most."""
    for each in observe(case):
        if each.new and each.lock >= BLOCKS and not 0 < each.timeout_ms <= LONGEST_TIMEOUT_MS:
            case.fail(
                "unbounded_lock", each.statement, mode=MODES[each.lock], table=each.table, timeout_ms=each.timeout_ms
            )
