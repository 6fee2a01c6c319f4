"""The commands that the README gives for the gate: each is run, on a few tests, with and without workers and report."""

import configparser
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from tests.harness.core.paths import ROOT
from tests.selftest.cases import cases, tables
from tests.selftest.runs import RunFolder, candidate, clean_environment

# Its tests put properties of their own into the report.
TESTS = "tests/upgrade/test_locks.py"


def run(here: RunFolder, command: str, *arguments: str) -> None:
    """Run a command of the README; every clause must hold."""
    words = [sys.executable, "-m", *shlex.split(command), "-p", "no:syrupy", *arguments, TESTS]
    environment = {**clean_environment(), "TMPDIR": str(here.folder)}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "All held: 1 clauses" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("reported", [False, True], ids=["no report", "report"])
def test_without_tox_it_runs_with_or_without_workers_and_report(here: RunFolder, workers: str, reported: bool) -> None:
    """Not one of its own ways to record something goes against another; the report has the clauses."""
    assert "write `pytest --migrations=../candidate`" in (ROOT / "README.md").read_text(encoding="utf-8")
    folder, report = candidate(here.folder / "pytest-of-candidate"), here.folder / "pytest-of-report.xml"
    run(here, f"pytest --migrations={folder} -n{workers}", *([f"--junitxml={report}"] if reported else []))
    if reported:
        properties = [(each.get("name"), each.get("value")) for each in ElementTree.parse(report).iter("property")]
        assert properties.count(("clause", "I8")) == 2


@cases("commands/options")
def test_with_tox_it_takes_the_options(here: RunFolder, given: str) -> None:
    """As tox.ini has the command, each option after the `--` is understood."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(ROOT / "tox.ini", encoding="utf-8")
    command = ini["gate"]["pytest"].replace("\\\n", " ").removeprefix("python -m ")
    command = command.replace("{env_tmp_dir}{/}", f"{here.folder}/pytest-of-")
    folder = candidate(here.folder / "pytest-of-candidate")
    run(here, command, "-n", "2", *shlex.split(given.format(candidate=folder)))


def test_each_option_of_the_readme_is_run() -> None:
    """What it hands to the gate, and the options that it explains, are those that are run."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Gate another folder")[2].split("\n## ")[0]
    named = re.findall(r"^\S*tox -e gate -- (.+)$", section, re.MULTILINE) + re.findall(r"`(-[^`]+)`", section)
    assert set(named) - {"--"} == tables("commands/options").keys()
