"""Statements, and what goes before them, sent in one round trip: in libpq's pipeline mode.

psycopg's own pipeline hands results out through its cursors, and makes more round trips where one will do.
"""

import itertools
import select
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import LiteralString, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import sql
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.sql import Composed

from tests.harness.core.outcomes import Done
from tests.harness.core.private_api import PostgresQuery
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.server.connection import Connection

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

SQL = LiteralString | bytes | sql.SQL | Composed
Parameters = Sequence[object] | Mapping[str, object]
# A statement's text, and the types of its parameters.
Key = tuple[bytes, tuple[int, ...]]

# As many statements stay prepared as psycopg would keep; they outlive a session, and end with their connection.
MOST_PREPARED = 100
_PREPARED: WeakKeyDictionary[Connection, OrderedDict[Key, bytes]] = WeakKeyDictionary()
_NUMBERS = itertools.count()


class Sent(NamedTuple):
    """What has one result: a statement that is asked for, or a command, which must not fail, or what prepares `key`."""

    is_statement: bool = False
    key: Key | None = None


class StatementPipeline:
    """Sends statements to one connection, and prepares each for the next time.

    It prepares nothing for the owner and the superuser: what they alter, a statement that was prepared does not meet.
    Outside of `send` the connection is in no pipeline.
    """

    def __init__(self, connection: Connection) -> None:
        self._channel = connection.pgconn
        self._transformer = Transformer(connection)
        self._prepares = connection.info.user not in {MIGRATOR, SUPERUSER}
        self._prepared = _PREPARED.setdefault(connection, OrderedDict())

    def send(self, before: Sequence[bytes], *statements: tuple[SQL, Parameters]) -> list[Done | psycopg.Error]:
        """Execute commands, and then statements, and return how each statement ended: with its rows in binary format.

        After one that fails none is executed, or has a place in the list. Raises psycopg.Error if a command fails, a
        value cannot be sent, or the connection is lost.
        """
        # What cannot be sent is refused before anything is.
        queries = [self._converted(*statement) for statement in statements]
        self._channel.enter_pipeline_mode()
        try:
            for command in before:
                self._channel.send_query_params(command, None)
            sent = [Sent() for _ in before] + [each for query in queries for each in self._send(query)]
            self._channel.pipeline_sync()
            results = self._results()
        finally:
            # Not possible where a test was stopped while it waited: Session.end closes the connection then.
            with suppress(psycopg.OperationalError):
                self._channel.exit_pipeline_mode()
        return self._outcomes(sent, results)

    def _converted(self, query: SQL, parameters: Parameters) -> PostgresQuery:
        converted = PostgresQuery(self._transformer)
        converted.convert(query, parameters or None)
        return converted

    def _send(self, query: PostgresQuery) -> list[Sent]:
        channel, key = self._channel, (query.query, query.types)
        if not self._prepares:
            channel.send_query_params(query.query, query.params, query.types, query.formats, Format.BINARY)
            return [Sent(is_statement=True)]
        sent = []
        if key in self._prepared:
            self._prepared.move_to_end(key)
        else:
            if len(self._prepared) == MOST_PREPARED:
                channel.send_query_params(b"DEALLOCATE " + self._prepared.popitem(last=False)[1], None)
                sent.append(Sent())
            self._prepared[key] = b"gate_%d" % next(_NUMBERS)
            channel.send_prepare(self._prepared[key], query.query, query.types)
            sent.append(Sent(key=key))
        channel.send_query_prepared(self._prepared[key], query.params, query.formats, Format.BINARY)
        return [*sent, Sent(is_statement=True)]

    def _results(self) -> list[PGresult]:
        """Wait for the results of all that was sent; they end early where the connection is lost."""
        channel = self._channel
        results: list[PGresult] = []
        readable = select.poll()
        readable.register(channel.socket, select.POLLIN)
        while channel.flush():
            # The server may not read on before its answers are read.
            select.select([channel.socket], [channel.socket], [])
            channel.consume_input()
        while True:
            while channel.is_busy():
                readable.poll()
                try:
                    channel.consume_input()
                except psycopg.OperationalError:
                    if not results:
                        raise
                    # The last result is what the server said before it closed the connection.
                    return results
            result = channel.get_result()
            if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                return results
            if result is not None:
                results.append(result)

    def _outcomes(self, sent: Sequence[Sent], results: Sequence[PGresult]) -> list[Done | psycopg.Error]:
        for each, result in zip(sent, results, strict=False):
            if each.key is not None and result.status != ExecStatus.COMMAND_OK:
                del self._prepared[each.key]
        outcomes: list[Done | psycopg.Error] = []
        for each, result in zip(sent, results, strict=False):
            if result.status == ExecStatus.FATAL_ERROR:
                error = psycopg.errors.error_from_result(result)
                if each == Sent():
                    raise error
                return [*outcomes, error]
            if each.is_statement:
                outcomes.append(self._done(result))
        if len(results) < len(sent):
            raise psycopg.OperationalError(self._channel.get_error_message())
        return outcomes

    def _done(self, result: PGresult) -> Done:
        rows: tuple[tuple[object, ...], ...] = ()
        if result.status == ExecStatus.TUPLES_OK:
            self._transformer.set_pgresult(result)
            rows = tuple(self._transformer.load_rows(0, result.ntuples, tuple))
        count = result.command_tuples
        return Done(rows, -1 if count is None else count)
