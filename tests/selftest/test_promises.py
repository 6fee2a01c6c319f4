"""What the base of a pull request promises, on the pull request's migrations, in another repository."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.harness.core.paths import ROOT
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import RunFolder, clean_environment

SAMPLE = "newsletter_signups"
# Enough to break a CHECK.
SELECTION = ("-n", "0", "-p", "no:syrupy", "-k", "(constraints and email_length) or structure")


def application(folder: Path) -> Path:
    """Make an application's repository, whose main has the sample's contract; return its folder supabase."""
    supabase = folder / "supabase"
    shutil.copytree(SAMPLES / SAMPLE, supabase / "contracts" / SAMPLE, ignore=shutil.ignore_patterns("__pycache__"))
    (supabase / "contracts" / "__init__.py").touch()
    for path in supabase.glob("contracts/*/*.py"):
        path.write_text(path.read_text(encoding="utf-8").replace("tests.selftest.samples", "contracts"))
    (supabase / "contracts" / SAMPLE / "migrations").rename(supabase / "migrations")
    with (supabase / "migrations" / "gate.toml").open("a", encoding="utf-8") as settings:
        settings.write('contracts = "../contracts"\n')
    git = ("git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.com")
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "."], ["commit", "--quiet", "--message=x"]):
        subprocess.run([*git, *words], check=True)
    return supabase


@cases("promises/changes", added="", gone=[], access=[], status=0, never=[])
def test_what_a_change_does_not_keep_is_told(
    here: RunFolder, added: str, gone: list[str], access: list[str], status: int, says: list[str], never: list[str]
) -> None:
    """A promise that the page changes too is information, and one that it still makes is broken."""
    supabase = application(here.folder / "pytest-of-application")
    page, record = supabase / "contracts" / SAMPLE / "CONTRACT.md", supabase / "migrations" / "access.txt"
    for path, lines in ((page, gone), (record, access)):
        text = path.read_text(encoding="utf-8")
        for line in lines:
            assert line in text
            text = text.replace(line, "")
        path.write_text(text, encoding="utf-8")
    if added:
        (supabase / "migrations" / "016_change.sql").write_text(added, encoding="utf-8")
    words = ["-m", "tests.scaffold.promises", "--base", "main", f"--migrations={supabase / 'migrations'}", *SELECTION]
    environment = {**clean_environment(), "TMPDIR": str(here.folder)}
    run = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    printed = run.stdout + run.stderr
    assert (run.returncode, here.left()) == (status, []), printed
    assert [each for each in says if each not in printed] == [], printed
    assert [each for each in never if re.search(each, printed)] == [], printed
