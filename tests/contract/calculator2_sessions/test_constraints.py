"""Constraints: which rows the table accepts, and by which rule it refuses the others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.checker import SessionChecker, statements
from tests.contract.calculator2_sessions.scenario import NEW, OTHER
from tests.contract.calculator2_sessions.strategies import LAST, LOOKALIKES
from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.timestamps import HOUR, INFINITY, MINUS_INFINITY, SECOND, Offset, Timestamp, resolved
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.session import Session

# No value of these is drawn anywhere else, so every column but the token differs.
OTHERWISE = {
    "form_state": ["otherwise"],
    "pricing_tier": "otherwise",
    "amount_paid": Decimal("1.23"),
    "payment_status": "otherwise",
    "report_token": "otherwise",
    "created_at": Offset(-7),
    "last_active_at": Offset(7),
    "expires_at": Offset(77),
}
WAYS = ("insert", "update", "upsert", "upsert of a row that is there")
RULES = {
    "token length": "C1",
    "expiry after creation": "C3",
    "activity after creation": "C4",
    "not null": "C5",
    "amount": "C6",
    "identity": "C8",
}
# The rules that a row breaks by values that INSERT itself takes.
OF_THE_ROW = ("token length", "expiry after creation", "activity after creation", "not null")
every_rule = pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=pytest.mark.clause(clause)) for rule, clause in RULES.items()]
)
every_way = pytest.mark.parametrize("way", WAYS)


def write(checker: SessionChecker, way: str, values: dict[str, Any]) -> Done | Refused:
    """Bring values into the table in one of the ways; the checker holds the outcome against the model."""
    if way == "insert":
        return checker.insert({"session_token": NEW, **values})
    if way == "upsert":
        return checker.upsert({"session_token": NEW, **values})
    token = values.get("session_token") if way.startswith("upsert") else None
    token = token if isinstance(token, str) and len(token) == 32 else OTHER
    checker.insert({"session_token": token})
    if way == "update":
        return checker.update(token, values)
    return checker.upsert({"session_token": token, **values})


@pytest.mark.clause("C1", "C3", "C4", "C5", "C6")
@every_way
@given(values=strategies.rows())
def test_every_row_within_the_rules_is_accepted(session: Session, way: str, values: dict[str, Any]) -> None:
    """A row that keeps every rule is accepted, and reads back as it was written."""
    with session.example():
        write(SessionChecker(session), way, values)


# In New York the clock was set back from two to one then, 9801 days after the beginning of 2000 (UTC).
SET_BACK = Timestamp((9801 * 24 + 6) * HOUR)


@pytest.mark.clause("C3", "C4")
@every_way
def test_times_are_compared_as_instants_where_the_clock_is_set_back(session: Session, way: str) -> None:
    """In a time zone where one comes at ten past one and twenty minutes later the other does, order is kept."""
    earlier, later = SET_BACK.plus(-20 * 60 * SECOND), SET_BACK.plus(10 * 60 * SECOND)
    for created, active, expires in [(earlier, later, later), (later, later, earlier), (later, earlier, LAST)]:
        with session.example():
            checker = SessionChecker(session)
            session.run("SELECT set_config('timezone', 'America/New_York', true)")
            write(checker, way, {"created_at": created, "last_active_at": active, "expires_at": expires})


@every_rule
@every_way
@given(data=st.data())
@settings(max_examples=40)
def test_a_row_that_breaks_one_rule_is_refused_by_it(
    session: Session, way: str, rule: str, data: st.DataObject
) -> None:
    """A row that breaks one rule is refused by that rule's name, and the table stays as it was."""
    with session.example():
        write(SessionChecker(session), way, data.draw(strategies.near_misses(rule), label="the row"))


@pytest.mark.clause("C1")
@every_way
@pytest.mark.parametrize(
    "character", ["x", " ", "\n", "é", "\N{COMBINING ACUTE ACCENT}", "\N{GRINNING FACE}"], ids=ascii
)
def test_a_token_has_exactly_32_characters(session: Session, way: str, character: str) -> None:
    """A token is 32 characters long, whatever the script, and however many bytes that takes."""
    for length in (7, 8, 10, 11, 15, 16, 17, 29, 30, 31, 32, 33, 34, 35, 63, 64, 65):
        with session.example():
            outcome = write(SessionChecker(session), way, {"session_token": character * length})
            assert (outcome == Refused("23514", "session_token_length")) == (length != 32)


@pytest.mark.clause("C1")
@every_way
def test_a_token_holds_no_nul(session: Session, way: str) -> None:
    """A NUL is refused by the server (22021) or by the client, never cut off."""
    session.act_as(SERVICE_REQUEST)
    values = {"session_token": "x" * 31 + "\0"}
    insert, update, upsert = statements.insert(values), statements.update(values), statements.upsert(values)
    statement = {"insert": insert, "update": update}.get(way, upsert)
    assert session.attempt(*statement) == Refused("22021")


@pytest.mark.clause("C2")
@every_way
@given(token=strategies.tokens())
def test_two_rows_never_share_a_token(session: Session, way: str, token: str) -> None:
    """A token that is taken is refused, even where every other column differs."""
    with session.example():
        checker = SessionChecker(session)
        checker.insert({"session_token": token})
        if way == "update" and token != OTHER:
            checker.insert({"session_token": OTHER})
            assert checker.update(OTHER, {"session_token": token}) == Refused("23505", "idx_calculator2_sessions_token")
        elif way == "insert":
            assert checker.insert({"session_token": token, **OTHERWISE}) == Refused(
                "23505", "idx_calculator2_sessions_token"
            )
        else:
            checker.upsert({"session_token": token, "pricing_tier": "another"})


@pytest.mark.clause("C2")
@pytest.mark.parametrize("pair", LOOKALIKES.values(), ids=LOOKALIKES)
def test_tokens_that_look_alike_are_different(session: Session, pair: tuple[str, str]) -> None:
    """Tokens that differ in case, accent, normalisation form or trailing blank are different tokens."""
    checker = SessionChecker(session)
    for token in pair:
        assert isinstance(checker.insert({"session_token": token}), Done)
    checker.delete(pair[0])


@pytest.mark.clause("C3")
@every_way
@pytest.mark.parametrize(
    ("expiry", "held"),
    [(-SECOND, False), (-1, False), (0, False), (1, True), (SECOND, True), (INFINITY, True), (MINUS_INFINITY, False)],
)
def test_a_session_expires_after_it_was_created(session: Session, way: str, expiry: int, held: bool) -> None:
    """Expiry is later than creation by a microsecond at least."""
    at = expiry if isinstance(expiry, type(INFINITY)) else Offset(expiry)
    outcome = write(
        SessionChecker(session), way, {"created_at": Offset(0), "last_active_at": Offset(0), "expires_at": at}
    )
    assert isinstance(outcome, Done) if held else outcome == Refused("23514", "expiry_after_creation")


@pytest.mark.clause("C4")
@pytest.mark.parametrize("way", ["insert", "upsert"])
@pytest.mark.parametrize(
    ("active", "held"), [(-SECOND, False), (-1, False), (0, True), (1, True), (INFINITY, True), (MINUS_INFINITY, False)]
)
def test_a_session_is_never_active_before_it_was_created(session: Session, way: str, active: int, held: bool) -> None:
    """Last activity is not earlier than creation, not by a microsecond (on UPDATE it is the trigger's: T3)."""
    at = active if isinstance(active, type(INFINITY)) else Offset(active)
    outcome = write(
        SessionChecker(session), way, {"created_at": Offset(0), "last_active_at": at, "expires_at": INFINITY}
    )
    assert isinstance(outcome, Done) if held else outcome == Refused("23514", "last_active_after_creation")


@pytest.mark.clause("C5")
@every_way
@pytest.mark.parametrize("column", ["session_token", "payment_status", "created_at", "last_active_at", "expires_at"])
def test_a_required_column_refuses_null(session: Session, way: str, column: str) -> None:
    """Null is refused by the column's name (but on UPDATE last_active_at is the trigger's, whatever is sent)."""
    outcome = write(SessionChecker(session), way, {column: None})
    replaced = column == "last_active_at" and way == "update"
    assert isinstance(outcome, Done) if replaced else outcome == Refused("23502", column)


@pytest.mark.clause("C5")
@every_way
@pytest.mark.parametrize("column", ["form_state", "pricing_tier", "amount_paid", "report_token"])
def test_an_optional_column_accepts_null(session: Session, way: str, column: str) -> None:
    """Null is accepted, and kept."""
    assert isinstance(write(SessionChecker(session), way, {column: None}), Done)


@pytest.mark.clause("C6")
@every_way
@pytest.mark.parametrize("amount", [*strategies.AMOUNTS, *strategies.TOO_BIG])
def test_an_amount_keeps_two_decimals_of_ten_digits(session: Session, way: str, amount: str) -> None:
    """An amount is rounded to two decimals, and refused (22003) where ten digits do not hold it."""
    outcome = write(SessionChecker(session), way, {"amount_paid": Decimal(amount)})
    assert (outcome == Refused("22003")) == (amount in strategies.TOO_BIG)


@pytest.mark.clause("C8")
@every_way
@pytest.mark.parametrize("number", [-1, 0, 1, 2**63 - 1], ids=str)
def test_the_id_is_the_database_s_to_give(session: Session, way: str, number: int) -> None:
    """An explicit id is refused."""
    assert write(SessionChecker(session), way, {"id": number}) == Refused("428C9")


@pytest.mark.clause("C8")
@given(tokens=st.lists(st.one_of(strategies.tokens(), strategies.wrong_tokens()), max_size=4))
def test_no_id_is_given_twice(session: Session, tokens: list[str]) -> None:
    """Rows get ascending ids, and a refused row takes none from another."""
    with session.example():
        checker = SessionChecker(session)
        given: dict[object, Any] = {}
        for token in tokens:
            checker.insert({"session_token": token})
            given |= {token: number for token, number in checker.given.items() if token not in given}
        assert list(given.values()) == sorted(set(given.values()))


@pytest.mark.clause("C9")
@given(
    rows=st.lists(strategies.rows(), min_size=1, max_size=2),
    miss=st.sampled_from(OF_THE_ROW).flatmap(strategies.near_misses),
    data=st.data(),
)
def test_a_statement_that_is_refused_leaves_nothing(
    session: Session, rows: list[dict[str, Any]], miss: dict[str, Any], data: st.DataObject
) -> None:
    """One bad row among good ones takes the whole statement back."""
    with session.example():
        checker = SessionChecker(session)
        good = [{**miss, "id": None, **row} for row in rows]
        columns = [name for name in miss if name in good[0]]
        place = data.draw(st.integers(0, len(good)))
        batch = [*good[:place], miss, *good[place:]]
        sent = [resolved({name: row[name] for name in columns}, checker.now) for row in batch]
        assert isinstance(session.attempt(*statements.insert(*sent)), Refused)
        checker.compare()
