"""What CI runs: the README's own commands, and nothing that was skipped; what the workflows run is here."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.harness.core.paths import ROOT
from tests.selftest.cases import SAMPLES, cases

REPORT = '<testsuites><testsuite tests="{tests}" skipped="{skipped}"/></testsuites>'
README = (SAMPLES / "ci" / "README.md").read_text(encoding="utf-8")
WORKFLOWS = ROOT / ".github" / "workflows"
VARIABLES = ("TOXENV", "TOX_ENV", "TOX_SKIP_ENV", "TOX_OVERRIDE", "TOX_WORK_DIR")


@cases("ci/readmes", mark="gate", command="true", tests=3, skipped=0, name="gate", options=[], status=0, printed="")
def test_the_readme_s_command_is_followed(
    tmp_path: Path,
    mark: str,
    command: str,
    tests: int,
    skipped: int,
    name: str,
    options: list[str],
    status: int,
    printed: str,
) -> None:
    """It is run, with the options if there are any; its status is passed on; a test that did not run is a failure."""
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "follow_readme", tmp_path / ".ci")
    (tmp_path / "README.md").write_text(README.format(mark=mark, command=command), encoding="utf-8")
    for each in ("gate", "pg13", "pg17"):
        report = tmp_path / ".tox" / each / "tmp" / "gate.xml"
        report.parent.mkdir(parents=True)
        report.write_text(REPORT.format(tests=tests, skipped=skipped), encoding="utf-8")
    environment = {**os.environ, **dict.fromkeys(VARIABLES, "x")}
    run = subprocess.run([script, name, *options], env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (status, printed)


def test_every_shell_script_is_linted() -> None:
    """The lint names each: none is left out."""
    scripts = [path for path in [*ROOT.glob(".ci/*"), *ROOT.glob("migrations/*.sh")] if path.is_file()]
    linted = re.findall(r"^ +shellcheck (.+)$", (ROOT / "tox.ini").read_text(encoding="utf-8"), re.MULTILINE)
    assert [sorted(line.split()) for line in linted] == [sorted(str(path.relative_to(ROOT)) for path in scripts)]


def jobs_of(workflow: str) -> dict[str, dict[str, Any]]:
    """Read the jobs of a workflow."""
    jobs: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(WORKFLOWS / workflow)["jobs"]
    return jobs


def test_the_required_job_needs_every_other() -> None:
    """It may be skipped where a job says when it is run, and nowhere else."""
    jobs = jobs_of("gate.yml")
    required = jobs.pop("required")
    assert (required["if"], required["needs"]) == ("always()", [*jobs])
    conditional = sorted(name for name, job in jobs.items() if "github.event_name" in job.get("if", ""))
    assert required["steps"][-1]["run"] == " ".join([".ci/required", *conditional])


@cases("ci/required", status=1)
def test_what_is_required_succeeded(needs: dict[str, str], status: int, printed: str) -> None:
    """A job that failed, was stopped, or was skipped for no reason that is known, is told."""
    environment = {**os.environ, "NEEDS": json.dumps({name: {"result": result} for name, result in needs.items()})}
    script = [str(ROOT / ".ci" / "required"), "weekly"]
    run = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (status, printed), run.stderr


def test_each_command_of_a_workflow_is_one_of_this_repository() -> None:
    """An environment of tox.ini, or a script."""
    ini = (ROOT / "tox.ini").read_text(encoding="utf-8")
    named = [name for names in re.findall(r"^\[testenv:(.+)\]$", ini, re.MULTILINE) for name in expanded(names)]
    for path in WORKFLOWS.iterdir():
        for step in (step for job in jobs_of(path.name).values() for step in job["steps"] if "run" in step):
            script = re.fullmatch(r"(?:sudo )?(\.ci/\w+).*", step["run"])
            environments = re.match(r"tox -e (\S+)", step["run"])
            if script:
                assert (ROOT / script[1]).is_file()
            elif environments:
                assert set(environments[1].split(",")) <= {*named}, step
            else:
                assert step["run"].startswith(("python -m pip install tox", "tox -- --report=", "cat ")), step


def expanded(names: str) -> list[str]:
    """List the environments that the name of a section stands for: pg{13,14} is two."""
    prefix, _, rest = names.partition("{")
    return [prefix + each for each in rest.removesuffix("}").split(",")]


@pytest.mark.parametrize("status", [0, 1])
def test_exploring_prints_the_seed(tmp_path: Path, status: int) -> None:
    """Of each run, and once more of the one that found something; it ends where another would take too long."""
    (tmp_path / "tox").write_text(f'#!/bin/sh\necho "ran $*"; exit {status}\n', encoding="utf-8")
    (tmp_path / "tox").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    run = subprocess.run([ROOT / ".ci" / "explore", "0"], env=environment, capture_output=True, text=True, check=False)
    told = r"\.ci/explore: tox (-e explore -- --hypothesis-seed=\d+)\nran \1\n"
    again = r"\.ci/explore: the same again: tox \1\n" if status else ""
    assert (run.returncode, bool(re.fullmatch(told + again, run.stdout))) == (status, True), run.stdout
