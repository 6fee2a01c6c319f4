"""What CI runs: the README's own commands, and nothing that was skipped."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT

REPORT = '<testsuites><testsuite tests="{tests}" skipped="{skipped}"/></testsuites>'
README = """the mark <!-- command: gate --> within a line
```sh
exit 8
```
<!-- command: gate -->
```sh
{command}
```
```sh
exit 9
```
"""


def followed(project: Path, readme: str, tests: int = 3, skipped: int = 0, name: str = "gate") -> tuple[int, str]:
    """Let the script follow a README's command in a project of its own; return its status and its output."""
    (project / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "follow_readme", project / ".ci")
    (project / "README.md").write_text(readme, encoding="utf-8")
    for environment in ("gate", "pg13", "pg18"):
        report = project / ".tox" / environment / "tmp" / "gate.xml"
        report.parent.mkdir(parents=True)
        report.write_text(REPORT.format(tests=tests, skipped=skipped), encoding="utf-8")
    run = subprocess.run([script, name], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def test_the_readme_s_command_is_run_in_the_project(tmp_path: Path) -> None:
    """The block right below the mark, that block alone, in the project's folder."""
    assert followed(tmp_path, README.format(command="echo ran >here")) == (0, "gate: 3 tests, 0 skipped\n")
    assert (tmp_path / "here").read_text() == "ran\n"


def test_the_command_s_status_is_passed_on(tmp_path: Path) -> None:
    """3, PostgreSQL could not be run, must not become 1, a clause is broken."""
    assert followed(tmp_path, README.format(command="(exit 3)\ntrue"))[0] == 3


@pytest.mark.parametrize("name", ["TOXENV", "TOX_ENV", "TOX_SKIP_ENV", "TOX_OVERRIDE", "TOX_WORK_DIR"])
def test_no_variable_of_the_caller_makes_tox_run_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Nor write the report where an old one would be read."""
    monkeypatch.setenv(name, "x")
    assert followed(tmp_path, README.format(command=f"test -z ${{{name}-}}"))[0] == 0


@pytest.mark.parametrize(("tests", "skipped"), [(3, 1), (0, 0)], ids=["one skipped", "none at all"])
def test_a_test_that_did_not_run_is_a_failure(tmp_path: Path, tests: int, skipped: int) -> None:
    """A gate that skips is no gate, whatever pytest's status."""
    status, printed = followed(tmp_path, README.format(command="true"), tests, skipped)
    assert (status, printed) == (1, f"gate: {tests} tests, {skipped} skipped\n")


def test_every_version_of_the_readme_s_table_is_looked_at(tmp_path: Path) -> None:
    """Each version's report is read."""
    readme = README.replace("gate -->", "versions -->").format(command="true") + "| 13.23 | |\n| 18.6 | |\n"
    status, printed = followed(tmp_path, readme, name="versions")
    assert (status, printed.splitlines()) == (0, ["pg13: 3 tests, 0 skipped", "pg18: 3 tests, 0 skipped"])


@pytest.mark.parametrize(
    "readme",
    ["", "<!-- command: all -->\n```sh\ntrue\n```\n", "<!-- command: gate -->\n\n```sh\ntrue\n```\n"],
    ids=["no mark", "another's mark", "a line between"],
)
def test_a_readme_without_the_command_is_refused(tmp_path: Path, readme: str) -> None:
    """It says which line is looked for, and runs nothing."""
    status, printed = followed(tmp_path, readme)
    assert status == 2
    assert "<!-- command: gate -->" in printed


def test_every_shell_script_is_linted() -> None:
    """The lint names each: none is left out."""
    scripts = [path for path in [*ROOT.glob(".ci/*"), *ROOT.glob("migrations/*.sh")] if path.is_file()]
    linted = re.findall(r"^ +shellcheck (.+)$", (ROOT / "tox.ini").read_text(encoding="utf-8"), re.MULTILINE)
    assert [sorted(line.split()) for line in linted] == [sorted(str(path.relative_to(ROOT)) for path in scripts)]
