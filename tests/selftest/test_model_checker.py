"""Sessions, requests, and the table beside its model: in which words they disagree."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests.contract.calculator2_sessions.model import TOKEN_HEADER, SessionChecker, statements, with_token
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import HOUR, Timestamp
from tests.harness.requests.request import SERVICE_REQUEST, Request, request_transaction
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.selftest.cases import cases

T = "public.calculator2_sessions"
TOKEN = "Token" + "x" * 27
INSERT = f"INSERT INTO {T} (session_token) VALUES (%s)".encode()


@pytest.fixture
def checker(session: Session) -> SessionChecker:
    """Both tables, with one row."""
    made = SessionChecker(session)
    made.insert({"session_token": TOKEN})
    return made


def test_a_lost_connection_is_no_outcome(database: Database) -> None:
    """What says nothing of the statement is not taken for a refusal."""
    with closing(database.connect("authenticator")) as connection:
        session = Session(connection)
        connection.pgconn.finish()
        with pytest.raises(psycopg.OperationalError):
            session.attempt(b"SELECT 1")


def test_a_request_is_one_transaction(own_database: Database) -> None:
    """GET may not write; another method's work is committed, or taken back if it fails, and its identity with it."""
    with closing(own_database.connect("authenticator")) as connection:
        with (
            pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
            request_transaction(connection, replace(SERVICE_REQUEST, method="GET")),
        ):
            connection.execute(INSERT, [TOKEN])
        with pytest.raises(psycopg.errors.DivisionByZero), request_transaction(connection, SERVICE_REQUEST):
            connection.execute(INSERT + b" RETURNING 1 / (id - id)", [TOKEN])
        with request_transaction(connection, SERVICE_REQUEST):
            assert connection.execute(f"SELECT FROM {T}".encode()).rowcount == 0
            connection.execute(INSERT, ["w" * 32])
        with request_transaction(connection, with_token("w" * 32)):
            assert connection.execute(f"SELECT FROM {T}".encode()).rowcount == 1
        assert connection.execute("SELECT current_user::text").fetchone() == ("authenticator",)


def test_a_request_makes_postgrest_s_settings_in_its_order() -> None:
    """As its documentation has them; the role is always in the claims, and a header's name in lower case."""
    names = "search_path statement_timeout role request.jwt.claims request.method request.path request.headers"
    assert [name for name, _ in Request("anon").settings()] == [*names.split(), "request.cookies"]
    settings = dict(with_token("t").settings())
    assert settings["request.jwt.claims"] == '{"role": "anon"}'
    assert settings["request.headers"] == f'{{"{TOKEN_HEADER}": "t"}}'
    assert dict(Request("service_role", claims={"sub": "me"}).settings())["request.jwt.claims"] == (
        '{"role": "service_role", "sub": "me"}'
    )
    assert dict(Request("anon").settings())["request.headers"] == "{}"
    assert "request.headers" not in dict(Request("anon", headers=None).settings())
    assert SERVICE_REQUEST.method == "POST"


def of_no_row(checker: SessionChecker) -> SessionChecker:
    """Let the model forget the row."""
    checker.model.rows.clear()
    return checker


def of_a_row(checker: SessionChecker, **values: Any) -> SessionChecker:
    """Let the model have the row with other values."""
    vars(checker.model.rows[TOKEN]).update(values)
    return checker


ACTS: dict[str, Callable[[SessionChecker], object]] = {
    "refuses a deletion": lambda it: it.refuses(SERVICE_REQUEST, statements.delete("none" * 8), Refused("42501")),
    "inserts what the model forgot": lambda it: of_no_row(it).insert({"session_token": TOKEN}),
    "refuses a visitor's deletion": lambda it: it.refuses(Request("anon"), statements.delete(TOKEN), Refused("23514")),
    "compares what the model forgot": lambda it: of_no_row(it).compare(),
    "sees what expired": lambda it: of_a_row(it, expires_at=Timestamp(0)).sees(with_token(TOKEN), TOKEN),
    "deletes what the model forgot": lambda it: of_no_row(it).delete(TOKEN),
    "updates what was active later": lambda it: of_a_row(it, last_active_at=it.now.plus(HOUR)).update(
        TOKEN, {"amount_paid": None}
    ),
}


@cases("model_checker/disagree")
def test_a_twin_that_disagrees_says_what_happened_and_what_must(
    checker: SessionChecker, act: str, happened: str, must: str
) -> None:
    """Each kind of disagreement is an error, with the statement and the role."""
    with pytest.raises(AssertionError) as failure:
        ACTS[act](checker)
    said = str(failure.value)
    assert said.startswith("PostgreSQL and the contract's model disagree.\n  what happened:    ")
    what, _, rest = said.partition("  what must happen: ")
    assert (happened in what, rest.startswith(must)) == (True, True), said
    assert re.search(r"\n  the statement:    .*\n  as role:          ", rest, re.DOTALL)


def test_an_id_that_changes_is_told(checker: SessionChecker) -> None:
    """The model has no ids, but every row keeps the one it was given."""
    checker.compare()
    checker.given[TOKEN] = [0]
    with pytest.raises(AssertionError, match=rf"id of '{TOKEN}' was \[0\], and is now \[\d+\]"):
        checker.compare()
