"""The server ends with the run, however the run ends, and nothing of it is left."""

import os
import shutil
import signal

import psutil
import pytest

from tests.harness.report import stored
from tests.harness.server.binaries.installation import find
from tests.harness.server.process import SERVER_MESSAGE
from tests.selftest.runs import CATALOG, LONG, QUICK, RunFolder, command_of


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL", "Ctrl-C"])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_is_ended_leaves_nothing(here: RunFolder, name: str, workers: str) -> None:
    """After any signal to the run alone, or Ctrl-C at the terminal, there is no process and no folder.

    Ctrl-C reaches every process of the terminal's foreground group; the guardian is not among them.
    """
    report = here.folder / "pytest-of-nobody.json"
    with here.start("-n", workers, LONG, f"--report={report}") as run:
        here.until_served(run)
        if name == "Ctrl-C":
            os.killpg(run.pid, signal.SIGINT)
        else:
            os.kill(run.pid, getattr(signal, name))
        run.communicate(timeout=60)
    assert here.left() == []
    # Who is interrupted by pytest's own way has a report of what was found so far.
    assert report.is_file() == (name in ("SIGINT", "Ctrl-C"))
    if report.is_file():
        assert stored.read(report).runs[0].verdict.startswith("Interrupted.")


def test_a_killed_worker_fails_the_run_and_leaves_nothing(here: RunFolder) -> None:
    """A worker that is killed is reported as a failure, never as a pass."""
    # No other one in its place, which would begin anew.
    with here.start("-n", "2", "--max-worker-restart=0", LONG) as run:
        here.until_served(run, by="authenticator")
        workers = [child for child in psutil.Process(run.pid).children() if "exec(eval(" in command_of(child)]
        workers[0].kill()
        printed, _ = run.communicate(timeout=120)
    assert "crashed" in printed
    assert (run.returncode != 0, here.left()) == (True, [])


def test_binaries_below_a_closed_folder_will_do(here: RunFolder) -> None:
    """Root's server runs as another account; an installation that this account cannot reach is copied."""
    closed = here.folder / "closed"
    closed.mkdir(mode=0o700)
    package = find(None).parents[1]
    for part in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    status, printed = here.run("-q", f"--pg={closed / package.name / 'pginstall' / 'bin'}", "-k", CATALOG, QUICK)
    assert (status, here.left()) == (0, [str(closed)]), printed


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("LOG:  server process (PID 7) was terminated by signal 9: Killed", True),
        ("DETAIL:  Failed process was running: BEGIN", True),
        ("LOG:  checkpoint complete: wrote 1 buffers (0.0%)", False),
        ("FATAL:  terminating connection due to administrator command", False),
        ("ERROR:  division by zero", False),
    ],
)
def test_why_a_server_ended_is_not_said_by_its_sessions(line: str, is_said: bool) -> None:
    """Of its log, neither what they were told nor that it wrote to the disk meanwhile."""
    assert (SERVER_MESSAGE.search(f"2026-01-01 00:00:00 UTC [7] {line}") is not None) == is_said
