"""The option --watch: a second verdict when a file is saved, and a clean end at Ctrl-C, at rest and within a run."""

import os
import select
import signal
import subprocess
import time

import pytest

from tests.harness.plugins.watch import OPTION
from tests.selftest.runs import LONG, MIGRATION, SECONDS, RunFolder, candidate

WATCHING = "Ctrl-C ends it."


def printed_until(run: subprocess.Popen[str], words: str) -> str:
    """Read what a run prints until it has said these words."""
    assert run.stdout is not None
    end, printed = time.monotonic() + SECONDS, ""
    while words not in printed:
        readable, _, _ = select.select([run.stdout], [], [], max(0.0, end - time.monotonic()))
        assert readable, printed
        read = os.read(run.stdout.fileno(), 65536).decode()
        assert read, printed
        printed += read
    return printed


def test_each_save_has_its_verdict(here: RunFolder) -> None:
    """The first is of the folder as it is, the second of what was saved; Ctrl-C ends the run that watches."""
    folder = candidate(here.folder / "pytest-of-candidate")
    with here.start(OPTION, "--quick", f"--migrations={folder}", "tests/upgrade/test_versions.py") as run:
        try:
            assert "Held, of a selection" in printed_until(run, WATCHING)
            file = folder / MIGRATION.name
            file.write_text(file.read_text(encoding="utf-8").replace("session_token text", "session_token txt", 1))
            assert "I1 is broken" in printed_until(run, WATCHING)
            os.killpg(run.pid, signal.SIGINT)
            assert run.wait(SECONDS) == pytest.ExitCode.TESTS_FAILED
        finally:
            run.kill()
    assert here.left() == []


def test_ctrl_c_ends_a_run_that_is_watched(here: RunFolder) -> None:
    """The run ends as it does without --watch, and leaves nothing."""
    folder = candidate(here.folder / "pytest-of-candidate")
    with here.start(OPTION, f"--migrations={folder}", LONG) as run:
        try:
            here.until_served(run)
            os.killpg(run.pid, signal.SIGINT)
            printed, _ = run.communicate(timeout=60)
        finally:
            run.kill()
    assert "KeyboardInterrupt" in printed
    assert "Traceback" not in printed
    assert here.left() == []
