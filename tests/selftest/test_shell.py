"""The command `tox -e shell`: psql on a migrated database, as a role; nothing of it is left."""

import subprocess
import sys

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.server import psql
from tests.harness.server.lifecycle import Server
from tests.selftest.runs import SECONDS, RunFolder, candidate, clean_environment

AS_ANON = """\
INSERT INTO public.calculator2_sessions (session_token) VALUES ('x');
SELECT current_user, count(*) FROM public.calculator2_sessions;
"""


def shell(here: RunFolder, *arguments: str, fed: str = "") -> tuple[int, str, str]:
    """Run the command; return its status, what psql printed, and what was said beside that."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.scaffold.shell", *arguments],
        cwd=ROOT,
        env={**clean_environment(), "TMPDIR": str(here.folder)},
        input=fed,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert here.left() == []
    return done.returncode, done.stdout, done.stderr


def test_it_is_a_psql_of_the_role(here: RunFolder) -> None:
    """The statements of its standard input are the role's, on the migrated table; its options are psql's."""
    status, printed, said = shell(here, "--as", "anon", "-XAt", fed=AS_ANON)
    assert (status, printed) == (0, "anon|0\n")
    assert "permission denied for table calculator2_sessions" in said


def test_it_opens_on_what_applies(here: RunFolder) -> None:
    """A file that does not apply is told, by its line; those before it are there."""
    folder = candidate(here.folder / "pytest-of-candidate")
    (folder / "015_odd.sql").write_text("SELECT 1;\nSELECT 1/0;\n", encoding="utf-8")
    query = "SELECT current_user, count(*) FROM public.calculator2_sessions"
    status, printed, said = shell(here, f"--migrations={folder}", "-XAtc", query)
    assert (status, printed) == (1, "postgres|0\n")
    assert "015_odd.sql:2: the migration does not apply" in said


def test_without_psql_it_says_what_to_install(here: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation need not have one, nor the machine."""
    monkeypatch.setenv("PATH", str(here.folder))
    assert psql.write_script(Server(str(here.folder), "", str(here.folder), 0, 0), "project") is None
    assert "postgresql-client" in psql.NO_PSQL
