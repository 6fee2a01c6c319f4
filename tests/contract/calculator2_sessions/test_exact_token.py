"""Row-level security: the exact token, in its own header, is all that opens a row."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import string
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.checker import SessionChecker
from tests.contract.calculator2_sessions.model import TOKEN_LENGTH
from tests.contract.calculator2_sessions.requests import TOKEN_HEADER, with_token
from tests.contract.calculator2_sessions.scenario import MINE, YOURS, as_each_browser_role, populate
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.called_functions import policy_expressions, settings_read
from tests.harness.requests.request import Request
from tests.harness.server.session import Session

NEAR_MISSES = {
    "first 31 characters": MINE[:31],
    "longer by one": MINE + "m",
    "upper case": MINE.upper(),
    "lower case": MINE.lower(),
    "blank behind": MINE + " ",
    "blank before": " " + MINE,
    "line feed behind": MINE + "\n",
    "quoted": f'"{MINE}"',
    "any string": "%",
    "any 32 characters": "_" * TOKEN_LENGTH,
    "own prefix and any string": MINE[:4] + "%",
    "regular expression": ".*",
    "anchored regular expression": f"^{MINE[:4]}",
    "comma list": f"{MINE},{YOURS}",
    "array": [MINE],
    "array literal": f"{{{MINE}}}",
    "object": {"eq": MINE},
    "SQL": f"{MINE}' OR '1'='1",
    "SQL alone": "' OR true --",
    "true": True,
    "zero": 0,
    "null as text": "null",
    "PostgREST's operator": f"eq.{MINE}",
    "with its scheme": f"Bearer {MINE}",
    "as a UUID": f"{MINE[:8]}-{MINE[8:12]}-{MINE[12:16]}-{MINE[16:20]}-{MINE[20:]}",
    "hash": hashlib.md5(MINE.encode(), usedforsecurity=False).hexdigest(),
}
# What a careless comparison leaves out: every ASCII character, and some that nobody sees.
ONE_MORE = string.printable + "\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("sent", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_nothing_but_the_exact_token_opens_a_row(session: Session, role: str, sent: object) -> None:
    """No prefix, other case, padding, pattern, list or SQL in the header opens a row."""
    populate(session).sees(with_token(sent, role=role), sent)


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("at", [0, 8, TOKEN_LENGTH], ids=["before", "within", "behind"])
def test_the_token_with_a_character_more_opens_no_row(session: Session, role: str, at: int) -> None:
    """No character is passed over: not before the token, not within it, not behind it."""
    populate(session)
    for more in ONE_MORE:
        session.act_as(with_token(MINE[:at] + more + MINE[at:], role=role))
        found = session.run("SELECT session_token FROM public.calculator2_sessions").rows
        assert found == (), f"the token with {more!r} in it opened {found}"


WRITTEN = "a b+c%d&e\"f'g\\h/é<i>=".ljust(TOKEN_LENGTH, "~")
ENCODINGS = {
    "URL": urllib.parse.quote(WRITTEN, safe=""),
    "URL, blanks alone": WRITTEN.replace(" ", "%20"),
    "form": urllib.parse.quote_plus(WRITTEN),
    "HTML": html.escape(WRITTEN),
    "JSON": json.dumps(WRITTEN)[1:-1],
    "SQL": WRITTEN.replace("'", "''"),
    "base64": base64.b64encode(WRITTEN.encode()).decode(),
    "hexadecimal": WRITTEN.encode().hex(),
    "Latin-1": WRITTEN.encode().decode("latin-1"),
}


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("sent", ENCODINGS.values(), ids=ENCODINGS)
def test_no_encoding_of_the_token_opens_its_row(session: Session, role: str, sent: str) -> None:
    """The header is taken as it is: nothing in it is decoded."""
    checker = SessionChecker(session)
    checker.insert({"session_token": WRITTEN})
    checker.sees(with_token(sent, role=role), sent)
    checker.sees(with_token(WRITTEN, role=role), WRITTEN)


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("pair", strategies.LOOKALIKES.values(), ids=strategies.LOOKALIKES)
def test_a_token_that_looks_alike_opens_no_row(session: Session, role: str, pair: tuple[str, str]) -> None:
    """Case, accent, normalisation form and blanks count: a token does not open the row of its look-alike."""
    for token, sent in (pair, pair[::-1]):
        with session.example():
            checker = SessionChecker(session)
            checker.insert({"session_token": token})
            checker.sees(with_token(sent, role=role), sent)


OTHER_NAMES = (
    "accept", "apikey", "authorization", "content-profile", "cookie", "from", "host", "if-none-match", "origin",
    "prefer", "range", "referer", "session-token", "session_token", "token", "user-agent", "x-api-key",
    "x-auth-token", "x-client-info", "x-csrf-token", "x-forwarded-for", "x-request-id",
    "x-session", "x-session-id", "x-token",
)  # fmt: skip
OTHER_HEADERS = {
    "all the usual headers": dict.fromkeys(OTHER_NAMES, MINE),
    "other header": {"x-report-token": MINE},
    "authorization": {"authorization": f"Bearer {MINE}"},
    "cookie": {"cookie": f"{TOKEN_HEADER}={MINE}"},
    "key in upper case": {TOKEN_HEADER.upper(): MINE},
    "key in title case": {TOKEN_HEADER.title(): MINE},
    "key with underscores": {TOKEN_HEADER.replace("-", "_"): MINE},
    "key with a blank": {f"{TOKEN_HEADER} ": MINE},
    "key nested": {"headers": {TOKEN_HEADER: MINE}},
}


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("headers", OTHER_HEADERS.values(), ids=OTHER_HEADERS)
def test_no_other_header_opens_a_row(session: Session, role: str, headers: dict[str, object]) -> None:
    """The token under any other key opens no row."""
    populate(session).sees(Request(role, headers), None)


OTHER_SETTINGS = (
    "application_name", "app.settings.session_token", "request.cookies", "request.header.session_token",
    "request.jwt.claim.session_token", "request.jwt.claim.sub", "request.method", "request.path",
)  # fmt: skip


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("setting", OTHER_SETTINGS)
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
@as_each_browser_role
@pytest.mark.parametrize("column", ["id", "report_token", "payment_status"])
def test_no_other_column_opens_a_row(session: Session, role: str, column: str) -> None:
    """A row's id, report token or status in the header does not open it."""
    checker = populate(session)
    found = session.run("SELECT id::text, report_token, payment_status FROM public.calculator2_sessions").rows
    for value in dict(zip(("id", "report_token", "payment_status"), zip(*found, strict=True), strict=True))[column]:
        checker.sees(with_token(value, role=role), value)


@pytest.mark.clause("R3")
@as_each_browser_role
@given(sent=st.one_of(st.text(max_size=40), strategies.tokens(), strategies.forms()), token=strategies.tokens())
def test_no_guess_opens_a_row(session: Session, role: str, sent: object, token: str) -> None:
    """Whatever the header holds, it opens the row whose token it is, or none."""
    with session.example():
        checker = SessionChecker(session)
        checker.insert({"session_token": token})
        checker.sees(with_token(sent if not isinstance(sent, str) else sent.replace("\0", ""), role=role), sent)
