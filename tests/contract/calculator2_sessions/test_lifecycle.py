"""Life of a session: it begins, is recovered by its holder, expires 48 hours later, and is cleaned up."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import statements, strategies
from tests.contract.calculator2_sessions.model import LIFETIME
from tests.contract.calculator2_sessions.strategies import Offset
from tests.contract.calculator2_sessions.twin import Twin
from tests.harness.core.timestamps import HOUR, INFINITY, Timestamp
from tests.harness.requests.request import SERVICE_REQUEST, with_token
from tests.harness.server.session import Session

TOKEN, OTHER = "t" * 32, "o" * 32
NEW_YEAR_2000 = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def clock_change(now: Timestamp, *, forward: bool) -> str:
    """Return a POSIX time zone whose clock changes between 12 and 36 hours after `now`."""
    morrow = (NEW_YEAR_2000 + datetime.timedelta(microseconds=now + 12 * HOUR)).date()
    # A Julian day `Jn` never counts 29 February, which is therefore 48 hours after the beginning of the 28th.
    leap_day = (morrow.month, morrow.day) == (2, 29)
    this, hours = (59, 48) if leap_day else (morrow.replace(year=2001).timetuple().tm_yday, 24)
    other = (this + 180) % 365 + 1
    begin, end = (f"J{this}/{hours}", f"J{other}/0") if forward else (f"J{other}/0", f"J{this}/{hours}")
    return f"AAA0BBB,{begin},{end}"


@pytest.mark.clause("D1")
def test_a_session_begins_with_its_token_alone(session: Session) -> None:
    """A row inserted with a token alone is pending, and created and last active at the transaction's start."""
    twin = Twin(session)
    twin.insert({"session_token": TOKEN})
    row = session.run("SELECT payment_status, created_at, last_active_at FROM public.calculator2_sessions").rows[0]
    assert row == ("pending", twin.now, twin.now)


@pytest.mark.clause("D1")
@pytest.mark.parametrize("forward", [True, False], ids=["to summer time", "from summer time"])
def test_a_session_lives_48_hours_over_a_clock_change(session: Session, forward: bool) -> None:
    """It expires exactly 48 hours later where the clock changes in between, and two days are 47 or 49 hours."""
    session.act_as(SERVICE_REQUEST)
    now = session.run("SELECT now()").rows[0][0]
    assert isinstance(now, Timestamp)
    session.run("SELECT set_config('timezone', %s, true)", [clock_change(now, forward=forward)])
    days = session.run("SELECT now() + interval '2 days'").rows[0][0]
    assert days == now.plus(LIFETIME - HOUR if forward else LIFETIME + HOUR), "the zone's clock does not change"
    session.run(*statements.insert({"session_token": TOKEN}))
    assert session.run("SELECT expires_at FROM public.calculator2_sessions").rows == ((now.plus(LIFETIME),),)


@pytest.mark.clause("D1")
@given(
    zone=st.one_of(st.integers(-12, 14).map("UTC{:+d}".format), st.sampled_from(["Asia/Kolkata", "America/New_York"]))
)
def test_a_session_lives_48_hours_in_every_time_zone(session: Session, zone: str) -> None:
    """The session time zone of whoever inserts the row does not change when it expires."""
    with session.example():
        twin = Twin(session)
        session.run("SELECT set_config('timezone', %s, true)", [zone])
        twin.insert({"session_token": TOKEN})


@pytest.mark.clause("D2")
@given(row=strategies.rows(TOKEN), updates=st.lists(strategies.contents().filter(bool), min_size=1, max_size=3))
def test_activity_never_extends_a_session(session: Session, row: dict[str, Any], updates: list[dict[str, Any]]) -> None:
    """No series of updates that does not name them changes expires_at, id, created_at or session_token."""
    fixed = "SELECT expires_at, id, created_at, session_token FROM public.calculator2_sessions"
    with session.example():
        twin = Twin(session)
        twin.insert(row)
        before = session.run(fixed)
        for number, values in enumerate(updates):
            twin.upsert({"session_token": TOKEN, **values}) if number % 2 else twin.update(TOKEN, values)
        assert session.run(fixed) == before


@pytest.mark.clause("D3")
@pytest.mark.parametrize("role", ["anon", "authenticated"])
@given(forms=st.lists(strategies.forms(), min_size=1, max_size=3))
def test_a_holder_recovers_the_form_saved_last(session: Session, role: str, forms: list[object]) -> None:
    """Whoever holds the token reads back exactly the form that was saved last."""
    with session.example():
        twin = Twin(session)
        twin.insert({"session_token": TOKEN})
        for form in forms:
            twin.update(TOKEN, {"form_state": form})
        session.act_as(with_token(TOKEN, role=role))
        found = session.run("SELECT form_state FROM public.calculator2_sessions").rows
        assert found == ((forms[-1],),)


@pytest.mark.clause("D4")
@given(
    rows=st.lists(
        st.tuples(strategies.tokens(), st.sampled_from([*strategies.NEAR, None]), st.sampled_from(strategies.STATUSES)),
        max_size=4,
        unique_by=lambda row: row[0],
    )
)
def test_clean_up_removes_every_expired_unpaid_session_and_no_other(session: Session, rows: list[Any]) -> None:
    """Clean-up removes the rows whose expires_at is now or earlier, but for the completed ones."""
    with session.example():
        twin = Twin(session)
        for token, expiry, status in rows:
            ends = INFINITY if expiry is None else Offset(expiry)
            started = {"created_at": Offset(-99 * HOUR), "last_active_at": Offset(-99 * HOUR)}
            twin.insert({"session_token": token, **started, "expires_at": ends, "payment_status": status})
        twin.clean_up()


@pytest.mark.clause("D4")
@pytest.mark.parametrize("status", ["pending", "failed", "completed"])
@pytest.mark.parametrize("expiry", [-1, 0, 1], ids=["just expired", "expiring now", "about to expire"])
def test_clean_up_begins_at_the_instant_of_expiry(session: Session, status: str, expiry: int) -> None:
    """A row is cleaned up from the instant of its expires_at on, not a microsecond before."""
    twin = Twin(session)
    started = {"created_at": Offset(-99 * HOUR), "last_active_at": Offset(-99 * HOUR)}
    twin.insert({"session_token": TOKEN, **started, "expires_at": Offset(expiry), "payment_status": status})
    twin.insert({"session_token": OTHER})
    twin.clean_up()
    assert (TOKEN in twin.ids) == (expiry > 0 or status == "completed")
