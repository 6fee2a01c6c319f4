"""What the tests of the selftest share."""

import os
from collections.abc import Iterator

import pytest

from tests.selftest.runs import RunFolder, run_folder


def pytest_xdist_auto_num_workers() -> int:
    """Return three workers for two processors: a run of the gate waits for locks and for the ends of processes."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture
def here() -> Iterator[RunFolder]:
    """A folder for runs of the gate; whatever they leave is removed."""
    with run_folder() as made:
        yield made
