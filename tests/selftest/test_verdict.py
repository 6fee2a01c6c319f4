"""The exit status: it follows from what is known of a run, and not from the order in which plugins are registered."""

import runpy
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.plugins import verdict
from tests.harness.plugins.clauses import last_line
from tests.harness.plugins.verdict import Facts
from tests.selftest.cases import cases
from tests.selftest.runs import run_cases

PLUGINS = ROOT / "tests" / "harness" / "plugins"


@cases("verdict/facts", facts={})
def test_the_status_follows_from_the_facts(facts: dict[str, bool], status: int, decided: int) -> None:
    """0, 1 and 3 are the gate's; what pytest says of an interruption or of its usage stays."""
    assert Facts(**facts).exit_status(status) == decided


def test_one_module_decides_it() -> None:
    """No other plugin sets a run's exit status, or ends a run with one."""
    words = ("exitstatus = ", "pytest.exit", "returncode=")
    found = {path.name for path in PLUGINS.glob("*.py") for word in words if word in path.read_text(encoding="utf-8")}
    assert found == {Path(verdict.__file__).name}


@pytest.mark.parametrize("name", [name for name, case in run_cases().items() if case.any_order])
def test_the_order_of_plugins_carries_no_meaning(name: str) -> None:
    """Whatever ends a run, it ends in the same way where they are registered the other way round."""
    plugins = runpy.run_path(str(ROOT / "conftest.py"))["pytest_plugins"]
    run_cases()[name].check(*(f"-p{plugin}" for plugin in reversed(plugins[1:])))


def test_a_run_that_did_not_end_never_says_that_all_held(pytestconfig: pytest.Config) -> None:
    """Ctrl-C, a server that was lost, a fixture that failed: what held so far is no verdict."""
    assert last_line(pytestconfig, [], [], ended=False).startswith("Held so far, of a run that did not end: 0 clauses")
