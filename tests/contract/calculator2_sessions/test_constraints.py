"""Constraints: which rows the table accepts, and by which rule it refuses the others."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import SessionChecker, statements
from tests.contract.calculator2_sessions.scenario import NEW, OTHER
from tests.contract.calculator2_sessions.strategies import LAST, LOOKALIKES, ROWS
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.outcomes import Done, Outcome, Refused
from tests.harness.core.timestamps import HOUR, INFINITY, MINUS_INFINITY, SECOND, Offset, Timestamp, resolved
from tests.harness.requests.model_checker import WAYS
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.requests.values import CHARACTERS
from tests.harness.server.session import Session

# The rules that a row can break alone, and their clauses.
CLAUSES = {
    **{rule: "C5" for rule in ROWS.rules if rule.endswith(" is not null")},
    "session_token_length": "C1",
    "expiry_after_creation": "C3",
    "last_active_after_creation": "C4",
    "type of amount_paid": "C6",
}
every_way = pytest.mark.parametrize("way", WAYS)
every_rule = pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=pytest.mark.clause(clause)) for rule, clause in CLAUSES.items()]
)


def write(session: Session, way: str, values: dict[str, Any]) -> Outcome:
    """Bring values into the table in one of the ways; the checker holds the outcome against the model."""
    return SessionChecker(session).bring(way, {"session_token": NEW, **values}, {"session_token": OTHER})


@pytest.mark.clause("C1", "C3", "C4", "C5", "C6")
@every_way
@given(values=strategies.rows())
def test_every_row_within_the_rules_is_accepted(session: Session, way: str, values: dict[str, Any]) -> None:
    """A row that keeps every rule is accepted, and reads back as it was written."""
    with session.example():
        write(session, way, values)


@every_rule
@every_way
@given(data=st.data())
@settings(max_examples=56)
def test_a_row_that_breaks_one_rule_is_refused_by_it(
    session: Session, way: str, rule: str, data: st.DataObject
) -> None:
    """A row that breaks one rule is refused by that rule's name; that nothing of it stays is C9's."""
    with session.example():
        write(session, way, data.draw(ROWS.near_misses(rule), label="the row"))


# In New York the clock was set back from two to one then, 9801 days after the beginning of 2000 (UTC).
SET_BACK = Timestamp((9801 * 24 + 6) * HOUR)


@pytest.mark.clause("C3", "C4")
@every_way
def test_times_are_compared_as_instants_where_the_clock_is_set_back(session: Session, way: str) -> None:
    """In a time zone where one comes at ten past one and twenty minutes later the other does, order is kept."""
    earlier, later = SET_BACK.plus(-20 * 60 * SECOND), SET_BACK.plus(10 * 60 * SECOND)
    for created, active, expires in [(earlier, later, later), (later, later, earlier), (later, earlier, LAST)]:
        with session.example():
            session.run("SELECT set_config('timezone', 'America/New_York', true)")
            write(session, way, {"created_at": created, "last_active_at": active, "expires_at": expires})


@pytest.mark.clause("C1")
@every_way
@pytest.mark.parametrize(
    "piece",
    ["x", " ", "\n", "é", "e\N{COMBINING ACUTE ACCENT}", "\N{COMBINING ACUTE ACCENT}", "\N{GRINNING FACE}"],
    ids=ascii,
)
def test_a_token_has_exactly_32_characters(session: Session, way: str, piece: str) -> None:
    """A token is 32 characters long, whatever the script, and however many bytes that takes."""
    for length in (0, 7, 8, 10, 11, 15, 16, 17, 29, 30, 31, 32, 33, 34, 35, 63, 64, 65, 4096):
        with session.example():
            outcome = write(session, way, {"session_token": (piece * length)[:length]})
            assert (outcome == Refused("23514", "session_token_length")) == (length != 32)


@pytest.mark.clause("C1")
@pytest.mark.parametrize("way", ["insert", "update", "upsert"])
def test_a_token_holds_no_nul(session: Session, way: str) -> None:
    """A NUL is refused by the server (22021) or by the client, never cut off."""
    session.act_as(SERVICE_REQUEST)
    assert session.attempt(*getattr(statements, way)({"session_token": "x" * 31 + "\0"})) == Refused("22021")


@pytest.mark.clause("C2")
@pytest.mark.parametrize("way", ["insert", "update"])
@given(values=strategies.rows())
def test_two_rows_never_share_a_token(session: Session, way: str, values: dict[str, Any]) -> None:
    """A token that is taken is refused, whatever the other columns hold."""
    assume(values["session_token"] != OTHER)
    with session.example():
        checker = SessionChecker(session, {"session_token": values["session_token"]}, {"session_token": OTHER})
        outcome = checker.insert(values) if way == "insert" else checker.update(OTHER, values)
        assert outcome == Refused("23505", "idx_calculator2_sessions_token")


@pytest.mark.clause("C2")
@given(token=strategies.tokens(), values=strategies.contents())
def test_an_upsert_meets_the_row_of_its_token(session: Session, token: str, values: dict[str, Any]) -> None:
    """A token that is taken is no second row, but the one that is there, changed."""
    with session.example():
        checker = SessionChecker(session)
        for row in ({}, values):
            assert isinstance(checker.upsert({"session_token": token, **row}), Done)


@pytest.mark.clause("C2")
@pytest.mark.parametrize("pair", LOOKALIKES.values(), ids=LOOKALIKES)
def test_tokens_that_look_alike_are_different(session: Session, pair: list[str]) -> None:
    """Tokens that differ in case, accent, normalisation form or trailing blank are different tokens."""
    checker = SessionChecker(session)
    for token in pair:
        assert isinstance(checker.insert({"session_token": token}), Done)
    checker.delete(pair[0])


@every_way
@pytest.mark.parametrize(
    ("column", "rule"),
    [
        pytest.param("expires_at", "expiry_after_creation", marks=pytest.mark.clause("C3")),
        pytest.param("last_active_at", "last_active_after_creation", marks=pytest.mark.clause("C4")),
    ],
)
@pytest.mark.parametrize("at", [MINUS_INFINITY, *map(Offset, (-SECOND, -1, 0, 1, SECOND)), INFINITY], ids=repr)
def test_no_time_is_before_creation(session: Session, way: str, column: str, rule: str, at: int) -> None:
    """A session expires a microsecond after creation at least, and is not active before (by UPDATE never: T3)."""
    outcome = write(session, way, {"created_at": Offset(0), "expires_at": INFINITY, column: at})
    held = at > 0 if column == "expires_at" else at >= 0 or way == "update"
    assert isinstance(outcome, Done) if held else outcome == Refused("23514", rule)


@pytest.mark.clause("C5")
@every_way
@pytest.mark.parametrize("column", TABLE.written_columns)
def test_a_required_column_refuses_null_and_an_optional_one_keeps_it(session: Session, way: str, column: str) -> None:
    """Null is refused by the column's name (but on UPDATE last_active_at is the trigger's, whatever is sent)."""
    outcome = write(session, way, {column: None})
    accepted = TABLE.column(column).nullable or (column, way) == ("last_active_at", "update")
    assert isinstance(outcome, Done) if accepted else outcome == Refused("23502", column)


AMOUNTS = ("0", "-0.01", "0.005", "-0.005", "1.005", "19.99", "99999999.99", "-99999999.99", "99999999.994", "1E-30")
TOO_BIG = ("100000000", "99999999.995", "-99999999.995", "-100000000", "1E+8", "1E+20")


@pytest.mark.clause("C6")
@every_way
@pytest.mark.parametrize("amount", [*AMOUNTS, *TOO_BIG])
def test_an_amount_keeps_two_decimals_of_ten_digits(session: Session, way: str, amount: str) -> None:
    """An amount is rounded to two decimals, and refused (22003) where ten digits do not hold it."""
    outcome = write(session, way, {"amount_paid": Decimal(amount)})
    assert (outcome == Refused("22003")) == (amount in TOO_BIG)


@pytest.mark.clause("C8")
@every_way
@pytest.mark.parametrize("number", [-1, 0, 1, 2**63 - 1], ids=str)
def test_the_id_is_the_database_s_to_give(session: Session, way: str, number: int) -> None:
    """An explicit id is refused."""
    assert write(session, way, {"id": number}) == Refused("428C9")


@pytest.mark.clause("C8")
@given(tokens=st.lists(st.one_of(strategies.tokens(), st.text(CHARACTERS)), max_size=4))
def test_no_id_is_given_twice(session: Session, tokens: list[str]) -> None:
    """Rows get ascending ids, and a refused row takes none from another."""
    with session.example():
        checker = SessionChecker(session, *({"session_token": token} for token in tokens))
        found = session.run("SELECT session_token FROM public.calculator2_sessions ORDER BY id").rows
        assert [token for (token,) in found] == list(checker.model.rows)


@pytest.mark.clause("C9")
@given(
    rows=st.lists(strategies.rows(), min_size=1, max_size=2),
    miss=st.sampled_from(ROWS.rules).flatmap(ROWS.near_misses),
    at=st.integers(0, 2),
)
def test_a_statement_that_is_refused_leaves_nothing(
    session: Session, rows: list[dict[str, Any]], miss: dict[str, Any], at: int
) -> None:
    """One bad row among good ones takes the whole statement back."""
    with session.example():
        checker = SessionChecker(session)
        batch = [{name: {**miss, **row}[name] for name in miss} for row in rows]
        batch.insert(at, miss)
        assert isinstance(session.attempt(*statements.insert(*(resolved(row, checker.now) for row in batch))), Refused)
        checker.compare()
