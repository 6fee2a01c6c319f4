"""What Hypothesis draws from: valid rows are valid, near misses miss by one rule, and rare shapes are reached."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import Row, make
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import INFINITY, Timestamp, resolved

NOW = Timestamp(850_000_000_000_000)
RULES = {
    "token length": Refused("23514", "session_token_length"),
    "expiry after creation": Refused("23514", "expiry_after_creation"),
    "activity after creation": Refused("23514", "last_active_after_creation"),
    "amount": Refused("22003"),
    "identity": Refused("428C9"),
}
RARE: dict[str, tuple[SearchStrategy[Any], Callable[[Any], bool]]] = {
    "astral token": (strategies.tokens(), lambda token: ord(max(token)) > 0xFFFF),
    "token of blanks": (strategies.tokens(), lambda token: not token.strip()),
    "token of two scripts": (strategies.tokens(), lambda token: not token.isascii() and any(map(str.isascii, token))),
    "31 characters": (strategies.wrong_tokens(), lambda token: len(token) == 31),
    "33 characters": (strategies.wrong_tokens(), lambda token: len(token) == 33),
    "32 bytes, not characters": (strategies.wrong_tokens(), lambda token: len(token.encode()) == 32),
    "a row that never expires": (strategies.rows(), lambda row: row.get("expires_at") == INFINITY),
    "a row for a microsecond": (
        strategies.rows(),
        lambda row: row.get("expires_at", 9) - row.get("created_at", 0) == 1,
    ),
    "a form that is JSON null": (strategies.rows(), lambda row: "form_state" in row and row["form_state"] is None),
    "duplicate keys": (strategies.json_texts(), lambda text: text.startswith("{") and text.count('""') > 1),
    "nested form": (strategies.json_texts(), lambda text: "[" in text and "{" in text),
}


@given(row=strategies.rows())
def test_every_row_is_valid(row: dict[str, Any]) -> None:
    """The model accepts every row."""
    assert isinstance(make(resolved(row, NOW), NOW), Row)


@pytest.mark.parametrize(("rule", "refusal"), RULES.items(), ids=RULES)
@given(data=st.data())
def test_every_near_miss_breaks_its_one_rule(rule: str, refusal: Refused, data: st.DataObject) -> None:
    """The model refuses it, by that rule."""
    miss = data.draw(strategies.near_misses(rule))
    assert make(resolved(miss, NOW), NOW) == refusal


@pytest.mark.parametrize(("strategy", "condition"), RARE.values(), ids=RARE)
def test_rare_shapes_are_reached(strategy: SearchStrategy[Any], condition: Callable[[Any], bool]) -> None:
    """Within a thousand examples there is one."""
    find(strategy, condition, settings=settings(max_examples=1000))
