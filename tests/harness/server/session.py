"""Statements tried one by one inside a transaction that is never committed, each with an outcome that is a value."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.sql import Composed

from tests.harness.core.outcomes import NOT_IN_REPERTOIRE, Done, Outcome, Refused
from tests.harness.server.connection import Connection
from tests.harness.server.counterexample import ALIKE, Made, Trail

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

SQL = LiteralString | bytes | Composed


class Identity(Protocol):
    """The identity of a request, as the settings of its transaction."""

    def settings(self) -> list[tuple[str, str]]:
        """List name and value of each setting, in the order in which they are made."""


def set_local(connection: Connection, settings: Sequence[tuple[str, str]]) -> None:
    """Make settings for the rest of the transaction that is open on the connection, by one SELECT."""
    calls = sql.SQL(", ").join([sql.SQL("pg_catalog.set_config(%s, %s, true)")] * len(settings))
    connection.execute(sql.SQL("SELECT {}").format(calls), [word for setting in settings for word in setting])


class Session:
    """One connection with a transaction open; nothing done through it is ever committed.

    But where `keeps_failures`, what an example did that failed is taken back only when another one begins.
    """

    def __init__(self, connection: Connection, begin: LiteralString = "BEGIN", *, keeps_failures: bool = False) -> None:
        """Take over a connection in autocommit mode, outside any transaction."""
        self.connection, self.trail = connection, Trail()
        self.keeps_failures = keeps_failures
        self._example_failed = False
        connection.execute(begin)

    @property
    def major(self) -> int:
        """The major version of the server."""
        return self.connection.info.server_version // 10000

    def end(self) -> None:
        """Take everything back, the identity of the last request included."""
        if self.connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
            # A test that was stopped has left a query under way.
            self.connection.close()
        if not self.connection.closed:
            self.connection.execute("ROLLBACK")

    def act_as(self, request: Identity) -> None:
        """Let the following statements be the request's."""
        settings = request.settings()
        self.trail.add({name: value for name, value in settings if name not in ALIKE})
        set_local(self.connection, settings)

    def run(self, query: SQL, parameters: Sequence[object] | Mapping[str, object] = ()) -> Done:
        """Execute a statement that must succeed; timestamps come back as Timestamp. Raises psycopg.Error."""
        self.trail.add(Made(query, parameters))
        return self.inspect(query, parameters)

    def inspect(self, query: SQL, parameters: Sequence[object] | Mapping[str, object] = ()) -> Done:
        """Execute a statement that only looks at what was done: no counterexample has it. Raises psycopg.Error."""
        cursor = self.connection.execute(query, parameters or None, binary=True)
        rows = tuple(cursor.fetchall()) if cursor.description else ()
        return Done(rows, cursor.rowcount)

    def attempt(self, query: SQL, parameters: Sequence[object] = ()) -> Outcome:
        """Execute a statement that may be refused, and take a refusal back so that the transaction goes on.

        The savepoints are not released: there are a few in an example, and the end of the example releases them all.
        """
        self.connection.execute("SAVEPOINT attempt")
        try:
            done = self.run(query, parameters)
        except psycopg.Error as refusal:
            if isinstance(refusal, psycopg.DataError) and refusal.sqlstate is None:
                return NOT_IN_REPERTOIRE
            if refusal.sqlstate is None:
                raise
            self.connection.execute("ROLLBACK TO attempt")
            outcome = Refused(refusal.sqlstate, refusal.diag.constraint_name or refusal.diag.column_name)
            self.trail.refused(str(outcome))
            return outcome
        return done

    @contextmanager
    def example(self) -> Iterator[None]:
        """Take back all that is done inside: one example of a property must not see another's rows."""
        begun = self.trail.begin()
        if self._example_failed:
            self._end_example()
        self.connection.execute("SAVEPOINT example")
        self._example_failed = self.keeps_failures
        try:
            yield
        except BaseException:
            if not self.keeps_failures:
                self._end_example()
            raise
        else:
            self._end_example()
        finally:
            self.trail.end(begun)

    def _end_example(self) -> None:
        self.connection.execute("ROLLBACK TO example; RELEASE example")
        self._example_failed = False

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return "<session>"
