"""Signing up: what a visitor may give, and what the database gives by itself."""

import uuid

import pytest

from tests.harness.core.outcomes import Done, Outcome, Refused
from tests.harness.core.timestamps import HOUR, INFINITY, SECOND, Offset, resolved
from tests.harness.plugins.databases import under_both_default_privileges, with_and_without_bypassrls
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.requests.statements import Statements
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.model import checker
from tests.selftest.samples.newsletter_signups.table import TABLE

EMAIL = "ann@example.com"
NOT_ALLOWED = Refused("42501")


def sign_up(session: Session, **values: object) -> Outcome:
    """Let a visitor insert a row with these values."""
    now = checker(session).now
    session.act_as(Request("anon"))
    return session.attempt(*Statements(TABLE).insert(resolved({"email": EMAIL, **values}, now)))


@pytest.mark.clause("R6")
@under_both_default_privileges
@pytest.mark.parametrize("ago", [0, 1, SECOND, HOUR - 1, HOUR])
def test_a_visitor_consents_within_the_last_hour(session: Session, ago: int) -> None:
    """A consent of now, and of up to an hour ago, is accepted."""
    assert isinstance(sign_up(session, consented_at=Offset(-ago)), Done)


@pytest.mark.clause("R6")
@pytest.mark.parametrize("at", [Offset(1), Offset(SECOND), INFINITY, Offset(-HOUR - 1), Offset(-99 * HOUR)], ids=repr)
def test_a_visitor_consents_at_no_other_time(session: Session, at: int) -> None:
    """A consent in the future, or more than an hour ago, is refused: by a microsecond, too."""
    assert sign_up(session, consented_at=at) == NOT_ALLOWED


@pytest.mark.clause("R7")
@under_both_default_privileges
@pytest.mark.parametrize("values", [{"confirmation_token": uuid.UUID(int=1)}, {"confirmed_at": Offset(0)}], ids=str)
def test_a_visitor_chooses_neither_token_nor_confirmation(session: Session, values: dict[str, object]) -> None:
    """A row that names the token or the time of confirmation is refused."""
    assert sign_up(session, **values) == NOT_ALLOWED


@pytest.mark.clause("R3")
@with_and_without_bypassrls
def test_the_back_end_reads_and_writes_every_row(session: Session) -> None:
    """service_role inserts, reads, changes and deletes a row, with BYPASSRLS and without."""
    table = checker(session)
    assert isinstance(table.insert({"email": EMAIL, "consented_at": Offset(-99 * HOUR)}), Done)
    ((key, row),) = table.model.rows.items()
    table.reads(SERVICE_REQUEST, [row])
    assert isinstance(table.update(key, {"confirmed_at": Offset(0)}), Done)
    assert isinstance(table.delete(key), Done)


@pytest.mark.clause("D1")
def test_a_signup_begins_with_its_address_alone(session: Session) -> None:
    """It is consented to at the transaction's start, unconfirmed, and its token is its own."""
    table = checker(session)
    for email in (EMAIL, "bob@example.org"):
        session.run(*Statements(TABLE).insert({"email": email}))
    found = session.run("SELECT consented_at, confirmed_at, confirmation_token FROM public.newsletter_signups").rows
    assert [row[:2] for row in found] == [(table.now, None)] * 2
    assert len({token for *_, token in found}) == 2
