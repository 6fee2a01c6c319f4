"""Row-level security, reading: a token opens its own unexpired row, and nothing else opens any."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import TOKEN_HEADER, SessionChecker, statements, with_token
from tests.contract.calculator2_sessions.scenario import COUNT, MINE, as_visitor, commit, in_far_zones, populate
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.called_functions import policy_expressions, volatile_functions
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import HOUR, MINUS_INFINITY, Offset
from tests.harness.plugins.databases import under_both_default_privileges, with_and_without_bypassrls
from tests.harness.requests.request import SERVICE_REQUEST, Request, request_transaction
from tests.harness.server.database import Database
from tests.harness.server.session import Session


@pytest.mark.clause("R5")
@pytest.mark.parametrize("role", [*BROWSER_ROLES, "service_role"])
@with_and_without_bypassrls
def test_these_tests_act_as_roles_that_the_policies_bind(session: Session, role: str, bypassrls: bool) -> None:
    """No test acts as superuser, as the owner, or with BYPASSRLS beyond the one role that has it in production."""
    session.act_as(Request(role))
    found = session.run(
        "SELECT session_user::text, current_user::text, current_setting('is_superuser'), r.rolsuper, r.rolbypassrls,"
        " pg_has_role(c.relowner, 'MEMBER') FROM pg_roles AS r, pg_class AS c"
        " WHERE r.rolname = current_user AND c.oid = 'public.calculator2_sessions'::regclass"
    )
    bypassing = role == "service_role" and bypassrls
    assert found.rows == (("authenticator", role, "off", False, bypassing, False),)


@pytest.mark.clause("R1")
@under_both_default_privileges
@as_visitor
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(None, id="never set"),
        pytest.param({}, id="no header"),
        pytest.param({"accept": "*/*"}, id="other headers"),
        pytest.param({TOKEN_HEADER: None}, id="null"),
        pytest.param({TOKEN_HEADER: ""}, id="empty"),
    ],
)
def test_no_token_opens_no_row(session: Session, role: str, headers: dict[str, Any] | None) -> None:
    """Without a token there are no rows, and no error."""
    populate(session).sees(Request(role, headers), None)


@pytest.mark.clause("R2")
@as_visitor
@given(rows=st.lists(strategies.rows(), max_size=3, unique_by=lambda row: row["session_token"]), data=st.data())
def test_a_token_opens_only_its_own_row(
    session: Session, role: str, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    """A holder reads its own unexpired row, every column of it, and no other row."""
    with session.example():
        checker = SessionChecker(session, *rows)
        token = data.draw(st.sampled_from([row["session_token"] for row in rows] or [MINE]), label="the token")
        checker.sees(with_token(token, role=role), token)


# Of many pages, even when PostgreSQL has compressed it.
LARGE = [hashlib.sha512(bytes([number])).hexdigest() for number in range(256)]
ROWS: dict[str, tuple[int, object]] = {
    "no form": (1, None),
    "an empty form": (1, {}),
    "a small form": (1, ["x" * 100]),
    "a large form": (1, LARGE),
    "the id before the first": (0, None),
    "the last id": (2**63 - 1, None),
    "the lowest id": (-(2**63), None),
}


@pytest.mark.clause("R2")
@under_both_default_privileges
@as_visitor
@pytest.mark.parametrize(("number", "form"), ROWS.values(), ids=ROWS)
def test_a_holder_reads_every_column_whatever_is_in_it(session: Session, role: str, number: int, form: object) -> None:
    """Every column is readable, id included: of a row with no form or a large one, of any id that it has been given."""
    session.act_as(SERVICE_REQUEST)
    session.run(
        "INSERT INTO public.calculator2_sessions (id, session_token, form_state) OVERRIDING SYSTEM VALUE"
        " VALUES (%s, %s, %s)",
        [number, MINE, None if form is None else Jsonb(form)],
    )
    session.act_as(with_token(MINE, role=role))
    (found,) = session.run("SELECT * FROM public.calculator2_sessions").rows
    assert (len(found), found[:3]) == (len(TABLE.columns), (number, MINE, form))


@pytest.mark.clause("R3", "R10")
@as_visitor
@pytest.mark.parametrize("claim", [TOKEN_HEADER, "session_token", "sub", "headers"])
def test_no_claim_opens_a_row(session: Session, role: str, claim: str) -> None:
    """The token in a claim opens no row."""
    populate(session).sees(Request(role, claims={claim: MINE}), None)


@pytest.mark.clause("R2", "R4")
@under_both_default_privileges
@as_visitor
@in_far_zones
@pytest.mark.parametrize("expiry", [MINUS_INFINITY, Offset(-HOUR), Offset(-1), Offset(0), Offset(1)], ids=repr)
def test_an_expired_row_is_invisible_from_the_very_instant(session: Session, role: str, zone: str, expiry: Any) -> None:
    """From the instant of expires_at on, its holder sees nothing; a microsecond before, the row.

    The caller may choose the session's time zone (`Prefer: timezone`), and sees no more and no less by it.
    """
    checker = SessionChecker(session, {"session_token": MINE, "created_at": Offset(-72 * HOUR), "expires_at": expiry})
    session.run("SELECT set_config('timezone', %s, true)", [zone])
    checker.sees(with_token(MINE, role=role), MINE)


@pytest.mark.clause("R7")
@under_both_default_privileges
@pytest.mark.parametrize("role", ["somebody_else", "authenticator"])
def test_any_other_role_is_refused(session: Session, role: str) -> None:
    """A role that the contract does not name is refused, the right token or not."""
    checker = populate(session)
    checker.sees(with_token(MINE, role=role), MINE)
    checker.refuses(with_token(MINE, role=role), statements.insert({"session_token": "n" * 32}), Refused("42501"))


@pytest.mark.clause("R1", "R9")
@under_both_default_privileges
@as_visitor
def test_a_request_s_identity_ends_with_its_transaction(own_database: Database, role: str) -> None:
    """On a fresh connection, and on a pooled one whatever was done before, a request without a header sees nothing."""
    commit(own_database, statements.insert({"session_token": MINE}))
    no_headers = Request(role, headers=None)
    with own_database.connect("authenticator") as pooled:
        for request, seen, read in [
            (no_headers, 0, None),
            (SERVICE_REQUEST, 1, "{}"),
            (with_token(MINE, role=role), 1, json.dumps({TOKEN_HEADER: MINE})),
            (no_headers, 0, ""),
            (Request(role), 0, "{}"),
        ]:
            with request_transaction(pooled, request):
                if request is SERVICE_REQUEST:
                    pooled.execute(*statements.update({"pricing_tier": "gold"}, MINE))
                assert pooled.execute("SELECT current_setting('request.headers', true)").fetchall() == [(read,)]
                assert pooled.execute(COUNT).fetchall() == [(seen,)]
        assert pooled.execute("SELECT current_user, current_setting('request.headers')").fetchall() == [
            ("authenticator", "")
        ]


@pytest.mark.clause("R9")
def test_the_policies_change_no_setting(catalog_session: Session) -> None:
    """No policy calls a volatile function, such as set_config, which could keep the token on a pooled connection."""
    assert volatile_functions(catalog_session, policy_expressions(catalog_session, TABLE.qualified_name)) == set()


@pytest.mark.clause("R10")
@under_both_default_privileges
@as_visitor
@pytest.mark.parametrize("claims", strategies.ODD["forged_claims"].values(), ids=strategies.ODD["forged_claims"])
def test_a_forged_claim_gives_nothing(session: Session, role: str, claims: dict[str, object]) -> None:
    """The database role decides what a request may do, not a claim."""
    checker = populate(session)
    forged = Request(role, {TOKEN_HEADER: MINE}, claims)
    assert json.loads(dict(forged.settings())["request.jwt.claims"])["role"] == claims["role"]
    checker.sees(forged, MINE)
    checker.refuses(forged, statements.update({"payment_status": "completed"}), Refused("42501"))
