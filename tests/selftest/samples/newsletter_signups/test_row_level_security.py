"""Row-level security: what each role may read and write."""

import pytest
from psycopg import sql

from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timestamps import Timestamp, resolved
from tests.harness.plugins.databases import OpenSession, under_both_default_privileges
from tests.harness.requests.request import Request
from tests.harness.requests.statements import BoundStatement, Statements
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.strategies import CHANGE, OTHER, ROW
from tests.selftest.samples.newsletter_signups.table import TABLE

# Beside ROW: how many rows each role reads or writes, or the SQLSTATE of the refusal.
ALLOWED: dict[str, dict[str, int | str]] = {
    "anon": {"SELECT": "42501", "INSERT": 1, "UPDATE": "42501", "DELETE": "42501"},
    "authenticated": {"SELECT": "42501", "INSERT": "42501", "UPDATE": "42501", "DELETE": "42501"},
    "service_role": {"SELECT": 1, "INSERT": 1, "UPDATE": 1, "DELETE": 1},
    "authenticator": {"SELECT": "42501", "INSERT": "42501", "UPDATE": "42501", "DELETE": "42501"},
    "somebody_else": {"SELECT": "42501", "INSERT": "42501", "UPDATE": "42501", "DELETE": "42501"},
}
CLAUSES = {"anon": "R1", "authenticated": "R2", "service_role": "R3", "authenticator": "R4", "somebody_else": "R5"}


@pytest.fixture
def session(open_session: OpenSession, database: Database) -> Session:
    """A session of `authenticator`, as PostgREST's, beside ROW, which the superuser inserted before it stepped down."""
    session = open_session(database, SUPERUSER)
    session.run(*statements(session)["ROW"])
    session.run("SET LOCAL SESSION AUTHORIZATION authenticator")
    return session


def statements(session: Session) -> dict[str, BoundStatement]:
    """List a statement for each command; CHANGE and DELETE are of every row."""
    ((now,),) = session.run("SELECT now()").rows
    assert isinstance(now, Timestamp)
    of = Statements(TABLE)
    return {
        "ROW": of.insert(resolved(ROW, now)),
        "SELECT": (sql.SQL("SELECT 1 FROM {}").format(of.name), []),
        "INSERT": of.insert(resolved(OTHER, now)),
        "UPDATE": of.update(resolved(CHANGE, now)),
        "DELETE": of.delete(),
    }


@under_both_default_privileges
@pytest.mark.parametrize("role", [pytest.param(role, marks=pytest.mark.clause(CLAUSES[role])) for role in ALLOWED])
@pytest.mark.parametrize("command", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_a_role_may_do_this_and_no_more(session: Session, role: str, command: str) -> None:
    """A role reads and writes as many rows as listed, or is refused as listed."""
    session.act_as(Request(role))
    outcome = session.attempt(*statements(session)[command])
    assert (outcome.sqlstate if isinstance(outcome, Refused) else outcome.count) == ALLOWED[role][command]
