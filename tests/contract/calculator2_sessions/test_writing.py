"""Row-level security, writing: the back end writes every row, and nobody else writes or locks any."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions.checker import statements
from tests.contract.calculator2_sessions.requests import with_token
from tests.contract.calculator2_sessions.scenario import (
    EXPIRED,
    MINE,
    NEW,
    YOURS,
    as_each_browser_role,
    populate,
    writes,
)
from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import Offset
from tests.harness.plugins.databases import OpenSession, under_both_default_privileges, with_and_without_bypassrls
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.requests.statements import shown
from tests.harness.server.database import Database
from tests.harness.server.session import Session

ROWS = pytest.mark.parametrize("token", [MINE, YOURS, EXPIRED], ids=["own row", "other row", "expired row"])

LOCKS = {
    **{
        mode: sql.SQL("SELECT 1 FROM {} " + mode).format(statements.name)
        for mode in ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")
    },
    **{
        f"LOCK {mode}": sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(statements.name)
        for mode in (
            "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
            "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
        )
    },
}  # fmt: skip


@pytest.mark.clause("R5")
@under_both_default_privileges
@as_each_browser_role
@pytest.mark.parametrize("way", writes(MINE))
def test_a_visitor_writes_no_row(session: Session, role: str, way: str) -> None:
    """INSERT, UPDATE, DELETE, upsert and TRUNCATE are refused: on the visitor's own row, another's, an expired one."""
    checker = populate(session)
    for token in (MINE, YOURS, EXPIRED):
        checker.refuses(with_token(MINE, role=role), writes(token)[way], Refused("42501"))
        checker.refuses(with_token(token, role=role), writes(token)[way], Refused("42501"))


@pytest.mark.clause("R5")
@under_both_default_privileges
@as_each_browser_role
@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_visitor_locks_nothing(session: Session, role: str, lock: sql.Composed) -> None:
    """No row lock, and no lock on the table beyond ACCESS SHARE."""
    checker = populate(session)
    checker.refuses(with_token(MINE, role=role), (lock, []), Refused("42501"))


@pytest.mark.clause("R5")
@as_each_browser_role
@pytest.mark.parametrize("column", ["session_token", "form_state", "payment_status", "expires_at"])
def test_a_visitor_writes_no_column(session: Session, role: str, column: str) -> None:
    """No single column is writable either."""
    value: Any = {"form_state": {}, "expires_at": "infinity"}.get(column, NEW)
    checker = populate(session)
    checker.refuses(with_token(MINE, role=role), statements.update({column: value}), Refused("42501"))


@pytest.fixture
def granted(own_database: Database, open_session: OpenSession) -> Session:
    """A session on a database where everything was granted to the API roles by mistake, after the migration."""
    with own_database.connect("postgres") as owner:
        owner.execute("GRANT ALL ON public.calculator2_sessions TO anon, authenticated, somebody_else")
    return open_session(own_database, "authenticator")


@pytest.mark.clause("R5")
@pytest.mark.parametrize("role", [*BROWSER_ROLES, "somebody_else"])
def test_no_policy_lets_a_visitor_write(granted: Session, role: str) -> None:
    """Even where write privileges were granted by mistake, no policy opens a row to a write."""
    checker = populate(granted)
    for token in (MINE, YOURS, EXPIRED, None):
        checker.refuses(with_token(token, role=role), statements.insert({"session_token": NEW}), Refused("42501"))
        granted.act_as(with_token(token, role=role))
        for bare in (statements.update({"payment_status": "completed"}), statements.delete()):
            assert granted.attempt(*bare) == Done((), 0), shown(bare)
    granted.act_as(SERVICE_REQUEST)
    checker.compare()


@pytest.mark.clause("R6")
@under_both_default_privileges
@with_and_without_bypassrls
@ROWS
def test_the_back_end_reads_and_writes_every_row(session: Session, token: str) -> None:
    """service_role reads, inserts, updates, upserts and deletes any row, with BYPASSRLS and without."""
    checker = populate(session)
    checker.sees(SERVICE_REQUEST, None)
    assert isinstance(checker.insert({"session_token": NEW}), Done)
    assert isinstance(checker.update(token, {"payment_status": "completed", "expires_at": Offset(9)}), Done)
    assert isinstance(checker.upsert({"session_token": token, "pricing_tier": "gold"}), Done)
    assert isinstance(checker.delete(token), Done)
    assert isinstance(checker.clean_up(), Done)


@pytest.mark.clause("R6")
@under_both_default_privileges
@with_and_without_bypassrls
def test_the_back_end_writes_without_a_where(session: Session) -> None:
    """service_role's bare UPDATE and DELETE reach every row."""
    populate(session)
    assert session.attempt(*statements.update({"payment_status": "completed"})) == Done((), 3)
    assert session.attempt(*statements.delete()) == Done((), 3)
