"""The commands that USAGE.md gives for the gate: each is run, on a few tests, with and without workers and report."""

import configparser
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT
from tests.selftest.cases import tables
from tests.selftest.runs import RunFolder, candidate, clean_environment

# Its tests put properties of their own into the report.
TESTS = "tests/upgrade/test_locks.py"
USAGE = (ROOT / "USAGE.md").read_text(encoding="utf-8")


def run(here: RunFolder, command: str, *arguments: str) -> None:
    """Run a command of USAGE.md; every clause must hold."""
    words = [sys.executable, "-m", *shlex.split(command), "-p", "no:syrupy", *arguments, TESTS]
    environment = {**clean_environment(), "TMPDIR": str(here.folder)}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Held, of a selection: 1 clauses" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(("workers", "reported"), [("0", True), ("2", False)], ids=["report", "workers"])
def test_without_tox_it_runs_with_workers_or_a_report(here: RunFolder, workers: str, reported: bool) -> None:
    """Not one of its own ways to record something goes against another. Both at once are those of tox."""
    assert "write `pytest --migrations=../candidate`" in USAGE
    folder, report = candidate(here.folder / "pytest-of-candidate"), here.folder / "report.xml"
    run(here, f"pytest --migrations={folder} -n{workers}", *([f"--junitxml={report}"] if reported else []))
    assert reported == report.is_file()
    if reported:
        check_report(report)


def check_report(file: Path) -> None:
    """Each test has its clause in it."""
    properties = [(each.get("name"), each.get("value")) for each in ElementTree.parse(file).iter("property")]
    assert properties.count(("clause", "I8")) == 2


def test_with_tox_it_takes_the_options(here: RunFolder) -> None:
    """As tox.ini has the command, each option after the `--` is understood: the last of --pg, and every other one."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(ROOT / "tox.ini", encoding="utf-8")
    command = ini["gate"]["pytest"].replace("\\\n", " ").removeprefix("python -m ")
    command = command.replace("{env_tmp_dir}{/}", f"{here.folder}/pytest-of-")
    given = " ".join(each["given"] for each in tables("commands/options").values())
    folder = candidate(here.folder / "pytest-of-candidate")
    run(here, command, "-n", "2", *shlex.split(given.format(candidate=folder)))
    check_report(here.folder / "pytest-of-gate.xml")


def test_each_option_of_the_page_is_run() -> None:
    """What it hands to the gate, and the options that it explains, are those that are run."""
    section = USAGE.partition("## Gate another folder")[2].split("\n## ")[0]
    named = re.findall(r"^\S*tox -e gate -- (.+)$", section, re.MULTILINE) + re.findall(r"`(-[^`]+)`", section)
    assert set(named) - {"--"} == tables("commands/options").keys()
