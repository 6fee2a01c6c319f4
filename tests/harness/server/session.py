"""Statements tried one by one inside a transaction that is never committed, each with an outcome that is a value.

Most of an example's time would go into round trips. So what nobody asks the outcome of (savepoints, the settings of a
request) waits, and goes to the server with the next statement.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from psycopg.pq import PipelineStatus, TransactionStatus

from tests.harness.core.outcomes import NOT_IN_REPERTOIRE, Done, Outcome, Refused
from tests.harness.server.connection import Connection
from tests.harness.server.counterexample import ALIKE, Made, Trail
from tests.harness.server.pipeline import SQL, Parameters, StatementPipeline

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

Settings = Sequence[tuple[str, str]]


class Identity(Protocol):
    """The identity of a request, as the settings of its transaction."""

    def settings(self) -> list[tuple[str, str]]:
        """List name and value of each setting, in the order in which they are made."""


def set_local(connection: Connection, settings: Settings) -> None:
    """Make settings for the rest of the transaction that is open on the connection, by one SELECT."""
    connection.execute(_set_local(tuple(settings)))


@lru_cache(1000)
def _set_local(settings: tuple[tuple[str, str], ...]) -> bytes:
    calls = (f"pg_catalog.set_config({_literal(name)}, {_literal(value)}, true)" for name, value in settings)
    return f"SELECT {', '.join(calls)}".encode()


def _literal(text: str) -> str:
    return sql.Literal(text).as_string(None)


class Session:
    """One connection with a transaction open; nothing done through it is ever committed.

    What a failing example did stays until another one begins, or anything else is done: `connection` shows it.
    """

    def __init__(self, connection: Connection, begin: LiteralString = "BEGIN") -> None:
        """Take over a connection in autocommit mode, outside any transaction."""
        self._connection, self.trail = connection, Trail()
        self._pipeline = StatementPipeline(connection)
        self._waiting: list[bytes] = []
        # Under the savepoint `example` the settings are made that its request had; under `before_examples`, none.
        self._settings: Settings | None = None
        self._begins = self._is_open = self._is_dirty = self._failed = False
        connection.execute(begin)

    @property
    def connection(self) -> Connection:
        """The connection, for what goes round this session; what waits is sent first."""
        if not self._connection.closed:
            if self._is_open or not self._failed:
                self._prepare()
            self._send_waiting()
        return self._connection

    @property
    def major(self) -> int:
        """The major version of the server."""
        return self._connection.info.server_version // 10000

    @cached_property
    def now(self) -> object:
        """The clock of the transaction."""
        ((now,),) = self.inspect("SELECT now()").rows
        return now

    def end(self) -> None:
        """Take everything back, the identity of the last request included."""
        channel = self._connection.pgconn
        if channel.transaction_status == TransactionStatus.ACTIVE or channel.pipeline_status != PipelineStatus.OFF:
            # A test that was stopped has left a query under way.
            self._connection.close()
        if not self._connection.closed:
            self._waiting, self._is_dirty = [b"ROLLBACK"], False
            self._send_waiting()

    def counterexample(self) -> str:
        """Write what was done last as SQL for psql; empty if that is nothing, or nobody can be asked any more."""
        # What follows a refusal is still to be sent; a server that is lost is told elsewhere.
        with suppress(psycopg.Error):
            self._send_waiting()
        return "" if self._connection.closed else self.trail.written(self._connection)

    def act_as(self, request: Identity) -> None:
        """Let the following statements be the request's."""
        settings = request.settings()
        self.trail.add({name: value for name, value in settings if name not in ALIKE})
        if self._begins:
            self._begin_example(settings)
        else:
            self._prepare()
            self._waiting.append(_set_local(tuple(settings)))

    def run(self, query: SQL, parameters: Parameters = ()) -> Done:
        """Execute a statement that must succeed; timestamps come back as Timestamp. Raises psycopg.Error."""
        self.trail.add(Made(query, parameters))
        return self.inspect(query, parameters)

    def inspect(self, query: SQL, parameters: Parameters = ()) -> Done:
        """Execute a statement that only looks at what was done: no counterexample has it. Raises psycopg.Error."""
        self._prepare()
        (outcome,) = self._send_waiting((query, parameters))
        return _done(outcome)

    def attempt(self, query: SQL, parameters: Parameters = ()) -> Outcome:
        """Execute a statement that may be refused, and take a refusal back so that the transaction goes on.

        The savepoints are not released: there are a few in an example, and the end of the example releases them all.
        """
        return self._attempt((query, parameters))[0]

    def attempt_and_inspect(self, query: SQL, parameters: Parameters, look: SQL) -> tuple[Outcome, Done | None]:
        """Execute a statement as `attempt` does and, in the same round trip, look at what it did; not if refused."""
        outcome, looked = self._attempt((query, parameters), (look, ()))
        return outcome, looked[0] if looked else None

    def _attempt(self, statement: tuple[SQL, Parameters], *looks: tuple[SQL, Parameters]) -> tuple[Outcome, list[Done]]:
        self.trail.add(Made(*statement))
        self._prepare()
        self._waiting.append(b"SAVEPOINT attempt")
        try:
            outcome, *looked = self._send_waiting(statement, *looks)
        except psycopg.DataError as unsent:
            if unsent.sqlstate is not None:
                raise
            return NOT_IN_REPERTOIRE, []
        if not isinstance(outcome, psycopg.Error):
            return outcome, [*map(_done, looked)]
        if outcome.sqlstate is None:
            raise outcome
        self._waiting.append(b"ROLLBACK TO attempt")
        refused = Refused(outcome.sqlstate, outcome.diag.constraint_name or outcome.diag.column_name)
        self.trail.refused(str(refused))
        return refused, []

    @contextmanager
    def example(self) -> Iterator[None]:
        """Take back all that is done inside: one example of a property must not see another's rows."""
        begun = self.trail.begin()
        self._begins = self._is_open = True
        self._failed = False
        try:
            yield
        except BaseException:
            self._failed = True
            raise
        else:
            if self._is_dirty:
                # Not later: another session may wait for its locks.
                self._waiting = [b"ROLLBACK TO example"]
                self._send_waiting()
                self._is_dirty = False
        finally:
            self._begins = self._is_open = False
            self.trail.end(begun)

    def _prepare(self) -> None:
        """Take back an example that is over, or begin one that was entered."""
        if self._begins:
            self._begin_example(())
        elif not self._is_open:
            self._leave_examples()

    def _begin_example(self, settings: Settings) -> None:
        """Begin an example with these settings; those of the last one are there already."""
        was_dirty, self._is_dirty, self._begins = self._is_dirty, True, False
        if self._settings == settings:
            self._waiting = [b"ROLLBACK TO example"] if was_dirty else []
            return
        is_first = self._settings is None
        self._waiting = [*self._waiting, b"SAVEPOINT before_examples"] if is_first else [b"ROLLBACK TO before_examples"]
        self._waiting += [*([_set_local(tuple(settings))] if settings else []), b"SAVEPOINT example"]
        self._settings = settings

    def _leave_examples(self) -> None:
        if self._settings is not None:
            self._waiting = [b"ROLLBACK TO before_examples", b"RELEASE before_examples"]
            self._settings, self._failed, self._is_dirty = None, False, False

    def _send_waiting(self, *statements: tuple[SQL, Parameters]) -> list[Done | psycopg.Error]:
        """Send what waits, and statements after it; return how these ended. Raises psycopg.Error."""
        if not self._waiting and not statements:
            return []
        try:
            outcomes = self._pipeline.send(self._waiting, *statements)
        except psycopg.Error as error:
            if error.sqlstate is not None:
                # It was sent, and is not sent again.
                self._waiting.clear()
            raise
        self._waiting.clear()
        return outcomes

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return "<session>"


def _done(outcome: Done | psycopg.Error) -> Done:
    if isinstance(outcome, psycopg.Error):
        raise outcome
    return outcome
