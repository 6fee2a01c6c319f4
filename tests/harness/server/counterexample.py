"""What was done in a session, so that the last of it can be pasted into psql: its settings, statements and values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from tests.harness.core.timestamps import INFINITY, MINUS_INFINITY, SECOND, Timestamp
from tests.harness.server.connection import Connection

Parameters = Sequence[object] | Mapping[str, object]
# What PostgREST sets for every request alike: no table that is tried reads it.
ALIKE = {"search_path", "statement_timeout", "request.path", "request.cookies"}
# Times within this distance (in microseconds) of the transaction's start are written by it, so that they hold later.
NEAR = 366 * 24 * 3600 * SECOND
MARKED = re.compile(r"'@(-?\d+)@'")


@dataclass
class Made:
    """A statement, and how it was refused, if it was."""

    query: Any
    parameters: Parameters
    refused: str = ""


@dataclass
class Trail:
    """What was done since the session began, but for the examples that have ended; the last one is kept until then.

    An entry is a statement, or the settings of a request, by name.
    """

    entries: list[Made | dict[str, str]] = field(default_factory=list)
    _ended: int | None = None

    def begin(self) -> int:
        """Begin an example; return what its end is to be told."""
        self._forget()
        return len(self.entries)

    def end(self, begun: int) -> None:
        """End an example: what it did is forgotten as soon as anything else is done."""
        self._ended = begun

    def add(self, entry: Made | dict[str, str]) -> None:
        """Add what is done now."""
        self._forget()
        self.entries.append(entry)

    def refused(self, how: str) -> None:
        """Say how the last statement was refused, which a savepoint has taken back."""
        if self.entries and isinstance(last := self.entries[-1], Made):
            last.refused = how

    def written(self, connection: Connection) -> str:
        """Write it as SQL for psql, in a transaction that is rolled back; empty if nothing was done."""
        lines: list[str] = []
        made: dict[str, str] = {}
        wanted: dict[str, str] = {}
        now = _now(connection)
        entries = [*_without_reads(self.entries)]
        for number, entry in enumerate(entries):
            if isinstance(entry, dict):
                wanted = entry
                continue
            lines += _settings({name: value for name, value in wanted.items() if made.get(name) != value})
            made.update(wanted)
            statement = _bound(connection, entry, now)
            if entry.refused and number + 1 < len(entries):
                lines += ["SAVEPOINT attempt;", f"{statement}  -- {entry.refused}", "ROLLBACK TO attempt;"]
            else:
                lines.append(f"{statement}  -- {entry.refused}" if entry.refused else statement)
        return "\n".join(["BEGIN;", *lines, "ROLLBACK;"]) if lines else ""

    def _forget(self) -> None:
        if self._ended is not None:
            del self.entries[self._ended :]
            self._ended = None


def _without_reads(entries: Sequence[Made | dict[str, str]]) -> Iterator[Made | dict[str, str]]:
    """Leave out what only reads, and calls no function, but for the last statement."""
    last = next((each for each in reversed(entries) if isinstance(each, Made)), None)
    for each in entries:
        if each is last or not isinstance(each, Made) or not _only_reads(each):
            yield each


def _only_reads(made: Made) -> bool:
    text = _text(made)
    return text.startswith("SELECT ") and "(" not in text


def _text(made: Made) -> str:
    """Return the statement, its values left out."""
    if isinstance(made.query, sql.Composable):
        return made.query.as_string(None)
    return made.query.decode() if isinstance(made.query, bytes) else str(made.query)


def _now(connection: Connection) -> int | None:
    """Return the start of the transaction that is open, if it still answers."""
    if connection.closed or connection.pgconn.transaction_status != TransactionStatus.INTRANS:
        return None
    try:
        ((now,),) = connection.execute("SELECT now()", binary=True).fetchall()
    except psycopg.Error:
        # Somebody has ended the session meanwhile: a failure is told all the same.
        return None
    return now if isinstance(now, Timestamp) else None


def _settings(settings: dict[str, str]) -> Iterator[str]:
    """Yield the statements that make the settings of a request, the role's first."""
    if "role" in settings:
        yield f"SET LOCAL ROLE {sql.Identifier(settings['role']).as_string(None)};"
    pairs = [(sql.Literal(name), sql.Literal(value)) for name, value in settings.items() if name != "role"]
    if pairs:
        calls = sql.SQL(", ").join(sql.SQL("set_config({}, {}, true)").format(*pair) for pair in pairs)
        yield f"SELECT {calls.as_string(None)};"


def _bound(connection: Connection, entry: Made, now: int | None) -> str:
    """Write a statement with its values in their places."""
    given: Any = entry.parameters
    if isinstance(given, Mapping):
        given = {name: _marked(value, now) for name, value in given.items()}
    else:
        given = [_marked(value, now) for value in given]
    try:
        text = psycopg.ClientCursor(connection).mogrify(entry.query, given or None)
    except (psycopg.Error, ValueError):
        # What no text of SQL can hold, such as a NUL.
        return f"-- cannot be pasted: {' '.join(_text(entry).split())} with {given!r}"
    return MARKED.sub(lambda found: _by_distance(int(found[1])), text.strip()).rstrip(";") + ";"


def _marked(value: object, now: int | None) -> object:
    if now is None or not isinstance(value, Timestamp) or value in (INFINITY, MINUS_INFINITY):
        return value
    return f"@{value - now}@" if abs(value - now) < NEAR else value


def _by_distance(microseconds: int) -> str:
    if not microseconds:
        return "now()"
    seconds, rest = divmod(abs(microseconds), SECOND)
    days, seconds = divmod(seconds, 24 * 3600)
    hours, seconds = divmod(seconds, 3600)
    parts = {"days": days, "hours": hours, "seconds": seconds, "microseconds": rest}
    told = " ".join(f"{number} {unit}" for unit, number in parts.items() if number)
    return f"now() {'-' if microseconds < 0 else '+'} interval '{told}'"
