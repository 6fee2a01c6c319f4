"""The action, the workflow around it, and the hook, as another repository uses them: what they run is run here."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.harness.core.paths import ROOT
from tests.selftest import tox_stand_in
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import RunFolder, clean_environment

CALLERS = SAMPLES / "action"
# As if main had been fetched.
FETCH = ["update-ref", "refs/remotes/origin/main", "HEAD"]
MIGRATIONS = Path("supabase", "migrations")
THIS, GATE_CHECKED_OUT = "OWNER/calculator2-migration-gate", "./.migration-gate"
# What GitHub runs for `shell: bash`.
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
TOX = f'exec {sys.executable} {tox_stand_in.__file__} "$@"'
INSTALL_TOX = "python -m pip install --quiet tox"


def read(path: Path) -> Any:
    """Read a file of YAML 1.2."""
    return YAML(typ="safe", pure=True).load(path)


def evaluate(expression: str, known: Mapping[str, str]) -> str:
    """Evaluate an expression of GitHub's: a name, a text, or such compared and joined by one operator."""
    if " || " in expression:
        return next(filter(None, (evaluate(part, known) for part in expression.split(" || "))), "")
    if " && " in expression:
        return "true" if all(evaluate(part, known) for part in expression.split(" && ")) else ""
    if " != " in expression:
        left, right = (evaluate(part, known) for part in expression.split(" != "))
        return "true" if left != right else ""
    return expression[1:-1] if expression.startswith("'") else known[expression]


def filled(values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Evaluate the values of a `with:` or an `env:`, each a text or one expression."""
    return {name: evaluate(value[4:-3], known) if value.startswith("${{ ") else value for name, value in values.items()}


def with_defaults(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs by the names that expressions have for them; one that is not declared is an error."""
    assert given.keys() <= declared.keys()
    return {f"inputs.{name}": given.get(name, each["default"]) for name, each in declared.items()}


def steps_of_the_action(caller: Path, event: Mapping[str, str]) -> Iterator[tuple[Mapping[str, Any], dict[str, str]]]:
    """Yield the steps of action.yml that a caller's workflow runs, with their variables."""
    (job,) = read(caller)["jobs"].values()
    steps, known, action = job.get("steps"), dict(event), f"{THIS}@COMMIT"
    if steps is None:
        called = read(ROOT / job["uses"].removeprefix(f"{THIS}/").removesuffix("@COMMIT"))
        known |= with_defaults(called["on"]["workflow_call"]["inputs"], job["with"])
        (steps,) = (each["steps"] for each in called["jobs"].values())
        its_own = {"repository": "${{ job.workflow_repository }}", "ref": "${{ job.workflow_sha }}"}
        assert {**its_own, "path": ".migration-gate"}.items() <= steps[1]["with"].items()
        action = GATE_CHECKED_OUT
    assert (steps[0]["uses"].partition("@")[0], steps[0]["with"]["fetch-depth"]) == ("actions/checkout", 0)
    assert steps[-1]["uses"] == action
    made = read(ROOT / "action.yml")
    known = {**event, **with_defaults(made["inputs"], filled(steps[-1]["with"], known))}
    for step in made["runs"]["steps"]:
        if evaluate(step.get("if", "'true'"), known):
            yield step, filled(step.get("env", {}), known)


def repository(folder: Path, change: str) -> str:
    """Make an application's repository, with one migration that is committed and one that is not; return the commit."""
    migrations = folder / MIGRATIONS
    migrations.mkdir(parents=True)
    shutil.copy(CALLERS / "base.sql", migrations / "20260101000000_notes.sql")
    git = ("git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.com")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=notes"], FETCH):
        subprocess.run([*git, *words], check=True)
    shutil.copy(CALLERS / change, migrations / "20260102000000_change.sql")
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


def tools(folder: Path, tox: str) -> str:
    """Make a tox, and a python that can install it, and nothing else; return the PATH that has them first."""
    folder.mkdir()
    for name, text in {"tox": tox, "python": f'[ "python $*" = "{INSTALL_TOX}" ]'}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("caller", "change", "status", "says"),
    [
        (
            "workflow.yml",
            "bad.sql",
            1,
            "::error file=supabase/migrations/20260102000000_change.sql,line=3::public.tags",
        ),
        ("step.yml", "good.sql", 0, "All held: "),
    ],
)
def test_another_repository_s_pull_request_gets_its_verdict(
    here: RunFolder, caller: str, change: str, status: int, says: str
) -> None:
    """The new file is judged, that of the base is history, and what is wrong is shown at its line."""
    workspace = here.folder / "pytest-of-application"
    base = repository(workspace, change)
    event = {"github.event.pull_request.base.sha": base, "github.event.merge_group.base_sha": ""}
    environment = {
        **clean_environment(),
        "PATH": tools(here.folder / "pytest-of-tools", TOX),
        "TMPDIR": str(here.folder),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(summary := here.folder / "summary"),
    }
    ran = []
    for step, variables in steps_of_the_action(CALLERS / caller, event):
        if "run" in step:
            assert (step["shell"], "${{" in step["run"]) == ("bash", False)
            words = [*BASH, step["run"]]
            ran.append(
                subprocess.run(
                    words, cwd=workspace, env={**environment, **variables}, capture_output=True, text=True, check=False
                )
            )
    printed = "".join(each.stdout + each.stderr for each in ran)
    assert [each.returncode for each in ran] == [0, status], printed
    assert says in printed, printed
    assert "20260101000000_notes.sql:" not in printed, printed
    assert f"{'✓✗'[status]} **" in summary.read_text(encoding="utf-8"), printed


def test_the_documents_show_what_is_run() -> None:
    """Word for word: what they tell another repository to write is one of the files that are tried here."""
    files = [CALLERS / name for name in ("workflow.yml", "step.yml", "pre-commit.yaml")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    for page in ROOT.glob("*.md"):
        for shown in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            assert "calculator2-migration-gate" not in shown or shown in texts, (page, shown)
    assert f"```yaml\n{texts[0]}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_hook_judges_what_is_committed(here: RunFolder) -> None:
    """It is run where the file is one of its own, in the repository's top folder, with the caller's arguments."""
    workspace = here.folder / "pytest-of-application"
    repository(workspace, "bad.sql")
    (hook,), (given,) = read(ROOT / ".pre-commit-hooks.yaml"), read(CALLERS / "pre-commit.yaml")["repos"]
    (asked,) = given["hooks"]
    assert (asked["id"], hook["pass_filenames"]) == (hook["id"], False)
    assert re.search(hook["files"], f"{MIGRATIONS}/20260102000000_change.sql")
    path = tools(here.folder / "pytest-of-tools", TOX)
    environment = {**clean_environment(), "PATH": path, "TMPDIR": str(here.folder)}
    # Of the rules, one is asked for.
    words = [str(ROOT / hook["entry"]), *asked["args"], "tests/access/test_exposed_objects.py"]
    run = subprocess.run(words, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    said = [words in run.stdout for words in ("20260102000000_change.sql:3: ", "public.tags has no row-level security")]
    assert (run.returncode, said) == (1, [True, True]), run.stdout


@cases("action/inputs", inputs={}, event={}, node=False, status=0)
def test_each_input_is_handed_on(
    tmp_path: Path, inputs: dict[str, str], event: dict[str, str], node: bool, status: int, says: list[str]
) -> None:
    """As one word, whatever is in it; an empty one is not given. Only the PostgreSQL of npm takes Node."""
    caller = tmp_path / "step.yml"
    text = (CALLERS / "step.yml").read_text(encoding="utf-8").rpartition("with:")[0]
    caller.write_text(f"{text}with: {inputs}\n", encoding="utf-8")
    event = {"github.event.pull_request.base.sha": "", "github.event.merge_group.base_sha": "", **event}
    steps = [*steps_of_the_action(caller, event)]
    assert any("setup-node" in step.get("uses", "") for step, _ in steps) == node
    step, variables = steps[-1]
    tox = tools(tmp_path / "tools", "printf '%s\\n' \"$@\"")
    environment = {**clean_environment(), "PATH": tox, "GITHUB_ACTION_PATH": str(ROOT), **variables}
    words = [*BASH, step["run"]]
    run = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    expected = [line.format(here=tmp_path, root=ROOT) for line in says]
    assert (run.returncode, run.stdout.splitlines()) == (status, expected), run.stderr
