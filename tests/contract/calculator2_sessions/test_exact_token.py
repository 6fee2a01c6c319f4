"""Row-level security: the exact token, in its own header, is all that opens a row."""

import base64
import hashlib
import html
import json
import string
import urllib.parse
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import TOKEN_HEADER, TOKEN_LENGTH, SessionChecker, with_token
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
WRITTEN = "a b+c%d&e\"f'g\\h/é<i>=".ljust(TOKEN_LENGTH, "~")
ENCODINGS = {
    "URL": urllib.parse.quote(WRITTEN, safe=""),
    "URL, blanks alone": WRITTEN.replace(" ", "%20"),
    "form": urllib.parse.quote_plus(WRITTEN),
    "HTML": html.escape(WRITTEN),
    "JSON": json.dumps(WRITTEN)[1:-1],
    "SQL, quoted": WRITTEN.replace("'", "''"),
    "base64": base64.b64encode(WRITTEN.encode()).decode(),
    "hexadecimal": WRITTEN.encode().hex(),
    "Latin-1": WRITTEN.encode().decode("latin-1"),
}
# A row's token, and what is sent in its place.
SENT: dict[str, Sequence[object]] = {
    **{name: (MINE, sent) for name, sent in NEAR_MISSES.items()},
    **{name: (WRITTEN, sent) for name, sent in ENCODINGS.items()},
    **{f"look-alike, {name}": pair for name, pair in strategies.LOOKALIKES.items()},
    **{f"look-alike, {name}, the other way": pair[::-1] for name, pair in strategies.LOOKALIKES.items()},
}


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize(("token", "sent"), SENT.values(), ids=SENT)
def test_nothing_but_the_exact_token_opens_a_row(session: Session, role: str, token: str, sent: object) -> None:
    """No prefix, other case, padding, pattern, encoding, look-alike, list or SQL in the header opens a row."""
    checker = populate(session, token)
    checker.sees(with_token(sent, role=role), sent)
    checker.sees(with_token(token, role=role), token)


# What a careless comparison leaves out: every ASCII character, and some that nobody sees.
ONE_MORE = string.printable + "\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


@pytest.mark.clause("R3")
@as_each_browser_role
@pytest.mark.parametrize("at", [0, 8, TOKEN_LENGTH], ids=["before", "within", "behind"])
def test_the_token_with_a_character_more_opens_no_row(session: Session, role: str, at: int) -> None:
    """No character is passed over: not before the token, not within it, not behind it."""
    checker = populate(session)
    for more in ONE_MORE:
        checker.sees(with_token(MINE[:at] + more + MINE[at:], role=role), None)


OTHER_HEADERS = {
    "all the usual headers": dict.fromkeys(strategies.ODD["other_headers"], MINE),
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


@pytest.mark.clause("R3")
@as_each_browser_role
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
@as_each_browser_role
def test_no_other_column_opens_a_row(session: Session, role: str) -> None:
    """A row's id, report token or status in the header does not open it."""
    checker = populate(session)
    for row in session.run("SELECT id::text, report_token, payment_status FROM public.calculator2_sessions").rows:
        for value in row:
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
