"""What access is measured on: tables, views, functions and sequences, as the catalog holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.rows import scalar_row

from tests.access.support.expressions import Expression
from tests.harness.server.connection import Connection

HERE = Path(__file__).parent
RELATIONS, ROUTINES, EXPRESSIONS = (
    HERE.joinpath(f"{name}.sql").read_text(encoding="utf-8") for name in ("objects", "routines", "expressions")
)
KINDS = {"r": "table", "p": "table", "f": "foreign table", "v": "view", "m": "materialized view"}


@dataclass(frozen=True)
class Column:
    """A column: its type, that beneath its domain (`base`, with its category), and what may stand in it."""

    name: str
    type: str
    base: str
    category: str
    not_null: bool
    default: str | None
    is_generated: bool
    is_always_identity: bool
    domain: str | None
    longest: int | None
    labels: Sequence[str] | None


@dataclass(frozen=True)
class Constraint:
    """A constraint, with the columns that it is about; of a foreign key, the table and columns that it refers to."""

    name: str
    kind: str
    columns: Sequence[str]
    parent: str | None
    parent_columns: Sequence[str] | None
    text: str


@dataclass(frozen=True)
class Relation:
    """A table or view, its name as SQL; `is_exposed` if the API offers it."""

    name: str
    kind: str
    is_exposed: bool
    is_partition: bool
    columns: Sequence[Column]
    constraints: Sequence[Constraint]
    unique_indexes: dict[str, Sequence[str]]
    is_updatable: int
    has_policy_of_the_service: bool

    @property
    def is_filled(self) -> bool:
        """Whether rows are put into it: a partition gets its rows through the table that it is a part of."""
        return self.kind in ("r", "p") and not self.is_partition

    @property
    def foreign_keys(self) -> list[Constraint]:
        """Its foreign keys."""
        return [each for each in self.constraints if each.kind == "f"]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(each for each in self.columns if each.name == name)

    @property
    def key(self) -> Sequence[str]:
        """The columns of its primary key; none where it has none."""
        return next((each.columns for each in self.constraints if each.kind == "p"), ())


@dataclass(frozen=True)
class Routine:
    """A function, procedure or sequence; `call` is its name without arguments, which are (name, type)."""

    name: str
    call: str
    kind: str
    is_definer: bool
    is_called: bool
    arguments: Sequence[tuple[str, str]]


def relations(connection: Connection, schemas: Sequence[str]) -> dict[str, Relation]:
    """Read the tables and views by name."""
    found = [_relation(row) for row in _rows(connection, RELATIONS, schemas)]
    return {each.name: each for each in found}


def routines(connection: Connection, schemas: Sequence[str]) -> list[Routine]:
    """Read the functions, procedures and sequences that the API offers."""
    return [
        Routine(**{**row, "arguments": [(each["name"] or "", each["type"]) for each in row["arguments"]]})
        for row in _rows(connection, ROUTINES, schemas)
    ]


def expressions(connection: Connection) -> list[Expression]:
    """Read the texts that decide who sees which row."""
    return [Expression(**row) for row in _rows(connection, EXPRESSIONS, ())]


def _rows(connection: Connection, query: str, schemas: Sequence[str]) -> list[dict[str, Any]]:
    with connection.transaction():
        connection.execute("SET LOCAL search_path = ''")
        cursor = connection.cursor(row_factory=scalar_row)
        return cursor.execute(query.encode(), {"schemas": list(schemas)}).fetchall()


def _relation(row: dict[str, Any]) -> Relation:
    columns = [Column(**each) for each in row["columns"]]
    return Relation(**{**row, "columns": columns, "constraints": [Constraint(**each) for each in row["constraints"]]})
