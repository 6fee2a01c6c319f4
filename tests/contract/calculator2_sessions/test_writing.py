"""Row-level security, writing: the back end writes every row, and nobody else writes or locks any."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions import statements
from tests.contract.calculator2_sessions.model import READERS
from tests.contract.calculator2_sessions.strategies import Offset
from tests.contract.calculator2_sessions.test_row_level_security import EXPIRED, MINE, YOURS, as_each_reader, populate
from tests.harness.core.outcomes import Done, Refused
from tests.harness.plugins.databases import OpenSession, under_both_default_privileges, with_and_without_bypassrls
from tests.harness.requests.request import SERVICE_REQUEST, with_token
from tests.harness.server.database import Database
from tests.harness.server.session import Session

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
@under_both_default_privileges
@as_each_reader
@pytest.mark.parametrize("way", writes(MINE))
def test_a_visitor_writes_no_row(session: Session, role: str, way: str) -> None:
    """INSERT, UPDATE, DELETE, upsert and TRUNCATE are refused: on the visitor's own row, another's, an expired one."""
    twin = populate(session)
    for token in (MINE, YOURS, EXPIRED):
        twin.refuses(with_token(MINE, role=role), writes(token)[way], Refused("42501"))
        twin.refuses(with_token(token, role=role), writes(token)[way], Refused("42501"))


@pytest.mark.clause("R5")
@under_both_default_privileges
@as_each_reader
@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_visitor_locks_nothing(session: Session, role: str, lock: sql.Composed) -> None:
    """No row lock, and no lock on the table beyond ACCESS SHARE."""
    twin = populate(session)
    twin.refuses(with_token(MINE, role=role), (lock, []), Refused("42501"))


@pytest.mark.clause("R5")
@as_each_reader
@pytest.mark.parametrize("column", ["session_token", "form_state", "payment_status", "expires_at"])
def test_a_visitor_writes_no_column(session: Session, role: str, column: str) -> None:
    """No single column is writable either."""
    value: Any = {"form_state": {}, "expires_at": "infinity"}.get(column, NEW)
    twin = populate(session)
    twin.refuses(with_token(MINE, role=role), statements.update({column: value}), Refused("42501"))


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
        twin.refuses(with_token(token, role=role), statements.insert({"session_token": NEW}), Refused("42501"))
        granted.act_as(with_token(token, role=role))
        for bare in (statements.update({"payment_status": "completed"}), statements.delete()):
            assert granted.attempt(*bare) == Done((), 0), statements.shown(bare)
    granted.act_as(SERVICE_REQUEST)
    twin.compare()


@pytest.mark.clause("R6")
@under_both_default_privileges
@with_and_without_bypassrls
@ROWS
def test_the_back_end_reads_and_writes_every_row(session: Session, token: str) -> None:
    """service_role reads, inserts, updates, upserts and deletes any row, with BYPASSRLS and without."""
    twin = populate(session)
    twin.sees(SERVICE_REQUEST, None)
    assert isinstance(twin.insert({"session_token": NEW}), Done)
    assert isinstance(twin.update(token, {"payment_status": "completed", "expires_at": Offset(9)}), Done)
    assert isinstance(twin.upsert({"session_token": token, "pricing_tier": "gold"}), Done)
    assert isinstance(twin.delete(token), Done)
    assert isinstance(twin.clean_up(), Done)


@pytest.mark.clause("R6")
@under_both_default_privileges
@with_and_without_bypassrls
def test_the_back_end_writes_without_a_where(session: Session) -> None:
    """service_role's bare UPDATE and DELETE reach every row."""
    populate(session)
    assert session.attempt(*statements.update({"payment_status": "completed"})) == Done((), 3)
    assert session.attempt(*statements.delete()) == Done((), 3)
