"""No false alarms: migrations that keep the contract in other words are green."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pglast
import pytest

from tests.harness.migrations import edits
from tests.selftest import rewritings
from tests.selftest.judge import Ask, judging, share
from tests.selftest.mutation.subject import Subject, subjects

SUBJECTS = subjects()


def rewritings_of(subject: Subject) -> dict[str, rewritings.Rewriting]:
    """Those of any migration, and those of this table's."""
    return {**rewritings.REWRITINGS, **subject.inputs.rewritings}


@pytest.fixture(scope="module")
def subject(request: pytest.FixtureRequest) -> Subject:
    """A contract and the migration that makes its table."""
    return request.param


@pytest.fixture(scope="module")
def ask(subject: Subject) -> Iterator[Ask]:
    """One process for all texts of a migration."""
    with judging(subject.contract) as made:
        yield made


@pytest.mark.parametrize(
    ("subject", "turn", "name"),
    [
        pytest.param(subject, turn, name, id=f"{subject.table.name}: {name}")
        for subject in SUBJECTS
        for turn, name in enumerate(rewritings_of(subject))
    ],
    indirect=["subject"],
)
def test_a_migration_in_other_words_is_green(ask: Ask, subject: Subject, turn: int, name: str) -> None:
    """Each rewriting keeps every clause, under both default privileges."""
    every = rewritings_of(subject)
    rewritten = every[name](subject.text)
    assert rewritten != subject.text
    assert pglast.parse_sql(rewritten)
    judgement = ask(rewritten, turn, len(every))
    assert (judgement.invalid, judgement.failed, judgement.errors) == ("", [], [])


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.table.name, indirect=True)
def test_a_broken_migration_is_red(ask: Ask, subject: Subject) -> None:
    """The judge that finds rewritings green finds the clause that falls where nothing is sent to the API."""
    broken = edits.replace(subject.text, pglast.ast.NotifyStmt, "SELECT 1")
    judgement = ask(broken, 0, len(rewritings_of(subject)))
    failed = {each.test.rpartition("::")[2].partition("[")[0] for each in judgement.failed}
    assert (judgement.invalid, failed, judgement.errors) == ("", {"test_the_api_is_told_at_commit"}, [])


def collected(name: str, default_privileges: tuple[str | None, ...], parameters: int) -> list[Any]:
    """Make as much of collected tests as their dealer looks at."""
    return [
        SimpleNamespace(
            nodeid=f"x.py::{name}[{number}-{each}]",
            callspec=SimpleNamespace(params={"default_privileges": each}),
        )
        for each in default_privileges
        for number in range(parameters)
    ]


@pytest.mark.parametrize("turns", [1, 2, 3, 20])
def test_texts_that_share_a_gate_meet_all_of_it(turns: int) -> None:
    """Together they meet every parameter; each meets every test under both default privileges, but the slow ones."""
    quick = collected("test_quick", ("granting", "explicit"), 5)
    gate = [*quick, *collected("test_slow", (None,), 7), SimpleNamespace(nodeid="x.py::test_alone")]
    shares = [{each.nodeid for each in share(gate, ["test_slow"], turn, turns)} for turn in range(turns)]
    assert set.union(*shares) == {each.nodeid for each in gate}
    for met in shares:
        assert "x.py::test_alone" in met
        assert {each.callspec.params["default_privileges"] for each in quick if each.nodeid in met} == {
            "granting",
            "explicit",
        }
