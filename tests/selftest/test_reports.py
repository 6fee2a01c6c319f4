"""What a person sees of a failure: pinned, because it is what the gate is for."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.core.paths import GATE
from tests.harness.migrations import files
from tests.harness.plugins import clauses, contract_page
from tests.selftest.runs import MIGRATION, NO_SHAPE_CHECK, Place, candidate, place

CONSTRAINTS = "tests/contract/calculator2_sessions/test_constraints.py"


@pytest.fixture
def here() -> Iterator[Place]:
    """A place for one run."""
    with place() as made:
        yield made


def test_a_migration_that_does_not_apply_is_reported_once(here: Place) -> None:
    """One failure, with PostgreSQL's message and the file's line, and nothing else is run."""
    edit = ("    session_token text NOT NULL,", "    session_token txt NOT NULL,")
    broken = candidate(here.folder / "c", edit)
    line = (broken / MIGRATION.name).read_text(encoding="utf-8").splitlines().index(edit[1]) + 1
    status, printed = here.run("--migrations", str(broken), "-n", "2")
    assert status == 1
    assert printed.count('type "txt" does not exist') == 1
    assert f"{MIGRATION.name}:{line}: the migration does not apply" in printed
    assert "I1 is broken: migrations::apply" in printed
    assert "1 failed" in printed


def test_a_broken_clause_explains_itself(here: Place) -> None:
    """What happened, what must happen, the statement, the clause, and the lines that promise it; no traceback."""
    rule = "CONSTRAINT session_token_length CHECK (char_length(session_token) = 32)"
    broken = candidate(here.folder / "c", (rule, rule.replace("=", "<=")), NO_SHAPE_CHECK)
    status, printed = here.run("--migrations", str(broken), "-k", "exactly_32", CONSTRAINTS)
    assert status == 1
    for words in (
        "what happened:    accepted, 1 row",
        "what must happen: refused with 23514 by session_token_length",
        'the statement:    INSERT INTO "public"."calculator2_sessions" ("session_token") VALUES (%s)',
        "The clause: C1",
        "C1 is broken: tests/contract/calculator2_sessions/test_constraints.py::test_a_token_has_exactly_32_characters",
        "CONSTRAINT session_token_length CHECK (char_length(session_token) <= 32)",
    ):
        assert words in printed, printed
    assert "twin.py" not in printed


def test_junit_carries_the_clauses(here: Place) -> None:
    """Each test of the report has a property for each of its clauses."""
    report = here.folder / "report.xml"
    here.run(f"--junitxml={report}", "-n", "2", "-k", "validated and explicit", "tests/contract")
    (case,) = ElementTree.parse(report).getroot().iter("testcase")
    assert [each.get("value") for each in case.iter("property") if each.get("name") == "clause"] == ["S3", "S4"]
    report.unlink()


def item(path: Path, *named: str) -> Any:
    """Return as much of a collected test as the check of clauses looks at."""
    marks = [pytest.mark.clause(*named).mark] if named else []
    return SimpleNamespace(nodeid="a test", path=path, iter_markers=lambda _: marks, user_properties=[])


def test_an_unknown_clause_is_an_error() -> None:
    """A clause that the contract does not have stops the run."""
    with pytest.raises(pytest.UsageError, match=r"no clause C99 in CONTRACT\.md"):
        clauses.pytest_collection_modifyitems([item(Path("anywhere"), "C1", "C99")])


def test_a_gate_test_without_a_clause_is_an_error() -> None:
    """A test of the gate that does not say which clause it proves stops the run; one of the selftest need not."""
    with pytest.raises(pytest.UsageError, match="say which clause it proves"):
        clauses.pytest_collection_modifyitems([item(GATE[0] / "test_x.py")])
    clauses.pytest_collection_modifyitems([item(Path(__file__))])


@pytest.mark.parametrize(("name", "words"), [("C3", "expiry_after_creation"), ("R4", "(R2, R3, R4"), ("I6", "(I6)")])
def test_a_clause_knows_where_it_is_promised(name: str, words: str) -> None:
    """The lines are those that cite it, or else those with the names in its text."""
    found = contract_page.read()[name].promised_at([files.read_file(MIGRATION)])
    assert any(words in line for line in found)
