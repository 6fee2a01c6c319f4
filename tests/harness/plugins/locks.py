"""The option --locks: print what each statement of each migration locks, rewrites and scans."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.plugins.clauses import reports_of, values_of

# The property of a test's report that holds one migration's table.
LOCKS = "locks"
RecordLocks = Callable[[str], None]


@pytest.fixture
def record_locks(request: pytest.FixtureRequest) -> RecordLocks:
    """Write a table into the report of the test."""
    return lambda table: request.node.user_properties.append((LOCKS, table))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tables of locks."""
    if not config.option.locks:
        return
    terminalreporter.section("locks")
    for report in reports_of(terminalreporter, "passed", "failed"):
        for table in values_of(report, LOCKS):
            terminalreporter.line(str(table))
