"""The option --locks: print what each statement of each migration locks, rewrites and scans."""

from collections.abc import Callable
from typing import Any

import pytest

# The property of a test's report that holds one migration's table.
LOCKS = "locks"


RecordLocks = Callable[[str], None]


@pytest.fixture
def record_locks(request: pytest.FixtureRequest) -> RecordLocks:
    """Write a table into the report of the test."""

    def record(table: str) -> None:
        request.node.user_properties.append((LOCKS, table))

    return record


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tables of locks."""
    if not config.option.locks:
        return
    terminalreporter.section("locks")
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == LOCKS:
                    terminalreporter.line(str(value))
