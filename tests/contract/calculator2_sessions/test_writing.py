"""Row-level security, writing: the back end writes every row, and nobody else writes or locks any."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions import statements
from tests.contract.calculator2_sessions.model import READERS
from tests.contract.calculator2_sessions.strategies import Offset
from tests.contract.calculator2_sessions.test_row_level_security import EXPIRED, MINE, YOURS, as_each_reader, populate
from tests.harness.fix_database import Database, OpenSession, in_both_eras, with_and_without_bypassrls
from tests.harness.request import BACK_END, Request, anonymous, holding
from tests.harness.session import Done, Refused, Session

NEW = "New".ljust(32, "n")
RETURNING = sql.SQL(" RETURNING {}")
ROWS = pytest.mark.parametrize("token", [MINE, YOURS, EXPIRED], ids=["own row", "other row", "expired row"])


def writes(token: str) -> dict[str, statements.Statement]:
    """Every way of writing to that row, or to all: as PostgREST does it, and barer than it would."""
    insert, values = statements.insert({"session_token": NEW})
    taken, taken_values = statements.insert({"session_token": token})
    update, delete = statements.update({"payment_status": "completed"}, token), statements.delete(token)
    table = statements.TABLE
    return {
        "insert": (insert, values),
        "insert, returning one": (insert + RETURNING.format(sql.Literal(1)), values),
        "insert, returning the row": (insert + RETURNING.format(sql.Identifier("session_token")), values),
        "insert, ignoring a conflict": (taken + sql.SQL(" ON CONFLICT DO NOTHING"), taken_values),
        "upsert": statements.upsert({"session_token": token, "payment_status": "completed"}),
        "update": update,
        "update, returning one": (update[0] + RETURNING.format(sql.Literal(1)), update[1]),
        "update of every row": statements.update({"payment_status": "completed"}),
        "update of the expiry": statements.update({"expires_at": "infinity"}),
        "delete": delete,
        "delete, returning one": (delete[0] + RETURNING.format(sql.Literal(1)), delete[1]),
        "delete of every row": statements.delete(),
        "clean-up": (statements.CLEAN_UP, []),
        "truncate": (sql.SQL("TRUNCATE {}").format(table), []),
    }


LOCKS = {
    **{
        mode: sql.SQL("SELECT 1 FROM {} " + mode).format(statements.TABLE)
        for mode in ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")
    },
    **{
        f"LOCK {mode}": sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(statements.TABLE)
        for mode in (
            "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
            "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
        )
    },
}  # fmt: skip


@pytest.mark.clause("R5")
@in_both_eras
@as_each_reader
@pytest.mark.parametrize("way", writes(MINE))
def test_a_visitor_writes_no_row(session: Session, role: str, way: str) -> None:
    """INSERT, UPDATE, DELETE, upsert and TRUNCATE are refused: on the visitor's own row, another's, an expired one."""
    twin = populate(session)
    for token in (MINE, YOURS, EXPIRED):
        twin.refuses(holding(MINE, role=role), writes(token)[way], Refused("42501"))
        twin.refuses(holding(token, role=role), writes(token)[way], Refused("42501"))


@pytest.mark.clause("R5")
@in_both_eras
@as_each_reader
@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_visitor_locks_nothing(session: Session, role: str, lock: sql.Composed) -> None:
    """No row lock, and no lock on the table beyond ACCESS SHARE."""
    twin = populate(session)
    twin.refuses(holding(MINE, role=role), (lock, []), Refused("42501"))


@pytest.mark.clause("R5")
@as_each_reader
@pytest.mark.parametrize("column", ["session_token", "form_state", "payment_status", "expires_at"])
def test_a_visitor_writes_no_column(session: Session, role: str, column: str) -> None:
    """No single column is writable either."""
    value: Any = {"form_state": {}, "expires_at": "infinity"}.get(column, NEW)
    twin = populate(session)
    twin.refuses(holding(MINE, role=role), statements.update({column: value}), Refused("42501"))


@pytest.fixture
def granted(own_database: Database, open_session: OpenSession) -> Session:
    """A session on a database where everything was granted to the API roles by mistake, after the migration."""
    with own_database.connect("postgres") as owner:
        owner.execute("GRANT ALL ON public.calculator2_sessions TO anon, authenticated, somebody_else")
    return open_session(own_database, "authenticator")


@pytest.mark.clause("R5")
@pytest.mark.parametrize("role", [*READERS, "somebody_else"])
def test_no_policy_lets_a_visitor_write(granted: Session, role: str) -> None:
    """Even where write privileges were granted by mistake, no policy opens a row to a write."""
    twin = populate(granted)
    for token in (MINE, YOURS, EXPIRED, None):
        twin.refuses(holding(token, role=role), statements.insert({"session_token": NEW}), Refused("42501"))
        granted.act_as(holding(token, role=role))
        for bare in (statements.update({"payment_status": "completed"}), statements.delete()):
            assert granted.attempt(*bare) == Done((), 0), statements.shown(bare)
    granted.act_as(BACK_END)
    twin.compare()


@pytest.mark.clause("R6")
@in_both_eras
@with_and_without_bypassrls
@ROWS
def test_the_back_end_reads_and_writes_every_row(session: Session, token: str) -> None:
    """service_role reads, inserts, updates, upserts and deletes any row, with BYPASSRLS and without."""
    twin = populate(session)
    twin.sees(BACK_END, None)
    assert isinstance(twin.insert({"session_token": NEW}), Done)
    assert isinstance(twin.update(token, {"payment_status": "completed", "expires_at": Offset(9)}), Done)
    assert isinstance(twin.upsert({"session_token": token, "pricing_tier": "gold"}), Done)
    assert isinstance(twin.delete(token), Done)
    assert isinstance(twin.clean_up(), Done)


@pytest.mark.clause("R6")
@in_both_eras
@with_and_without_bypassrls
def test_the_back_end_writes_without_a_where(session: Session) -> None:
    """service_role's bare UPDATE and DELETE reach every row."""
    populate(session)
    assert session.attempt(*statements.update({"payment_status": "completed"})) == Done((), 3)
    assert session.attempt(*statements.delete()) == Done((), 3)


@pytest.mark.clause("R8")
@as_each_reader
def test_a_leaky_function_sees_only_the_caller_s_row(session: Session, role: str) -> None:
    """A cheap function in the caller's WHERE is not called with a row that the caller cannot see."""
    populate(session)
    session.act_as(holding(MINE, role=role))
    session.run(
        "CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
        " AS $$ BEGIN RAISE NOTICE '%%', $1; RETURN true; END $$".replace("%%", "%").encode()
    )
    heard: list[str | None] = []
    session.connection.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    session.run("SELECT 1 FROM public.calculator2_sessions WHERE pg_temp.spy(session_token)")
    session.run("SELECT 1 FROM public.calculator2_sessions WHERE pg_temp.spy(report_token) OR pg_temp.spy(id::text)")
    assert heard == [MINE, "Report".ljust(32, "r")]


@pytest.mark.clause("R8")
@as_each_reader
@pytest.mark.parametrize("token", [YOURS, EXPIRED], ids=["other row", "expired row"])
def test_an_error_from_where_tells_nothing(session: Session, role: str, token: str) -> None:
    """A division by zero for a given token happens for the caller's own row only."""
    probe = "SELECT 1 FROM public.calculator2_sessions WHERE 1 / (session_token <> %s)::integer = 1"
    populate(session)
    session.act_as(holding(MINE, role=role))
    assert session.attempt(probe, [MINE]) == Refused("22012")
    assert session.attempt(probe, [token]) == Done(((1,),), 1)


@pytest.mark.clause("R8")
@as_each_reader
def test_a_conflict_tells_nothing(session: Session, role: str) -> None:
    """A token that is taken and one that is free are refused alike."""
    populate(session)
    session.act_as(anonymous(role))
    for token in (YOURS, NEW):
        for way in ("insert", "insert, ignoring a conflict", "upsert"):
            assert session.attempt(*writes(token)[way]) == Refused("42501")


@pytest.mark.clause("R8")
@pytest.mark.parametrize("way", ["update", "upsert", "delete"])
def test_a_write_tells_nobody(session: Session, way: str) -> None:
    """A write sends no notification, which any role could listen to, and no message, which the log would keep."""
    populate(session)
    heard: list[str | None] = []
    session.connection.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    # With these, a message of any level comes here too, and PostgreSQL says so when a notification is sent.
    session.run("SELECT set_config('trace_notify', 'on', true), set_config('client_min_messages', 'debug1', true)")
    session.run(*writes(MINE)[way])
    assert heard == []
    session.run("NOTIFY anything")
    assert heard == ["Async_Notify(anything)"], "this would not have heard a notification"


@pytest.mark.clause("R8")
@as_each_reader
def test_statistics_and_estimates_tell_nothing(own_database: Database, open_session: OpenSession, role: str) -> None:
    """pg_stats shows a visitor nothing of the table, and the planner's estimate is one row, however many there are."""
    with own_database.connect("postgres") as owner:
        owner.execute(
            "INSERT INTO public.calculator2_sessions (session_token)"
            " SELECT md5(n::text) FROM generate_series(1, 500) AS n"
        )
        owner.execute("ANALYZE public.calculator2_sessions")
    session = open_session(own_database, "authenticator")
    session.act_as(Request(role, {"x-session-token": MINE}))
    assert session.run("SELECT 1 FROM pg_stats WHERE tablename = 'calculator2_sessions'").rows == ()
    ((plan,),) = session.run("EXPLAIN (FORMAT JSON) SELECT * FROM public.calculator2_sessions").rows
    assert isinstance(plan, list)
    assert plan[0]["Plan"]["Plan Rows"] == 1
