"""The server is lost while tests run: it is said once, and it is no clause's fault."""

from __future__ import annotations

import pytest

from tests.selftest.runs import place

ROOM = "tests/selftest/life_room/losing.py"
WAYS = {
    "postmaster_killed": "something outside the gate killed it (SIGKILL).",
    "killed_unnoticed": "something outside the gate killed it (SIGKILL).",
    "backend_killed": "was terminated by signal 9: Killed",
    "stopped": "it ended by itself, with status 0. It said: ",
}


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("way", WAYS)
def test_a_lost_server_is_said_once_and_ends_the_run(way: str, workers: str) -> None:
    """One sentence with the reason, no clause broken, no test counted as failed, and a status of its own."""
    with place() as here:
        status, printed = here.run("-n", workers, "-k", f"{way} or others", ROOM)
        assert (status, here.left()) == (3, []), printed
    assert printed.count("PostgreSQL was lost") == 1, printed
    assert WAYS[way] in printed, printed
    assert not [word for word in ("failed", "error", "is broken", "All held", "Traceback") if word in printed], printed
