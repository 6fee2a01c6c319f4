"""Clauses: each is proved by a test, each test names what it proves, and each has lines that promise it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.contracts import Contract
from tests.harness.core.paths import CONTRACTS, GATE, MIGRATIONS, ROOT
from tests.harness.migrations import files
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins import clauses
from tests.harness.plugins.contracts import must_be_there
from tests.harness.plugins.pages import find_page
from tests.selftest.cases import cases
from tests.selftest.runs import MIGRATION

CONTRACT = CONTRACTS / "calculator2_sessions" / "test_constraints.py"


def item(path: Path, *named: str) -> Any:
    """Return as much of a collected test as the check of clauses looks at."""
    marks = [pytest.mark.clause(*named).mark] if named else []
    return SimpleNamespace(nodeid="a test", path=path, iter_markers=lambda _: marks)


def page(folder: Path, *ids: str) -> Path:
    """Write a contract's page with these clauses; return the path of a test beside it."""
    rows = "\n".join(f"| {each} | A rule. |" for each in ids)
    text = f"# A page\n\n## A\n\n| ID | Clause |\n| --- | --- |\n{rows}\n"
    (folder / "CONTRACT.md").write_text(text, encoding="utf-8")
    return folder / "test_x.py"


def test_an_unknown_clause_is_an_error(tmp_path: Path) -> None:
    """A clause that the page of the test's room does not have stops the run, be it another page's."""
    with pytest.raises(pytest.UsageError, match=r"a test: no clause I1 in .+/CONTRACT\.md"):
        clauses.check_clauses([item(page(tmp_path, "C1"), "C1", "I1")], [])


def test_a_gate_test_without_a_clause_is_an_error(tmp_path: Path) -> None:
    """A test of the gate, or of a contract elsewhere, that does not say which clause it proves stops the run."""
    for path in (GATE[0] / "test_x.py", page(tmp_path, "C1")):
        with pytest.raises(pytest.UsageError, match="say which clause it proves"):
            clauses.check_clauses([item(path)], [])
    clauses.check_clauses([item(Path(__file__))], [])


def test_a_clause_without_a_test_is_an_error(tmp_path: Path) -> None:
    """A clause that no test of its room proves stops the run, if the whole room was collected."""
    proved = [item(page(tmp_path, "C1", "C11"), "C1")]
    with pytest.raises(pytest.UsageError, match=r"CONTRACT\.md: no test of .+/ proves C11\. Write one"):
        clauses.check_clauses(proved, [tmp_path.parent])
    clauses.check_clauses(proved, [tmp_path / "support"])


@cases("clauses/defined_at")
def test_a_clause_knows_where_it_is_defined(clause: str, line: str) -> None:
    """The lines are those of the statements that define what the clause names, or what its section is defined by."""
    found = find_page(CONTRACT).clauses[clause].places([files.read_file(MIGRATION)])
    assert line in [text for _, _, text in found], found


@pytest.mark.parametrize(
    ("migrations", "contracts", "expected"),
    [(MIGRATIONS, CONTRACTS, True), (ROOT / "other", CONTRACTS, False), (ROOT / "other", ROOT / "contracts", True)],
    ids=["the own folder", "another folder", "another folder with its contracts"],
)
def test_a_table_must_be_there_where_it_is_the_folder_s(migrations: Path, contracts: Path, expected: bool) -> None:
    """A folder that speaks nowhere of a table of this repository's contracts is another project's."""
    contract = Contract(contracts / TABLE.name, TABLE)
    assert must_be_there(contract, MigrationsFolder(migrations), ()) == expected
