"""Statements in libpq's pipeline: each has its own outcome, whatever is refused, evicted, large or lost."""

from collections.abc import Sequence
from contextlib import closing

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.harness.core.outcomes import Done, Refused
from tests.harness.core.roles import SUPERUSER
from tests.harness.server.database import Database
from tests.harness.server.pipeline import MOST_PREPARED
from tests.harness.server.session import Session

PREPARED = "SELECT count(*)::int FROM pg_prepared_statements"
# More than the buffers of a socket hold.
LARGE = "x" * 8_000_000


class Impossible:
    """A request whose setting the server refuses."""

    def settings(self) -> list[tuple[str, str]]:
        """List the setting."""
        return [("statement_timeout", "for ever")]


def test_a_statement_that_cannot_be_prepared_is_refused_each_time(session: Session) -> None:
    """Its refusal is its own, and not that of a name that the server does not know."""
    with session.example():
        for _ in range(3):
            assert session.attempt("SELECT FROM nowhere") == Refused("42P01")


def test_what_comes_after_a_refusal_can_be_prepared_later(session: Session) -> None:
    """What was not executed, since a statement before it failed, is not taken for prepared."""
    look = "SELECT 'looked'"
    assert session.attempt_and_inspect("SELECT 1 / 0", (), look) == (Refused("22012"), None)
    assert session.attempt_and_inspect("SELECT 1", (), look) == (Done(((1,),), 1), Done((("looked",),), 1))


@pytest.mark.parametrize("statements", [range(MOST_PREPARED - 1), range(MOST_PREPARED + 50)], ids=["few", "many"])
def test_no_more_statements_stay_prepared_than_may(session: Session, statements: Sequence[int]) -> None:
    """The one that was not used for longest goes, and is prepared anew."""
    for _ in range(2):
        for number in statements:
            assert session.run(f"SELECT {number}".encode()).rows == ((number,),)
    ((found,),) = session.inspect(PREPARED).rows
    assert found == min(len(statements) + 1, MOST_PREPARED)


def test_megabytes_go_both_ways(session: Session) -> None:
    """The first answer is read while the second statement is sent: neither side waits for the other to read."""
    outcome, looked = session.attempt_and_inspect("SELECT repeat('x', 8000000)", (), f"SELECT '{LARGE}'".encode())
    assert outcome == looked == Done(((LARGE,),), 1)


def test_a_setting_that_is_refused_is_no_outcome_of_the_statement(session: Session) -> None:
    """What must not fail is told as an error, once, and not as a refusal of what comes after it."""
    session.act_as(Impossible())
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="for ever"):
        session.attempt("SELECT 1")
    assert session.connection.info.transaction_status == TransactionStatus.INERROR


def test_a_session_that_was_ended_is_told_at_once(session: Session, database: Database) -> None:
    """Who sends it anything does not wait for an answer; the next test gets another connection."""
    ((pid,),) = session.run("SELECT pg_backend_pid()").rows
    with closing(database.connect(SUPERUSER)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    with pytest.raises(psycopg.OperationalError):
        session.run("SELECT 1")


def test_a_session_that_ends_under_its_statement_is_told_at_once(session: Session) -> None:
    """What would come after its end is not waited for."""
    with pytest.raises(psycopg.errors.AdminShutdown):
        session.run("SELECT pg_terminate_backend(pg_backend_pid())")
