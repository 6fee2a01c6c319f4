"""Forms: what a visitor has filled in comes back to the digit and the character."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.checker import statements
from tests.contract.calculator2_sessions.scenario import MINE
from tests.harness.core.outcomes import Done, Refused
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.session import Session


def exact(text: str) -> object:
    """Read JSON as jsonb means it: exact numbers, and the last of duplicate keys."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def saved_form(session: Session, way: str, text: str) -> Done | Refused:
    """Save a form, given as JSON text, by INSERT or by UPDATE, and read it back as text."""
    session.act_as(SERVICE_REQUEST)
    query = {
        "insert": "INSERT INTO public.calculator2_sessions (session_token, form_state) VALUES (repeat('x', 32), %s)",
        "update": "UPDATE public.calculator2_sessions SET form_state = %s",
    }
    if way == "update":
        session.run(*statements.insert({"session_token": MINE}))
    outcome = session.attempt(query[way], [text])
    if isinstance(outcome, Refused):
        return outcome
    return session.run("SELECT form_state::text FROM public.calculator2_sessions")


@pytest.mark.clause("C7")
@pytest.mark.parametrize("way", ["insert", "update"])
@given(text=strategies.json_texts())
def test_a_form_comes_back_to_the_digit_and_the_character(session: Session, way: str, text: str) -> None:
    """A form reads back as every JSON value it was given: big and tiny numbers, escapes, nesting, duplicate keys."""
    with session.example():
        saved = saved_form(session, way, text)
        assert isinstance(saved, Done), f"{text} was {saved}"
        assert exact(str(saved.rows[0][0])) == exact(text)


@pytest.mark.clause("C7")
@pytest.mark.parametrize("way", ["insert", "update"])
@pytest.mark.parametrize("depth", [1, 100, 1000])
def test_a_form_may_be_nested_deeply(session: Session, way: str, depth: int) -> None:
    """A deeply nested form reads back as it was saved."""
    text = "[" * depth + "]" * depth
    assert saved_form(session, way, text) == Done(((text,),), 1)


@pytest.mark.clause("C7", "D3")
@pytest.mark.parametrize("way", ["insert", "update"])
@pytest.mark.parametrize(
    "text",
    ["null", "true", "false", "0", '""', "[]", "{}"],
    ids=["null", "true", "false", "zero", "empty text", "empty list", "empty object"],
)
def test_a_form_may_be_any_value_of_json(session: Session, way: str, text: str) -> None:
    """The emptiest forms are forms too: each reads back as itself, JSON's null as JSON's null."""
    assert saved_form(session, way, text) == Done(((text,),), 1)


@pytest.mark.clause("C7", "D3")
@pytest.mark.parametrize("way", ["insert", "update"])
@pytest.mark.parametrize("pages", [1, 10, 500], ids="{} pages".format)
def test_a_form_may_be_large(session: Session, way: str, pages: int) -> None:
    """A form of many pages of text reads back as it was saved: nothing is cut, and nothing left out."""
    text = json.dumps([hashlib.sha512(bytes([number % 256]) * number).hexdigest() * 64 for number in range(pages)])
    assert saved_form(session, way, text) == Done(((text,),), 1)


@pytest.mark.clause("C7", "C9")
@pytest.mark.parametrize("way", ["insert", "update"])
@pytest.mark.parametrize(
    ("text", "sqlstate"),
    [
        pytest.param('"\\u0000"', "22P05", id="NUL"),
        pytest.param('{"\\u0000": 1}', "22P05", id="NUL in a key"),
        pytest.param('"\\ud83d"', "22P02", id="high surrogate alone"),
        pytest.param('"\\ude00"', "22P02", id="low surrogate alone"),
        pytest.param('"\\ude00\\ud83d"', "22P02", id="surrogates in the wrong order"),
        pytest.param("1e200000", "22003", id="too big"),
        pytest.param("1e-20000", "22003", id="too small"),
        pytest.param("NaN", "22P02", id="not a number"),
        pytest.param("'x'", "22P02", id="not JSON"),
        pytest.param("", "22P02", id="nothing"),
    ],
)
def test_a_form_that_cannot_be_held_is_refused(session: Session, way: str, text: str, sqlstate: str) -> None:
    """What jsonb cannot hold is refused, never altered, and nothing is saved."""
    assert saved_form(session, way, text) == Refused(sqlstate)
    saved = session.run("SELECT form_state FROM public.calculator2_sessions WHERE form_state IS NOT NULL")
    assert saved.rows == ()
