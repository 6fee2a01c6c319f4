"""Forms: what a visitor has filled in comes back to the digit and the character."""

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import statements
from tests.contract.calculator2_sessions.scenario import MINE
from tests.harness.core.outcomes import Done, Refused
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.session import Session

every_way = pytest.mark.parametrize("way", ["insert", "update"])


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
@every_way
@given(text=strategies.json_texts())
def test_a_form_comes_back_to_the_digit_and_the_character(session: Session, way: str, text: str) -> None:
    """A form reads back as every JSON value it was given: big and tiny numbers, escapes, nesting, duplicate keys."""
    with session.example():
        saved = saved_form(session, way, text)
        assert isinstance(saved, Done), f"{text} was {saved}"
        assert exact(str(saved.rows[0][0])) == exact(text)


def pages(number: int) -> str:
    """Return a form of so many pages of text."""
    return json.dumps([hashlib.sha512(bytes([each % 256]) * each).hexdigest() * 64 for each in range(number)])


EXACT = {
    **{text: text for text in ("null", "true", "false", "0", '""', "[]", "[null]", "{}", '{"a": null}')},
    **{f"nested {depth} deep": "[" * depth + "]" * depth for depth in (2, 100, 1000)},
    **{f"{number} pages": pages(number) for number in (1, 10, 500)},
}


@pytest.mark.clause("C7", "D3")
@every_way
@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT)
def test_a_form_may_be_empty_or_deep_or_large(session: Session, way: str, text: str) -> None:
    """Any value of JSON is a form and reads back as itself, JSON's null as JSON's null; no large one is cut."""
    assert saved_form(session, way, text) == Done(((text,),), 1)


REFUSED = strategies.ODD["refused_forms"]


@pytest.mark.clause("C7", "C9")
@every_way
@pytest.mark.parametrize(("text", "sqlstate"), REFUSED.values(), ids=REFUSED)
def test_a_form_that_cannot_be_held_is_refused(session: Session, way: str, text: str, sqlstate: str) -> None:
    """What jsonb cannot hold is refused, never altered, and nothing is saved."""
    assert saved_form(session, way, text) == Refused(sqlstate)
    saved = session.run("SELECT form_state FROM public.calculator2_sessions WHERE form_state IS NOT NULL")
    assert saved.rows == ()
