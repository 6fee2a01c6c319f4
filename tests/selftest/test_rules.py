"""Rules: of which kind each is. What the pages say is what the tests are marked with."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest

from tests.harness.core.paths import ACCESS, ROOT, UPGRADE
from tests.harness.plugins.clauses import ids_of
from tests.harness.plugins.pages import RULES, read_page
from tests.harness.plugins.rules import MARKERS
from tests.selftest.runs import run_folder

PRINTED = re.compile(r"^marked (\w+):(.*)$", re.MULTILINE)
# What is asked for where the files are applied for the first time, before any test.
IN_THE_HARNESS = re.compile(r'asks_for\("(\w+)"\)')
USAGE = (ROOT / "USAGE.md").read_text(encoding="utf-8")
KINDS = {each.id: each.kind for room in (UPGRADE, ACCESS) for each in read_page(room / RULES).clauses.values()}

# The markers of each test of a rule.
Marked = Mapping[str, Sequence[set[str]]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Print the markers of all tests, before any is left out: this file is a plugin of the run below."""
    for item in items:
        names = [name for name in MARKERS if item.get_closest_marker(name)]
        for clause in ids_of(item):
            config.get_terminal_writer().line(f"marked {clause}: {' '.join(names)}")


@pytest.fixture(scope="module")
def marked() -> Marked:
    """Collect the tests of both rooms."""
    with run_folder() as here:
        status, printed = here.run("--collect-only", "-q", "-p", __name__, str(UPGRADE), str(ACCESS))
    assert status == 0, printed
    found = defaultdict(list)
    for clause, names in PRINTED.findall(printed):
        found[clause].append(set(names.split()))
    return found


def test_a_rule_is_of_the_kind_that_its_page_says(marked: Marked) -> None:
    """All of its tests are always tried, or asked for; or some are."""
    asked_for = {clause: {"asked_for" in each for each in tests} for clause, tests in marked.items()}
    for path in (ROOT / "tests" / "harness").rglob("*.py"):
        for clause in IN_THE_HARNESS.findall(path.read_text(encoding="utf-8")):
            asked_for[clause].add(True)
    words = {(False,): "always", (True,): "asked for", (False, True): "always; asked for"}
    found = {clause: words[tuple(sorted(each))] for clause, each in asked_for.items()}
    assert found == {clause: kind.partition(":")[0] for clause, kind in KINDS.items()}


def test_what_is_asked_of_a_statement_in_no_transaction_is_what_the_page_says(marked: Marked) -> None:
    """The rules of which it is asked nothing, and the one of which it is asked something else."""
    page = " ".join((UPGRADE / RULES).read_text(encoding="utf-8").split())
    nothing = {clause for clause, tests in marked.items() if all("in_a_transaction" in each for each in tests)}
    alone = {clause for clause, tests in marked.items() if any("alone" in each for each in tests)}
    assert [set(re.findall(r"I\d+", each)) for each in re.findall(r"nothing of (I\d[^.]+)\.", page)] == [nothing]
    assert set(re.findall(r"under (I\d+) to leave", page)) == alone


def test_the_page_names_the_rules_that_are_always_tried() -> None:
    """All of those of a new file; and of house style, what it gives as an example is."""
    paragraph = USAGE.partition("Rules that harm in every project")[2].partition("\n\n")[0]
    always = {clause for clause, kind in KINDS.items() if clause.startswith("I") and kind.startswith("always")}
    assert set(re.findall(r"\((\w+)\)", paragraph)) == always
    example = re.findall(r"I\d+", USAGE.partition("| `asked_for` |")[2].partition("\n")[0])
    assert {KINDS[each] for each in example} == {"asked for"}
