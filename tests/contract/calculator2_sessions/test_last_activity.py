"""The time that the trigger sets: the greatest of now, before and creation, whoever updates, however many at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.calculator2_sessions import strategies, support
from tests.contract.calculator2_sessions.model import SessionChecker, statements
from tests.contract.calculator2_sessions.scenario import LONG_AGO, MINE, READ_ACTIVE, YOURS, commit, in_far_zones
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.called_functions import settings_used
from tests.harness.core.outcomes import Done
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timestamps import HOUR, Offset
from tests.harness.plugins.databases import OpenSession
from tests.harness.requests.request import SERVICE_REQUEST, request_transaction
from tests.harness.server.database import Database
from tests.harness.server.session import Session


@pytest.mark.clause("T3")
@given(row=strategies.rows(MINE), updates=st.lists(strategies.changes(), min_size=1, max_size=2))
def test_activity_is_the_greatest_of_now_before_and_creation(
    session: Session, row: dict[str, Any], updates: list[dict[str, Any]]
) -> None:
    """An update's time is the greatest of the statement's own, the old value, and created_at."""
    with session.example():
        checker = SessionChecker(session, row)
        for values in updates:
            checker.update(next(iter(checker.model.rows)), values)


@pytest.mark.clause("T3")
@in_far_zones
def test_activity_is_the_same_instant_in_every_time_zone(session: Session, zone: str) -> None:
    """The session time zone of whoever updates the row does not change when it was."""
    checker = SessionChecker(session, {"session_token": MINE, **LONG_AGO})
    session.run("SELECT set_config('timezone', %s, true)", [zone])
    checker.update(MINE, {"pricing_tier": "gold"})


@pytest.fixture
def old(own_database: Database, open_session: OpenSession) -> Session:
    """A session of the back end that began before anything else was done in its database."""
    session = open_session(own_database, "authenticator")
    session.act_as(SERVICE_REQUEST)
    return session


@pytest.mark.clause("T2")
@pytest.mark.parametrize("way", ["update", "upsert"])
def test_an_update_may_be_older_than_its_row(own_database: Database, old: Session, way: str) -> None:
    """A transaction that began before the row was inserted can update it, and does not set it back."""
    commit(own_database, statements.insert({"session_token": MINE}))
    values = {"session_token": MINE, "pricing_tier": "gold"}
    outcome = old.attempt(*(statements.update(values, MINE) if way == "update" else statements.upsert(values)))
    assert isinstance(outcome, Done), f"an UPDATE older than its row was {outcome}"
    found = old.run("SELECT now() < created_at, created_at <= last_active_at FROM public.calculator2_sessions")
    assert found.rows == ((True, True),)


@pytest.mark.clause("T2")
def test_the_older_of_two_updates_does_not_set_the_row_back(own_database: Database, old: Session) -> None:
    """Where two updates overlap, the one that began first and commits last leaves the later time."""
    commit(own_database, statements.insert({"session_token": MINE}))
    commit(own_database, statements.update({"pricing_tier": "gold"}, MINE))
    ((_, before),) = old.run(READ_ACTIVE, [MINE]).rows
    old.run(*statements.update({"report_token": "r"}, MINE))
    found = old.run("SELECT now() < %s, %s <= last_active_at FROM public.calculator2_sessions", [before, before])
    assert found.rows == ((True, True),)


@pytest.mark.clause("T2")
def test_updates_of_two_rows_do_not_wait_for_each_other(own_database: Database, old: Session) -> None:
    """While one transaction has updated its row, another updates a row of its own."""
    commit(own_database, statements.insert({"session_token": MINE}, {"session_token": YOURS}))
    with own_database.connect("authenticator") as slow, request_transaction(slow, SERVICE_REQUEST):
        slow.execute(*statements.update({"pricing_tier": "gold"}, MINE))
        old.run("SET LOCAL lock_timeout = '1s'")
        assert old.attempt(*statements.update({"pricing_tier": "gold"}, YOURS)) == Done((), 1)


@pytest.mark.clause("T2", "T3")
@pytest.mark.parametrize(
    ("row", "change"),
    [({"last_active_at": Offset(HOUR)}, {}), ({}, {"created_at": Offset(HOUR)})],
    ids=["activity, as after a clock was set back", "creation, by the update itself"],
)
def test_activity_is_not_before_what_lies_ahead(session: Session, row: dict[str, Any], change: dict[str, Any]) -> None:
    """A row whose last activity, or creation, is ahead of the clock is active at that very moment."""
    checker = SessionChecker(session, {"session_token": MINE, **row})
    for more in (change, {}, {}):
        assert isinstance(checker.update(MINE, {"pricing_tier": "gold", **more}), Done)
        assert session.run(READ_ACTIVE, [MINE]).rows[0][1] == checker.now.plus(HOUR)


@pytest.mark.clause("T4")
def test_a_caller_s_names_do_not_change_the_result(own_database: Database, open_session: OpenSession) -> None:
    """The caller's search_path, temporary objects and functions named now or greatest are not looked at."""
    with own_database.connect(SUPERUSER) as preparing:
        preparing.execute(support.sql("shadows"))
    session = open_session(own_database, "authenticator")
    SessionChecker(session, {"session_token": MINE, **LONG_AGO})
    session.run("SET LOCAL search_path = shadow, pg_temp, pg_catalog")
    session.run("CREATE TEMPORARY TABLE calculator2_sessions (session_token text)")
    assert session.run("SELECT now() = 'infinity'").rows == ((True,),), "the shadows are not in the way"
    session.run(*statements.update({"pricing_tier": "gold"}, MINE))
    session.run("SET LOCAL search_path = public")
    found = session.run("SELECT last_active_at BETWEEN now() AND clock_timestamp() FROM public.calculator2_sessions")
    assert found.rows == ((True,),)


@pytest.mark.clause("T4")
def test_the_trigger_s_function_asks_for_no_setting(catalog_session: Session) -> None:
    """Its body names no function and no view that reads settings: what a caller may set has no end."""
    found = catalog_session.run(
        "SELECT prosrc FROM pg_proc WHERE oid = ANY (%s::regprocedure [])", [list(TABLE.functions)]
    )
    assert found.rows
    assert not [word for (body,) in found.rows for word in settings_used(str(body))]
