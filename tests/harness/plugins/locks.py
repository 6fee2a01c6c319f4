"""The option --locks: print what each statement of each migration locks, rewrites and scans."""

from __future__ import annotations

from typing import Any

import pytest

# The property of a test's report that holds one migration's table.
LOCKS = "locks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("gate").addoption(
        "--locks",
        action="store_true",
        help="print what each statement of each migration locks, rewrites and scans",
    )


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
