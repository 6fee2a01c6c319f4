"""The exit status: it follows from what is known of a run, and not from the order in which plugins are registered."""

import runpy
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.plugins import verdict
from tests.harness.plugins.verdict import Facts
from tests.selftest.runs import run_cases

PLUGINS = ROOT / "tests" / "harness" / "plugins"


@pytest.mark.parametrize(
    ("facts", "status", "decided"),
    [
        pytest.param(Facts(), 0, 0, id="every clause held"),
        pytest.param(Facts(test_failed=True), 1, 1, id="a test failed"),
        pytest.param(Facts(), 1, 3, id="only fixtures failed"),
        pytest.param(Facts(clause_found_broken=True), 0, 1, id="found by no test"),
        pytest.param(Facts(clause_found_broken=True, stopped=True), 3, 1, id="found, and the server lost"),
        pytest.param(Facts(test_failed=True, stopped=True), 3, 3, id="the server lost"),
        pytest.param(Facts(test_failed=True), 2, 2, id="interrupted"),
        pytest.param(Facts(), 4, 4, id="usage"),
    ],
)
def test_the_status_follows_from_the_facts(facts: Facts, status: int, decided: int) -> None:
    """0, 1 and 3 are the gate's; what pytest says of an interruption or of its usage stays."""
    assert facts.exit_status(status) == decided


def test_one_module_decides_it() -> None:
    """No other plugin sets a run's exit status, or ends a run with one."""
    words = ("exitstatus", "pytest.exit", "returncode=")
    found = {path.name for path in PLUGINS.glob("*.py") for word in words if word in path.read_text(encoding="utf-8")}
    assert found == {Path(verdict.__file__).name}


def reversed_plugins() -> list[str]:
    """Name the suite's plugins on the command line, the last one first; they are registered in that order."""
    names = runpy.run_path(str(ROOT / "conftest.py"))["pytest_plugins"]
    return [word for name in reversed(names[1:]) for word in ("-p", name)]


@pytest.mark.parametrize(
    "name",
    [
        "the server killed",
        "a fixture that hangs",
        "a broken clause",
        "a loop in a test's database",
        "a migration that does not apply",
    ],
)
def test_the_order_of_plugins_carries_no_meaning(name: str) -> None:
    """Whatever ends a run, it ends in the same way where they are registered the other way round."""
    run_cases()[name].check(*reversed_plugins())
