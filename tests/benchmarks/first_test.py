"""A plugin for pytest that writes down when the first test has ended."""

import os
import time
from pathlib import Path

import pytest

FILE = "BENCHMARK_FIRST_TEST"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write the time of the system's clock, which all its processes share, in seconds."""
    file = Path(os.environ[FILE])
    if report.when == "call" and not file.exists():
        file.write_text(str(time.monotonic()), encoding="ascii")
