"""What a migration locks, and for how long: seen statement by statement, from a second connection."""

from __future__ import annotations

import pytest

from tests.harness.plugins.locks import RecordLocks
from tests.upgrade.support.case import MigrationCase, fail_at
from tests.upgrade.support.locks import BLOCKS, LONGEST_TIMEOUT_MS, MODES, find_reason, format_table, observe


@pytest.mark.clause("I8")
def test_no_table_in_use_is_worked_through_under_a_lock(case: MigrationCase, record_locks: RecordLocks) -> None:
    """It neither rewrites a table nor reads it through while others cannot write, unless it says why."""
    seen = observe(case)
    record_locks(format_table(case, seen))
    blocking = {each.statement: each for each in seen if each.blocks}
    for statement in case.migration.statements:
        if statement in blocking and find_reason(case, statement) is None:
            fail_at(
                case.at(statement),
                f"this works through a table in use that nobody else can write to:\n    {blocking[statement]}",
                must="the application does not queue behind it.",
                hint="do it without the lock, or say above the statement why it may: -- blocks: the reason.",
            )
        if statement not in blocking and (comment := find_reason(case, statement)) is not None:
            fail_at(
                case.at(statement), f"{comment.strip()}: it does not.", must="it does.", hint="take the comment out."
            )


@pytest.mark.clause("I8")
def test_no_lock_is_waited_for_without_a_bound(case: MigrationCase) -> None:
    """Where it takes a lock that others cannot write beside, its lock_timeout is set, to five seconds at most."""
    for each in observe(case):
        if each.new and each.lock >= BLOCKS and not 0 < each.timeout_ms <= LONGEST_TIMEOUT_MS:
            fail_at(
                case.at(each.statement),
                f"this waits for {MODES[each.lock]} on {each.table} for {each.timeout_ms} ms (0: for ever).",
                must="it gives up within a lock_timeout of its own, and the application with it waits no longer.",
                hint="begin the file's transaction with SET LOCAL lock_timeout = '2s'.",
            )
