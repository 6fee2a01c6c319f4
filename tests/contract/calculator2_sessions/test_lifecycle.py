"""Life of a session: it begins, is recovered by its holder, expires 48 hours later, and is cleaned up."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies, support
from tests.contract.calculator2_sessions.model import LIFETIME, SessionChecker, statements, with_token
from tests.contract.calculator2_sessions.scenario import MINE
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import HOUR, INFINITY, Offset, Timestamp
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.session import Session

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


ZONES = [*map("UTC{:+d}".format, range(-12, 15)), "Asia/Kolkata", "America/New_York"]


@pytest.mark.clause("D1")
@pytest.mark.parametrize("zone", ZONES)
def test_a_session_begins_with_its_token_alone_in_every_time_zone(session: Session, zone: str) -> None:
    """A row inserted with a token alone is pending, begins with the transaction, and ends 48 hours later."""
    checker = SessionChecker(session)
    session.run("SELECT set_config('timezone', %s, true)", [zone])
    checker.insert({"session_token": MINE})
    found = session.run(
        "SELECT payment_status, created_at, last_active_at, expires_at FROM public.calculator2_sessions"
    )
    assert found.rows == (("pending", checker.now, checker.now, checker.now.plus(LIFETIME)),)


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
    session.run(*statements.insert({"session_token": MINE}))
    assert session.run("SELECT expires_at FROM public.calculator2_sessions").rows == ((now.plus(LIFETIME),),)


@pytest.mark.clause("D2")
@given(row=strategies.rows(MINE), updates=st.lists(strategies.contents(), min_size=1, max_size=3))
def test_activity_never_extends_a_session(session: Session, row: dict[str, Any], updates: list[dict[str, Any]]) -> None:
    """No series of updates that does not name them changes expires_at, id, created_at or session_token."""
    fixed = "SELECT expires_at, id, created_at, session_token FROM public.calculator2_sessions"
    with session.example():
        checker = SessionChecker(session, row)
        before = session.run(fixed)
        for values in updates:
            checker.update(MINE, values)
            checker.upsert({"session_token": MINE, **values})
        assert session.run(fixed) == before


@pytest.mark.clause("D3")
@pytest.mark.parametrize("role", BROWSER_ROLES)
@given(forms=st.lists(strategies.forms(), min_size=1, max_size=3))
def test_a_holder_recovers_the_form_saved_last(session: Session, role: str, forms: list[object]) -> None:
    """Whoever holds the token reads back exactly the form that was saved last."""
    with session.example():
        checker = SessionChecker(session, {"session_token": MINE})
        for form in forms:
            checker.update(MINE, {"form_state": form})
        session.act_as(with_token(MINE, role=role))
        found = session.run("SELECT form_state FROM public.calculator2_sessions").rows
        assert found == ((forms[-1],),)


@pytest.mark.clause("D4")
@pytest.mark.parametrize("status", strategies.STATUSES)
def test_clean_up_removes_every_expired_unpaid_session_and_no_other(session: Session, status: str) -> None:
    """Clean-up removes a row from the very instant of its expires_at on, unless it is completed."""
    started = {"created_at": Offset(-99 * HOUR), "last_active_at": Offset(-99 * HOUR), "payment_status": status}
    ends = {f"{number:032}": at for number, at in enumerate([*strategies.NEAR, INFINITY])}
    rows = ({"session_token": token, **started, "expires_at": at} for token, at in ends.items())
    checker = SessionChecker(session, *rows)
    checker.clean_up()
    kept = [token for token, at in ends.items() if at > 0 or status == "completed"]
    assert list(checker.model.rows) == kept


@pytest.mark.clause("D4")
def test_no_other_table_keeps_a_session_from_being_cleaned_up(catalog_session: Session) -> None:
    """No foreign key to the table, nor to one that a DELETE cascades to, refuses to let a row go."""
    blocking = [str(each) for (each,) in catalog_session.run(support.sql("blocking_keys")).rows]
    assert not blocking, (
        "clean-up fails as soon as another table refers to an expired session:\n  "
        + "\n  ".join(blocking)
        + "\n  What must happen: the session goes. Hint: ON DELETE CASCADE, or SET NULL on a column that may be null."
    )
