"""The outcome of a statement, as a value to compare: done, with its rows, or refused."""

from dataclasses import dataclass

Row = tuple[object, ...]


@dataclass(frozen=True)
class Refused:
    """The statement failed: its SQLSTATE, and the constraint (or else the column) that PostgreSQL names."""

    sqlstate: str
    by: str | None = None

    def __str__(self) -> str:
        """Write it for a failure message."""
        return f"refused with {self.sqlstate}" + (f" by {self.by}" if self.by else "")


@dataclass(frozen=True)
class Done:
    """The statement succeeded: the rows that it returned, and how many it touched."""

    rows: tuple[Row, ...]
    count: int

    def __str__(self) -> str:
        """Write it for a failure message."""
        return f"accepted, {self.count} row{'' if self.count == 1 else 's'}"


Outcome = Done | Refused

# psycopg itself refuses what no PostgreSQL text can hold (a NUL); the server would answer the same (22021).
NOT_IN_REPERTOIRE = Refused("22021")
