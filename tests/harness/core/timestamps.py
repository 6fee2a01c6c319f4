"""Timestamps as PostgreSQL counts them: exact to the microsecond, over its whole range, infinity included.

Python's datetime ends at the year 9999 and has no infinity, so a property test on it would never leave the part of
the range where nothing goes wrong.
"""

import struct
from collections.abc import Mapping
from typing import Any, Self

from psycopg import Connection
from psycopg.adapt import Dumper, Loader
from psycopg.postgres import types
from psycopg.pq import Format


class Timestamp(int):
    """A timestamptz: microseconds since 2000-01-01 00:00 UTC, as in PostgreSQL's binary format."""

    def plus(self, microseconds: int) -> Self:
        """Return the timestamp so many microseconds later (earlier, if negative)."""
        return type(self)(self + microseconds)

    def __repr__(self) -> str:
        """Show the distance from the epoch, or the infinity."""
        if self in (INFINITY, MINUS_INFINITY):
            return "infinity" if self > 0 else "-infinity"
        return f"2000-01-01 + {int(self)} µs"


# The two ends of a 64-bit integer stand for the infinities (PostgreSQL's datatype/timestamp.h).
INFINITY = Timestamp(2**63 - 1)
MINUS_INFINITY = Timestamp(-(2**63))

SECOND = 1_000_000
HOUR = 3600 * SECOND


class Offset(int):
    """A time that is known only when the transaction's clock is: microseconds from the transaction's start."""


def resolved(values: Mapping[str, Any], now: Timestamp) -> dict[str, Any]:
    """Turn the offsets among the values into timestamps."""
    return {name: now.plus(value) if isinstance(value, Offset) else value for name, value in values.items()}


class _TimestampLoader(Loader):
    format = Format.BINARY

    def load(self, data: Any) -> Timestamp:
        return Timestamp(struct.unpack("!q", data)[0])


class _TimestampDumper(Dumper):
    format = Format.BINARY
    oid = types["timestamptz"].oid

    def dump(self, obj: Timestamp) -> bytes:
        return struct.pack("!q", obj)


def register(connection: Connection[Any]) -> None:
    """Let a connection take Timestamp as parameters, and return it in binary results."""
    connection.adapters.register_loader("timestamptz", _TimestampLoader)
    connection.adapters.register_dumper(Timestamp, _TimestampDumper)
