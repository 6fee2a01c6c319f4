"""What CI runs: the README's own commands, and nothing that was skipped."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.harness.core.paths import ROOT
from tests.selftest.cases import SAMPLES, cases

REPORT = '<testsuites><testsuite tests="{tests}" skipped="{skipped}"/></testsuites>'
README = (SAMPLES / "ci" / "README.md").read_text(encoding="utf-8")
VARIABLES = ("TOXENV", "TOX_ENV", "TOX_SKIP_ENV", "TOX_OVERRIDE", "TOX_WORK_DIR")


@cases("ci/readmes", mark="gate", command="true", tests=3, skipped=0, name="gate", status=0, printed="")
def test_the_readme_s_command_is_followed(
    tmp_path: Path, mark: str, command: str, tests: int, skipped: int, name: str, status: int, printed: str
) -> None:
    """It is run, its status is passed on, and a test that did not run is a failure."""
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "follow_readme", tmp_path / ".ci")
    (tmp_path / "README.md").write_text(README.format(mark=mark, command=command), encoding="utf-8")
    for each in ("gate", "pg13", "pg18"):
        report = tmp_path / ".tox" / each / "tmp" / "gate.xml"
        report.parent.mkdir(parents=True)
        report.write_text(REPORT.format(tests=tests, skipped=skipped), encoding="utf-8")
    environment = {**os.environ, **dict.fromkeys(VARIABLES, "x")}
    run = subprocess.run([script, name], env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (status, printed)


def test_every_shell_script_is_linted() -> None:
    """The lint names each: none is left out."""
    scripts = [path for path in [*ROOT.glob(".ci/*"), *ROOT.glob("migrations/*.sh")] if path.is_file()]
    linted = re.findall(r"^ +shellcheck (.+)$", (ROOT / "tox.ini").read_text(encoding="utf-8"), re.MULTILINE)
    assert [sorted(line.split()) for line in linted] == [sorted(str(path.relative_to(ROOT)) for path in scripts)]
