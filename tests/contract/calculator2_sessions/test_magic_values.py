"""Magic values: what the rules compare with, as the catalog shows them, changes nothing wherever else it stands."""

from decimal import Decimal
from typing import Any

import pglast
import pytest

from tests.contract.calculator2_sessions import support
from tests.contract.calculator2_sessions.model import MODEL, SessionChecker, with_token
from tests.contract.calculator2_sessions.scenario import MINE
from tests.contract.calculator2_sessions.strategies import stretched
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import HOUR, Offset
from tests.harness.requests.request import Request
from tests.harness.server.session import Session

# What a rule may compare with without naming it, as by a cast to boolean.
COMMON = {"", "true", "false", "null", "0", "1"}

CENTS = (Decimal("-0.01"), Decimal(0), Decimal("0.01"))

# As long ago as a session can have begun that can still be read.
OLD = {"created_at": Offset(-999 * HOUR), "last_active_at": Offset(-999 * HOUR), "expires_at": Offset(1)}


def constants(session: Session) -> set[str]:
    """Every string and number that stands in the trigger's function, a policy, a check or a default."""
    texts = [str(text) for (text,) in session.run(support.sql("rules")).rows]
    tokens = [(text, token) for text in texts for token in pglast.parser.scan(text)]
    found = {
        text[token.start : token.end + 1] for text, token in tokens if token.name in {"SCONST", "ICONST", "FCONST"}
    }
    return COMMON | {each.strip("'").replace("''", "'") for each in found}


def everywhere(word: str, words: set[str]) -> dict[str, Any]:
    """Put a word into every column that takes any text, and into the form under each of the words."""
    columns = dict.fromkeys(("pricing_tier", "payment_status", "report_token"), word)
    return {**columns, "form_state": dict.fromkeys(words, word)}


@pytest.mark.clause("T3", "D2", "D3")
def test_no_value_that_the_rules_know_changes_what_an_update_does(session: Session) -> None:
    """Any of them as tier, status, report token, form or amount is saved as it is, and moves no other column."""
    words = constants(session)
    amounts = [Decimal(word) + more for word in words if word.replace(".", "", 1).isdecimal() for more in CENTS]
    for word in sorted(words):
        with session.example():
            checker = SessionChecker(session, {"session_token": MINE})
            for column, value in everywhere(word, words).items():
                checker.update(MINE, {column: value})
    checker = SessionChecker(session, {"session_token": MINE})
    for amount in filter(MODEL.types["amount_paid"].holds, sorted(amounts)):
        checker.update(MINE, {"amount_paid": amount})


@pytest.mark.clause("R1", "R2", "R3")
@pytest.mark.parametrize("role", BROWSER_ROLES)
def test_no_value_that_the_rules_know_opens_or_hides_a_row(session: Session, role: str) -> None:
    """Any of them in a row opens it to nobody and hides it from nobody; in the header it is no part of a token."""
    words = constants(session)
    for word in sorted(words):
        with session.example():
            checker = SessionChecker(session, {"session_token": MINE, **everywhere(word, words), **OLD})
            checker.upsert({"session_token": stretched(word or " ")})
            checker.sees(Request(role), None)
            for sent in (word, word.strip("^$") + MINE, MINE + word.strip("^$")):
                checker.sees(with_token(sent, role=role), sent)
            checker.sees(with_token(MINE, role=role), MINE)


@pytest.mark.parametrize(
    "breach",
    [
        pytest.param({"session_token": "x" * 31}, id="token length", marks=pytest.mark.clause("C1")),
        pytest.param({"expires_at": Offset(0)}, id="expiry after creation", marks=pytest.mark.clause("C3")),
        pytest.param({"last_active_at": Offset(-1)}, id="activity after creation", marks=pytest.mark.clause("C4")),
    ],
)
def test_no_value_that_the_rules_know_excuses_a_breach(session: Session, breach: dict[str, Any]) -> None:
    """A row that breaks a rule is refused, with any of them in its other columns."""
    words = constants(session)
    checker = SessionChecker(session)
    for word in sorted(words):
        checker.insert({"session_token": MINE, **everywhere(word, words), **breach})
