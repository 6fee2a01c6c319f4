"""A test that does not end is stopped and reported, with what the server was doing; then the run ends."""

import re
from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.harness.plugins.verdict import EARLY_END
from tests.selftest.cases import cases
from tests.selftest.runs import run_folder

ROOM = "tests/selftest/faulty_tests/hanging.py"


@pytest.fixture(scope="module")
def reports() -> Mapping[str, str]:
    """What a run prints of each test that hangs, by the test's name; this run does not end at the first one."""
    with run_folder() as here:
        # What each waits for costs no processor.
        status, printed = here.run("-p", f"no:{EARLY_END}", "-n", "2", ROOM)
        assert (status, here.left()) == (1, []), printed
    parts = re.split(r"^_+ (?:ERROR at \w+ of )?test_(\w+) _+$", printed, flags=re.MULTILINE)
    said: dict[str, str] = defaultdict(str)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        said[name] += text
    return said


@cases("hanging/where")
def test_a_test_that_hangs_is_stopped_and_says_where(reports: Mapping[str, str], name: str, line: str) -> None:
    """Whatever it waits for, in whatever phase: the report says that it did not end, and at which line it was."""
    assert "It did not end within 1 s, and was stopped" in reports[name]
    assert line in reports[name]


def test_the_server_s_state_is_attached(reports: Mapping[str, str]) -> None:
    """Which session runs which query, which lock it waits for, and which session has it."""
    state = reports["a_lock"].partition("The server, when the test was stopped")[2]
    assert re.search(r"(\d+): postgres on \w+, active .*waiting for Lock relation\n *it wants AccessExclusive", state)
    holder = re.search(r"waits for \[(\d+)\]", state)
    assert holder is not None
    assert f"{holder[1]}: postgres on" in state
    assert "idle in transaction" in state
