"""The gate does not cry wolf: migrations that keep the contract in other words are green."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pglast
import pytest

from tests.selftest.judge import LONG, Judge, Question, share, sitting
from tests.selftest.mutation.judging import mutated_file
from tests.selftest.rewritings import REWRITINGS

NOTIFY = "NOTIFY pgrst, 'reload schema';"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One for all questions."""
    with sitting() as made:
        yield made


@pytest.fixture(scope="module")
def original() -> str:
    """The migration."""
    return mutated_file().read_text(encoding="utf-8")


@pytest.mark.parametrize(("turn", "name"), [pytest.param(*each, id=each[1]) for each in enumerate(REWRITINGS)])
def test_a_migration_in_other_words_is_green(judge: Judge, original: str, turn: int, name: str) -> None:
    """Each rewriting keeps every clause, under both default privileges."""
    rewritten = REWRITINGS[name](original)
    assert rewritten != original
    assert pglast.parse_sql(rewritten)
    answer = judge.ask(Question(rewritten, turn, len(REWRITINGS)))
    assert (answer.red, answer.trouble) == ({}, "")


def test_a_broken_migration_is_red(judge: Judge, original: str) -> None:
    """The judge that finds rewritings green finds the clause that falls where nothing is sent to the API."""
    assert NOTIFY in original
    answer = judge.ask(Question(original.replace(NOTIFY, "SELECT 1;"), 0, len(REWRITINGS)))
    assert {name.rpartition("::")[2].partition("[")[0] for name in answer.red} == {"test_the_api_is_told_at_commit"}
    assert answer.trouble == ""


def collected(name: str, eras: tuple[str | None, ...], parameters: int) -> list[Any]:
    """Make as much of collected tests as their dealer looks at."""
    return [
        SimpleNamespace(
            nodeid=f"x.py::{name}[{number}-{default_privileges}]",
            callspec=SimpleNamespace(params={"default_privileges": default_privileges}),
        )
        for default_privileges in eras
        for number in range(parameters)
    ]


@pytest.mark.parametrize("turns", [1, 2, 3, 20])
def test_texts_that_share_a_gate_meet_all_of_it(turns: int) -> None:
    """Together they meet every parameter; each meets every test under both default privileges, but the long ones."""
    short = collected("test_short", ("granting", "explicit"), 5)
    gate = [*short, *collected(min(LONG), (None,), 7), SimpleNamespace(nodeid="x.py::test_alone")]
    shares = [{each.nodeid for each in share(gate, turn, turns)} for turn in range(turns)]
    assert set.union(*shares) == {each.nodeid for each in gate}
    for met in shares:
        assert "x.py::test_alone" in met
        assert {each.callspec.params["default_privileges"] for each in short if each.nodeid in met} == {
            "granting",
            "explicit",
        }
