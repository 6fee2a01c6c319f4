"""The benchmarks can be run, and what they would write is a table; no time is asserted."""

import subprocess
import sys

from tests.harness.core.paths import ROOT
from tests.selftest.runs import RunFolder, clean_environment

KINDS = ("insert", "insert that is refused", "update", "read under row-level security", "step of the state machine")


def test_the_command_prints_a_table(here: RunFolder) -> None:
    """Each kind of example has a row of figures, and the page has a place for each table."""
    words = [sys.executable, "-m", "tests.benchmarks", "examples", "--quick"]
    environment = {**clean_environment(), "TMPDIR": str(here.folder)}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, here.left()) == (0, []), done.stdout + done.stderr
    name, _, head, _, *rows = done.stdout.strip().splitlines()
    assert name == "examples"
    columns = len(head.split("|"))
    assert [row.split("|")[1].strip() for row in rows] == [*KINDS]
    assert all(len(row.split("|")) == columns and float(row.split("|")[-2]) > 0 for row in rows)


def test_the_page_has_a_place_for_each_table() -> None:
    """Where --write puts it."""
    help_of = [sys.executable, "-m", "tests.benchmarks", "--help"]
    printed = subprocess.run(help_of, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # It is broken into lines by the width of the terminal.
    names = " ".join(printed.split()).partition("NAME of ")[2].partition(" (default")[0].split(", ")
    page = (ROOT / "tests" / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert names
    for name in names:
        assert page.count(f"<!-- {name}: begin -->") == page.count(f"<!-- {name}: end -->") == 1, name
