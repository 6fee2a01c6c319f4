"""The trigger: it fires at every update, and at nothing else (the time that it sets: test_last_activity.py)."""

import itertools
from typing import Any

import pytest
from hypothesis import given

from tests.contract.calculator2_sessions import strategies, support
from tests.contract.calculator2_sessions.model import SessionChecker, statements
from tests.contract.calculator2_sessions.scenario import LONG_AGO, MINE, NEW, YOURS
from tests.harness.core.outcomes import Done
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timestamps import HOUR, INFINITY, Offset
from tests.harness.plugins.databases import OpenSession
from tests.harness.server.database import Database
from tests.harness.server.session import Session


@pytest.mark.clause("T1", "T3")
@pytest.mark.parametrize("sent", [None, Offset(-9 * HOUR), Offset(0), Offset(9 * HOUR), INFINITY], ids=repr)
@pytest.mark.parametrize("way", ["update", "upsert"])
def test_a_time_that_the_client_sends_is_ignored(session: Session, way: str, sent: Any) -> None:
    """An update sets last_active_at, whatever the client sends, earlier or later than now."""
    checker = SessionChecker(session, {"session_token": MINE, **LONG_AGO})
    if way == "update":
        outcome = checker.update(MINE, {"last_active_at": sent})
    else:
        outcome = checker.upsert({"session_token": MINE, "created_at": LONG_AGO["created_at"], "last_active_at": sent})
    # The row that an upsert proposes is judged before the conflict is: null is refused there.
    assert isinstance(outcome, Done) or (way, sent) == ("upsert", None)


@pytest.mark.clause("T1")
@pytest.mark.parametrize("row", [{}, {"payment_status": "completed"}, {"expires_at": Offset(-HOUR)}], ids=str)
@pytest.mark.parametrize(
    ("way", "values"),
    [
        pytest.param("update", {"pricing_tier": "gold"}, id="update"),
        pytest.param("update", {"pricing_tier": None}, id="update that changes nothing"),
        pytest.param("update", {"session_token": MINE}, id="update of the token to itself"),
        pytest.param("update", {"form_state": {"a": 1}}, id="update of the form"),
        pytest.param("upsert", {}, id="upsert that changes nothing"),
        pytest.param("upsert", {"report_token": "r"}, id="upsert"),
    ],
)
def test_every_update_of_a_row_is_activity(
    session: Session, way: str, values: dict[str, Any], row: dict[str, Any]
) -> None:
    """Every update counts, one that changes nothing and an upsert included, of a session that is over, too."""
    checker = SessionChecker(session, {"session_token": MINE, **LONG_AGO, **row}, {"session_token": YOURS, **LONG_AGO})
    if way == "update":
        checker.update(MINE, values)
    else:
        checker.upsert({"session_token": MINE, **values})
    active = {token: each.last_active_at >= checker.now for token, each in checker.model.rows.items()}
    assert active == {MINE: True, YOURS: False}


@pytest.mark.clause("T1")
def test_an_update_of_many_rows_is_activity_in_each(session: Session) -> None:
    """An UPDATE of several rows sets the time of every one of them."""
    SessionChecker(session, *({"session_token": token, **LONG_AGO} for token in (MINE, YOURS, NEW)))
    session.run(*statements.update({"pricing_tier": "gold"}))
    found = session.run("SELECT last_active_at >= now() FROM public.calculator2_sessions")
    assert found.rows == ((True,),) * 3


@pytest.mark.clause("T1")
@pytest.mark.parametrize("user", [MIGRATOR, SUPERUSER], ids=["the owner", "a superuser"])
def test_an_update_by_hand_is_activity(own_database: Database, user: str) -> None:
    """An update on a direct connection, which makes no settings of a request, counts as any other."""
    with own_database.connect(user) as direct:
        direct.execute(
            "INSERT INTO public.calculator2_sessions (session_token, created_at, last_active_at)"
            " VALUES (%s, now() - interval '2 hours', now() - interval '1 hour')",
            [MINE],
        )
        direct.execute(*statements.update({"pricing_tier": "gold"}))
        found = direct.execute(
            "SELECT pricing_tier, last_active_at > now() - interval '1 hour' FROM public.calculator2_sessions"
        )
        assert found.fetchall() == [("gold", True)]


@pytest.mark.clause("T1")
def test_an_update_reaches_no_other_row(session: Session) -> None:
    """A row that is not updated stays as it was, and stays: expired long ago, paid for, never to expire."""
    checker = SessionChecker(session, {"session_token": MINE, **LONG_AGO})
    old = {"created_at": Offset(-999 * HOUR), "last_active_at": Offset(-999 * HOUR), "form_state": {"a": 1}}
    ends = {"expired": Offset(-99 * HOUR), "ending": Offset(0), "endless": INFINITY}
    for number, (expiry, status) in enumerate(itertools.product(ends.values(), strategies.STATUSES)):
        checker.insert({"session_token": f"{number:032}", **old, "expires_at": expiry, "payment_status": status})
    checker.update(MINE, {"pricing_tier": "gold"})
    checker.upsert({"session_token": MINE, "report_token": "r"})


@pytest.mark.clause("T1")
def test_an_update_from_within_a_trigger_is_activity(own_database: Database, open_session: OpenSession) -> None:
    """An update that another table's trigger makes counts as any other."""
    with own_database.connect(SUPERUSER) as preparing:
        preparing.execute(support.sql("payments"))
    session = open_session(own_database, "authenticator")
    SessionChecker(session, {"session_token": MINE, **LONG_AGO})
    session.run("INSERT INTO public.payments VALUES (%s)", [MINE])
    found = session.run("SELECT payment_status, last_active_at >= now() FROM public.calculator2_sessions")
    assert found.rows == (("completed", True),)


@pytest.mark.clause("T1")
@given(row=strategies.rows())
def test_neither_insert_nor_select_is_an_update(session: Session, row: dict[str, Any]) -> None:
    """INSERT keeps the time that it is given, and reading changes nothing."""
    with session.example():
        checker = SessionChecker(session, row)
        checker.compare()
