"""A session sends what nobody waits for with the next statement: all of it, in order, and nothing of it too late."""

from contextlib import closing

import psycopg
import pytest

from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins.databases import Pool
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.server.database import Database
from tests.harness.server.session import Session

INSERT = "INSERT INTO public.calculator2_sessions (session_token) VALUES (%s)"
COUNT = "SELECT count(*) FROM public.calculator2_sessions"
# What a setting is that was taken back, the server says as an empty text.
ROLE = "SELECT current_user::text, coalesce(current_setting('request.headers', true), '')"
PREPARED = "SELECT count(*) > 0 FROM pg_prepared_statements WHERE from_sql IS FALSE"


def insert(session: Session, letter: str = "x") -> None:
    """Insert a row as the back end."""
    session.act_as(SERVICE_REQUEST)
    session.run(INSERT, [letter * 32])


@pytest.mark.parametrize("request_of_it", [SERVICE_REQUEST, Request("anon", headers={"a": "b"}), None])
def test_an_example_begins_as_the_one_before_it_did(session: Session, request_of_it: Request | None) -> None:
    """Whoever the last one ended as: rows, role and settings of it are gone, and those of the next one are made."""
    for other in (SERVICE_REQUEST, Request("anon", headers={"c": "d"}), Request("authenticated")):
        with session.example():
            if request_of_it is not None:
                session.act_as(request_of_it)
            began = session.inspect(ROLE).rows
            insert(session)
            session.act_as(other)
            assert session.inspect(ROLE).rows[0][0] == other.role
        with session.example():
            if request_of_it is not None:
                session.act_as(request_of_it)
            assert session.inspect(ROLE).rows == began
            session.act_as(SERVICE_REQUEST)
            assert session.inspect(COUNT).rows == ((0,),)


def test_after_an_example_all_is_as_before_it(session: Session) -> None:
    """A statement outside sees neither rows nor role of the example, and what was done before it stays."""
    insert(session, "a")
    before = session.inspect(ROLE).rows
    with session.example():
        session.act_as(Request("anon", headers={"a": "b"}))
        insert(session, "b")
    assert session.inspect(ROLE).rows == before
    assert session.inspect(COUNT).rows == ((1,),)


def test_whoever_goes_round_the_session_sees_its_state(session: Session) -> None:
    """The connection itself shows what was done so far, within an example and after it."""
    with session.example():
        session.act_as(SERVICE_REQUEST)
        assert session.connection.execute("SELECT current_user::text").fetchone() == ("service_role",)
        assert isinstance(session.attempt(INSERT, ["too short"]), Refused)
        assert session.connection.execute("SELECT 1").fetchone() == (1,)
    assert session.connection.execute("SELECT current_user::text").fetchone() == ("authenticator",)


def _fail(session: Session) -> None:
    with session.example():
        insert(session)
        session.run("SAVEPOINT failing")
        session.run(INSERT, ["too short"])


def test_a_failing_example_stays_until_anything_is_done(session: Session) -> None:
    """Who looks into the database sees its rows; the next example does not."""
    with pytest.raises(psycopg.errors.CheckViolation):
        _fail(session)
    session.connection.execute("ROLLBACK TO failing")
    assert session.connection.execute(COUNT).fetchone() == (1,)
    with session.example():
        session.act_as(SERVICE_REQUEST)
        assert session.inspect(COUNT).rows == ((0,),)


def test_a_refusal_takes_back_its_own_statement_alone(session: Session) -> None:
    """What the example did before stays, and it goes on."""
    with session.example():
        insert(session, "a")
        assert isinstance(session.attempt(INSERT, ["a" * 32]), Refused)
        assert isinstance(session.attempt(INSERT, ["b" * 32]), Done)
        assert session.inspect(COUNT).rows == ((2,),)


def test_a_statement_stays_prepared_from_one_example_to_the_next(session: Session) -> None:
    """Taking an example back costs no statement its plan."""
    for letter in "abcdefgh":
        with session.example():
            insert(session, letter)
    assert session.inspect(PREPARED).rows == ((True,),)


def test_an_example_holds_nothing_up_once_it_has_ended(session: Session, database: Database) -> None:
    """Another session, which inserts what the example inserted, waits for no lock."""
    with session.example():
        insert(session)
    with closing(database.connect(SUPERUSER)) as other:
        other.execute("BEGIN")
        other.execute("SET LOCAL lock_timeout = '5s'")
        other.execute(INSERT, ["x" * 32])
        other.execute("ROLLBACK")


def test_a_session_leaves_its_connection_as_it_was(database: Database, pool: Pool) -> None:
    """Its next session, perhaps in the middle of an example, begins with nothing of it."""
    for _ in range(2):
        session = Session(pool.connection(database, "authenticator"))
        with session.example():
            assert session.inspect(ROLE).rows[0][0] == "authenticator"
            insert(session)
            session.attempt(INSERT, ["too short"])
            session.end()
