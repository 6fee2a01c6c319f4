"""Row-level security, side channels: what a caller cannot see, nothing else tells it."""

import psycopg
import pytest

from tests.contract.calculator2_sessions.model import with_token
from tests.contract.calculator2_sessions.scenario import EXPIRED, MINE, NEW, REPORT, YOURS, as_visitor, populate, writes
from tests.harness.core.outcomes import Done, Refused
from tests.harness.plugins.databases import OpenSession
from tests.harness.requests.request import Request
from tests.harness.server.database import Database
from tests.harness.server.session import Session


@pytest.mark.clause("R8")
@as_visitor
def test_a_leaky_function_sees_only_the_caller_s_row(session: Session, role: str) -> None:
    """A cheap function in the caller's WHERE is not called with a row that the caller cannot see."""
    populate(session)
    session.act_as(with_token(MINE, role=role))
    session.run(
        "CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
        " AS $$ BEGIN RAISE NOTICE '%%', $1; RETURN true; END $$".replace("%%", "%").encode()
    )
    heard: list[str | None] = []
    session.connection.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    session.run("SELECT 1 FROM public.calculator2_sessions WHERE pg_temp.spy(session_token)")
    session.run("SELECT 1 FROM public.calculator2_sessions WHERE pg_temp.spy(report_token) OR pg_temp.spy(id::text)")
    assert heard == [MINE, REPORT]


@pytest.mark.clause("R8")
@as_visitor
@pytest.mark.parametrize("token", [YOURS, EXPIRED], ids=["other row", "expired row"])
def test_an_error_from_where_tells_nothing(session: Session, role: str, token: str) -> None:
    """A division by zero for a given token happens for the caller's own row only."""
    probe = "SELECT 1 FROM public.calculator2_sessions WHERE 1 / (session_token <> %s)::integer = 1"
    populate(session)
    session.act_as(with_token(MINE, role=role))
    assert session.attempt(probe, [MINE]) == Refused("22012")
    assert session.attempt(probe, [token]) == Done(((1,),), 1)


@pytest.mark.clause("R8")
@as_visitor
def test_a_conflict_tells_nothing(session: Session, role: str) -> None:
    """A token that is taken and one that is free are refused alike."""
    populate(session)
    session.act_as(Request(role))
    for token in (YOURS, NEW):
        for way in ("insert", "insert, ignoring a conflict", "upsert"):
            assert session.attempt(*writes(token)[way]) == Refused("42501")


@pytest.mark.clause("R8")
@pytest.mark.parametrize("way", ["update", "upsert", "delete"])
def test_a_write_tells_nobody(session: Session, way: str) -> None:
    """A write sends no notification, which any role could listen to, and no message, which the log would keep."""
    populate(session)
    heard: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        # PostgreSQL says much of itself at this level; that a notification is sent, it says at no other.
        if notice.severity_nonlocalized != "DEBUG" or str(notice.message_primary).startswith("Async_Notify"):
            heard.append(str(notice.message_primary))

    session.connection.add_notice_handler(hear)
    session.run("SELECT set_config('trace_notify', 'on', true), set_config('client_min_messages', 'debug1', true)")
    session.run(*writes(MINE)[way])
    assert heard == []
    session.run("NOTIFY anything")
    assert heard == ["Async_Notify(anything)"], "this would not have heard a notification"


@pytest.mark.clause("R8")
@as_visitor
def test_statistics_and_estimates_tell_nothing(own_database: Database, open_session: OpenSession, role: str) -> None:
    """pg_stats shows a visitor nothing of the table, and the planner's estimate is one row, however many there are."""
    with own_database.connect("postgres") as owner:
        owner.execute(
            "INSERT INTO public.calculator2_sessions (session_token)"
            " SELECT md5(n::text) FROM generate_series(1, 500) AS n"
        )
        owner.execute("ANALYZE public.calculator2_sessions")
    session = open_session(own_database, "authenticator")
    session.act_as(with_token(MINE, role=role))
    assert session.run("SELECT 1 FROM pg_stats WHERE tablename = 'calculator2_sessions'").rows == ()
    ((plan,),) = session.run("EXPLAIN (FORMAT JSON) SELECT * FROM public.calculator2_sessions").rows
    assert isinstance(plan, list)
    assert plan[0]["Plan"]["Plan Rows"] == 1
