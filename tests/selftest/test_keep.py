"""The option --keep: the database of the first failing test can be entered as each role, and is gone at a word."""

import re
import shlex
import subprocess

import psutil
import pytest

from tests.harness.core.roles import ANON, AUTHENTICATOR, SUPERUSER
from tests.harness.server import lifecycle
from tests.harness.server.binaries.installation import find
from tests.harness.server.psql import ROLES
from tests.selftest.runs import NO_SHAPE_CHECK, SECONDS, RunFolder, candidate

TABLE = "public.calculator2_sessions"
ROWS = f"SELECT count(*) > 0 FROM {TABLE}"
SHORTER_TOKENS = ("CHECK (char_length(session_token) = 32)", "CHECK (char_length(session_token) <= 32)")
EXAMPLE = "tests/contract/calculator2_sessions/test_constraints.py", "refused_by_it and insert and token_length"


def entered(printed: str, role: str, query: str) -> str:
    """Ask the kept database, as a role, by the line that was printed for it."""
    ((line),) = re.findall(rf"^  (sh \S+ {role})$", printed, re.MULTILINE)
    done = subprocess.run([*shlex.split(line), "-XAtc", query], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_the_database_is_as_the_failing_test_left_it(here: RunFolder) -> None:
    """Its rows are there, each role sees what it may, and the printed command ends it, with all its files."""
    folder, (file, words) = candidate(here.folder / "pytest-of-candidate", SHORTER_TOKENS, NO_SHAPE_CHECK), EXAMPLE
    status, printed = here.run("-n", "2", "--keep=3", f"--migrations={folder}", "-k", words, file)
    try:
        assert status == pytest.ExitCode.TESTS_FAILED, printed
        assert "as the failing test left it, its rows committed." in printed
        assert {role: entered(printed, role, "SELECT current_user") for role in ROLES} == {role: role for role in ROLES}
        assert entered(printed, SUPERUSER, f"SELECT max(char_length(session_token)) < 32 FROM {TABLE}") == "t"
        assert entered(printed, ANON, ROWS) == "f"
        assert "permission denied" in entered(printed, AUTHENTICATOR, ROWS)
    finally:
        guardian = psutil.Process(int(re.findall(r"kill (\d+)$", printed, re.MULTILINE)[0]))
        guardian.terminate()
        guardian.wait(SECONDS)
    assert here.left() == []


def test_a_server_that_is_kept_ends_by_itself(here: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It outlives who asked for it, by no more than its time."""
    monkeypatch.setenv("TMPDIR", str(here.folder))
    running = lifecycle.start(find(None))
    running.keep(3)
    running.stop()
    running.server.connect(SUPERUSER).close()
    psutil.Process(running.guardian.pid).wait(SECONDS)
    assert here.left() == []


def test_what_is_no_number_of_minutes_is_refused(here: RunFolder) -> None:
    """A test that is named right after the option is not taken for one; the sentence says how to write it."""
    status, printed = here.run("--keep", "tests/contract")
    assert (status, "or put --keep last" in printed) == (pytest.ExitCode.USAGE_ERROR, True), printed
