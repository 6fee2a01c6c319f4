"""Row-level security: the exact token, in its own header, is all that opens a row."""

import json
import string
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import TOKEN_HEADER, TOKEN_LENGTH, SessionChecker, with_token
from tests.contract.calculator2_sessions.scenario import MINE, as_visitor, populate
from tests.contract.calculator2_sessions.support import cases
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.called_functions import policy_expressions, settings_read
from tests.harness.requests.request import Request
from tests.harness.server.session import Session

ENCODED, MISSED, ELSEWHERE = (cases("exact_token")[group] for group in ("encodings", "near_misses", "other_headers"))
# A row's token, and what is sent in its place.
SENT: dict[str, Sequence[object]] = {
    **{name: (group["token"], sent) for group in (MISSED, ENCODED) for name, sent in group["sent"].items()},
    **{f"look-alike, {name}": pair for name, pair in strategies.LOOKALIKES.items()},
    **{f"look-alike, {name}, the other way": pair[::-1] for name, pair in strategies.LOOKALIKES.items()},
}


@pytest.mark.clause("R3")
@as_visitor
@pytest.mark.parametrize(("token", "sent"), SENT.values(), ids=SENT)
def test_nothing_but_the_exact_token_opens_a_row(session: Session, role: str, token: str, sent: object) -> None:
    """No prefix, other case, padding, pattern, encoding, look-alike, list or SQL in the header opens a row."""
    checker = populate(session, token)
    checker.sees(with_token(sent, role=role), sent)
    checker.sees(with_token(token, role=role), token)


# What a careless comparison leaves out: every ASCII character, and some that nobody sees.
ONE_MORE = string.printable + "\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


@pytest.mark.clause("R3")
@as_visitor
@pytest.mark.parametrize("at", [0, 8, TOKEN_LENGTH], ids=["before", "within", "behind"])
def test_the_token_with_a_character_more_opens_no_row(session: Session, role: str, at: int) -> None:
    """No character is passed over: not before the token, not within it, not behind it."""
    checker = populate(session)
    for more in ONE_MORE:
        checker.sees(with_token(MINE[:at] + more + MINE[at:], role=role), None)


ALL_THE_USUAL = dict.fromkeys(strategies.ODD["other_headers"], ELSEWHERE["token"])
OTHER_HEADERS = {"all the usual headers": ALL_THE_USUAL, **ELSEWHERE["sent"]}


@pytest.mark.clause("R3")
@as_visitor
@pytest.mark.parametrize("headers", OTHER_HEADERS.values(), ids=OTHER_HEADERS)
def test_no_other_header_opens_a_row(session: Session, role: str, headers: dict[str, object]) -> None:
    """The token under any other key opens no row."""
    populate(session, ELSEWHERE["token"]).sees(Request(role, headers), None)


@pytest.mark.clause("R3")
@as_visitor
@pytest.mark.parametrize("setting", strategies.ODD["other_settings"])
def test_no_other_setting_opens_a_row(session: Session, role: str, setting: str) -> None:
    """The token in any other setting of the request, as itself or as JSON, opens no row."""
    populate(session)
    for value in (MINE, json.dumps({TOKEN_HEADER: MINE})):
        session.act_as(Request(role))
        session.run("SELECT set_config(%s, %s, true)", [setting, value])
        assert session.run("SELECT session_token FROM public.calculator2_sessions").rows == ()


@pytest.mark.clause("R3", "R10")
def test_the_policies_ask_for_the_headers_and_for_no_other_setting(catalog_session: Session) -> None:
    """No setting but request.headers decides: names to try have no end, so the catalog tells which are read."""
    assert settings_read(policy_expressions(catalog_session, TABLE.qualified_name)) == {"request.headers"}


@pytest.mark.clause("R3")
@as_visitor
def test_no_other_column_opens_a_row(session: Session, role: str) -> None:
    """A row's id, report token or status in the header does not open it."""
    checker = populate(session)
    for row in session.run("SELECT id::text, report_token, payment_status FROM public.calculator2_sessions").rows:
        for value in row:
            checker.sees(with_token(value, role=role), value)


@pytest.mark.clause("R3")
@as_visitor
@given(sent=st.one_of(st.text(max_size=40), strategies.tokens(), strategies.forms()), token=strategies.tokens())
def test_no_guess_opens_a_row(session: Session, role: str, sent: object, token: str) -> None:
    """Whatever the header holds, it opens the row whose token it is, or none."""
    with session.example():
        checker = SessionChecker(session, {"session_token": token})
        checker.sees(with_token(sent if not isinstance(sent, str) else sent.replace("\0", ""), role=role), sent)
