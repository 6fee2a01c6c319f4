"""Constraints: which rows the table accepts, and by which rule it refuses the others."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.core.outcomes import Done, Refused
from tests.harness.requests.model_checker import WAYS
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.model import checker
from tests.selftest.samples.newsletter_signups.strategies import OTHER, ROW, ROWS, SHARED

# Each rule that a row can break alone, and its clause.
RULES = {
    "confirmation_after_consent": "C2",
    "email_form": "C3",
    "email_length": "C4",
    "email is not null": "C5",
    "consented_at is not null": "C5",
    "confirmation_token is not null": "C5",
}
UNIQUE = {"idx_newsletter_signups_email": "C6", "idx_newsletter_signups_confirmation_token": "C7"}
every_way = pytest.mark.parametrize("way", WAYS)


@pytest.mark.clause("C1")
@every_way
@given(values=ROWS.rows())
def test_every_row_within_the_rules_is_accepted(session: Session, way: str, values: dict[str, Any]) -> None:
    """A row that keeps every rule is accepted, and reads back as it was written."""
    with session.example():
        checker(session).bring(way, values, ROW)


@pytest.mark.parametrize("rule", [pytest.param(rule, marks=pytest.mark.clause(RULES[rule])) for rule in RULES])
@every_way
@given(data=st.data())
@settings(max_examples=10)
def test_a_row_that_breaks_one_rule_is_refused_by_it(
    session: Session, rule: str, way: str, data: st.DataObject
) -> None:
    """A row that breaks one rule is refused by that rule's name."""
    with session.example():
        checker(session).bring(way, data.draw(ROWS.near_misses(rule), label="the row"), ROW)


@pytest.mark.parametrize("index", [pytest.param(index, marks=pytest.mark.clause(UNIQUE[index])) for index in UNIQUE])
def test_two_rows_never_share_what_is_unique(session: Session, index: str) -> None:
    """A row that shares with another what a unique index holds is refused by that index, whatever else is different."""
    table, (first, second) = checker(session), SHARED[index]
    assert isinstance(table.insert({**ROW, **first}), Done)
    assert table.insert({**OTHER, **second}) == Refused("23505", index)


@pytest.mark.clause("C8")
@pytest.mark.parametrize("way", ["insert", "update"])
@pytest.mark.parametrize("column", ["id"])
def test_what_the_database_gives_is_not_a_client_s_to_give(session: Session, column: str, way: str) -> None:
    """An explicit value is refused."""
    assert checker(session).bring(way, {**OTHER, column: 1}, ROW) == Refused("428C9")
