"""Row-level security, writing: the back end writes every row, and nobody else writes or locks any."""

from typing import LiteralString

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions.model import statements, with_token
from tests.contract.calculator2_sessions.scenario import COUNT, EXPIRED, MINE, NEW, YOURS, as_visitor, populate, writes
from tests.contract.calculator2_sessions.strategies import ODD
from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import Offset
from tests.harness.plugins.databases import OpenSession, under_both_default_privileges, with_and_without_bypassrls
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.requests.statements import shown
from tests.harness.server.database import Database
from tests.harness.server.session import Session


@pytest.mark.clause("R5")
@under_both_default_privileges
@as_visitor
@pytest.mark.parametrize("way", writes(MINE))
def test_a_visitor_writes_no_row(session: Session, role: str, way: str) -> None:
    """Every INSERT, UPDATE, DELETE, upsert and TRUNCATE is refused: of the own row, another's, an expired one."""
    checker = populate(session)
    for token in (MINE, YOURS, EXPIRED):
        checker.refuses(with_token(MINE, role=role), writes(token)[way], Refused("42501"))
        checker.refuses(with_token(token, role=role), writes(token)[way], Refused("42501"))


@pytest.mark.clause("R5")
@under_both_default_privileges
@as_visitor
@pytest.mark.parametrize("lock", ODD["locks"])
def test_a_visitor_locks_nothing(session: Session, role: str, lock: LiteralString) -> None:
    """No row lock, and no lock on the table beyond ACCESS SHARE."""
    statement = sql.SQL(lock).format(statements.name)
    populate(session).refuses(with_token(MINE, role=role), (statement, []), Refused("42501"))


@pytest.mark.clause("R5")
@pytest.mark.parametrize("role", [*BROWSER_ROLES, pytest.param("somebody_else", marks=pytest.mark.clause("R7"))])
def test_no_policy_opens_more_by_privileges(own_database: Database, open_session: OpenSession, role: str) -> None:
    """Even where every privilege was granted by mistake, nobody writes a row, and another role sees none."""
    with own_database.connect("postgres") as owner:
        owner.execute("GRANT ALL ON public.calculator2_sessions TO anon, authenticated, somebody_else")
    session = open_session(own_database, "authenticator")
    checker = populate(session)
    for token in (MINE, YOURS, EXPIRED, None):
        checker.refuses(with_token(token, role=role), statements.insert({"session_token": NEW}), Refused("42501"))
        session.act_as(with_token(token, role=role))
        seen = int(role in BROWSER_ROLES and token in (MINE, YOURS))
        assert session.run(COUNT).rows == ((seen,),)
        for bare in (statements.update({"payment_status": "completed"}), statements.delete()):
            assert session.attempt(*bare) == Done((), 0), shown(bare)
    session.act_as(SERVICE_REQUEST)
    checker.compare()


@pytest.mark.clause("R6")
@under_both_default_privileges
@with_and_without_bypassrls
@pytest.mark.parametrize("token", [MINE, YOURS, EXPIRED], ids=["own row", "other row", "expired row"])
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
