"""The option --locks: print what each statement of each migration locks, rewrites and scans."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.harness.plugins.clauses import reports_of, values_of

# The property of a test's report that holds one migration's table.
LOCKS = "locks"
# One line of it, as the fields of the report's Lock.
LOCK_ROWS = "lock"
LockRow = tuple[str, int, str, str, str, str, str]
RecordLocks = Callable[[str, Sequence[LockRow]], None]


@pytest.fixture
def record_locks(request: pytest.FixtureRequest) -> RecordLocks:
    """Write a table, and its lines as values, into the report of the test."""

    def record(table: str, rows: Sequence[LockRow]) -> None:
        request.node.user_properties.extend([(LOCKS, table), *((LOCK_ROWS, row) for row in rows)])

    return record


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tables of locks."""
    if not config.option.locks:
        return
    terminalreporter.section("locks")
    for report in reports_of(terminalreporter, "passed", "failed"):
        for table in values_of(report, LOCKS):
            terminalreporter.line(str(table))
