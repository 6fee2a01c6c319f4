"""The server is lost while tests run: that is reported once, and breaks no clause."""

from __future__ import annotations

import pytest

from tests.selftest.faulty_tests.losing import FILL
from tests.selftest.runs import MIGRATION, QUICK, RunFolder, candidate

ROOM = "tests/selftest/faulty_tests/losing.py"
WAYS = {
    "postmaster_killed": "something outside the gate killed it (SIGKILL).",
    "killed_unnoticed": "something outside the gate killed it (SIGKILL).",
    "backend_killed": "was terminated by signal 9: Killed",
    "stopped": "it ended by itself, with status 0. It said: ",
}


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("way", WAYS)
def test_a_lost_server_is_said_once_and_ends_the_run(here: RunFolder, way: str, workers: str) -> None:
    """One sentence with the reason, no clause broken, no test counted as failed, and a status of its own."""
    status, printed = here.run("-n", workers, "-k", f"{way} or others", ROOM)
    assert (status, here.left()) == (3, []), printed
    assert printed.count("PostgreSQL was lost") == 1, printed
    assert WAYS[way] in printed, printed
    assert not [word for word in ("failed", "error", "is broken", "All held", "Traceback") if word in printed], printed


SMALL = ("-p", "tests.selftest.faulty_tests.small")


def test_a_test_that_fills_the_folder_is_told_once(here: RunFolder) -> None:
    """The reason is that the server was ended at its limit."""
    status, printed = here.run(*SMALL, "-k", "filled or others", ROOM)
    assert (status, here.left()) == (3, []), printed
    assert "test_filled ran, PostgreSQL was lost: its folder had grown to" in printed, printed


def test_a_migration_that_fills_the_folder_is_a_finding(here: RunFolder) -> None:
    """The migration ended the server, so the migration is reported, with the statement's line."""
    broken = candidate(here.folder / "pytest-of-candidate")
    file = broken / MIGRATION.name
    line = file.read_text(encoding="utf-8").count("\n") + 1
    file.write_text(file.read_text(encoding="utf-8") + f"{FILL};\n", encoding="utf-8")
    status, printed = here.run(*SMALL, f"--migrations={broken}", QUICK)
    assert (status, here.left(), "Traceback" in printed) == (1, [], False), printed
    assert f"{file}:{line}: the migration does not apply" in printed, printed
    assert "the server was lost under this statement" in printed, printed
    assert "The server's end: its folder had grown to" in printed, printed
