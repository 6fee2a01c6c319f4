"""What a run at random says of a counterexample."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.plugins.hypothesis import pasteable

EXPLORE = settings(settings.get_profile("explore"), max_examples=50)


@EXPLORE
@given(number=st.integers(), text=st.lists(st.text()))
def fails(session: str, number: int, text: list[str]) -> None:
    """Break for what Hypothesis draws."""
    raise ValueError(session, number, text)


@EXPLORE
@given(data=st.data())
def draws(session: str, data: st.DataObject) -> None:
    """Break for what the test draws."""
    raise ValueError(session, data.draw(st.integers()))


def test_what_was_drawn_can_be_pasted() -> None:
    """And not the session, which is the fixture's to give."""
    with pytest.raises(ValueError, match="of a fixture") as raised:
        fails("of a fixture")
    assert pasteable(raised.value.__notes__, ["session"]) == "@example(\n    number=0,\n    text=[],\n)"


def test_what_the_test_drew_itself_is_told_as_bytes() -> None:
    """There is no @example of it."""
    with pytest.raises(ValueError, match="of a fixture") as raised:
        draws("of a fixture")
    assert (pasteable(raised.value.__notes__, ["session"]) or "").startswith("@reproduce_failure('")


def test_what_is_no_counterexample_is_not_told() -> None:
    """Other notes are no matter of Hypothesis."""
    assert pasteable(["a note"], []) is None
