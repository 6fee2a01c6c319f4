"""What Hypothesis draws from: valid rows are valid, near misses miss by one rule, and rare shapes are reached."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import MODEL
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import INFINITY, Timestamp, resolved

NOW = Timestamp(850_000_000_000_000)
RULES = {rule.name: rule.refusal for rule in MODEL.rules if rule.name in strategies.ROWS.rules}
RARE: dict[str, tuple[SearchStrategy[Any], Callable[[Any], bool]]] = {
    "astral token": (strategies.tokens(), lambda token: ord(max(token)) > 0xFFFF),
    "token of blanks": (strategies.tokens(), lambda token: not token.strip()),
    "token of two scripts": (strategies.tokens(), lambda token: not token.isascii() and any(map(str.isascii, token))),
    "a row that never expires": (strategies.rows(), lambda row: row.get("expires_at") == INFINITY),
    "a row for 1 µs": (strategies.rows(), lambda row: row.get("expires_at", 9) - row.get("created_at", 0) == 1),
    "a form that is JSON null": (strategies.rows(), lambda row: "form_state" in row and row["form_state"] is None),
    "a small change": (strategies.changes(), lambda values: [*values] == ["last_active_at"]),
    "duplicate keys": (strategies.json_texts(), lambda text: text.startswith("{") and text.count('""') > 1),
    "nested form": (strategies.json_texts(), lambda text: "[" in text and "{" in text),
}


@given(row=strategies.rows())
def test_every_row_is_valid(row: dict[str, Any]) -> None:
    """The model accepts every row."""
    assert not isinstance(MODEL.emptied().insert(resolved(row, NOW), NOW), Refused)


@pytest.mark.parametrize(("rule", "refusal"), RULES.items(), ids=RULES)
@given(data=st.data())
def test_every_near_miss_breaks_its_one_rule(rule: str, refusal: Refused, data: st.DataObject) -> None:
    """The model refuses it, by that rule."""
    miss = data.draw(strategies.ROWS.near_misses(rule))
    assert MODEL.emptied().insert(resolved(miss, NOW), NOW) == refusal


@pytest.mark.parametrize(("strategy", "condition"), RARE.values(), ids=RARE)
def test_rare_shapes_are_reached(strategy: SearchStrategy[Any], condition: Callable[[Any], bool]) -> None:
    """Within a thousand examples there is one."""
    find(strategy, condition, settings=settings(max_examples=1000))


@pytest.mark.parametrize(
    "strategy",
    [strategies.ROWS.rows(), strategies.ROWS.near_misses("session_token_length")],
    ids=["rows", "near misses"],
)
def test_rows_are_told_in_few_words(strategy: SearchStrategy[Any]) -> None:
    """Hypothesis keeps a rule of a state machine as text at many a step: all values to draw from took 67 MB a test."""
    assert len(repr(strategy)) < 1000
