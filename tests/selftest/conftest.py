"""What the tests of the selftest share."""

from collections.abc import Iterator

import pytest

from tests.selftest.runs import RunFolder, run_folder


@pytest.fixture
def here() -> Iterator[RunFolder]:
    """A folder for runs of the gate; whatever they leave is removed."""
    with run_folder() as made:
        yield made
