"""A table's structure as its contract declares it: what the catalog must hold of the table, and nothing else.

Expressions are written as PostgreSQL prints them (pg_get_expr, pg_get_constraintdef, pg_get_indexdef) with an empty
search_path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.harness.catalog.objects import Column, Constraint, Index, Policy, Sequence, Trigger
from tests.harness.core.versions import NOT_NULL_IS_A_CONSTRAINT, SEQUENCES_HAVE_NO_TYPE


@dataclass(frozen=True)
class TableSpec:
    """One table: what is left out, it must not have.

    `key` names the columns by which the application addresses a row (the columns of a unique index, not necessarily of
    the primary key). `privileges` are those on the whole table, by role, of everybody but the owner; the roles that
    are left out hold none. `comments` says whether the table and each of its columns must carry a comment.
    """

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    privileges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kind: Literal["ordinary", "partitioned"] = "ordinary"
    row_security: bool = True
    comments: bool = True

    @property
    def qualified_name(self) -> str:
        """The name with its schema, as in `public.calculator2_sessions`."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def written_columns(self) -> tuple[str, ...]:
        """The columns that a client may write: neither GENERATED ALWAYS AS IDENTITY nor generated from others."""
        return tuple(each.name for each in self.columns if each.identity != "always" and each.generated is None)

    @property
    def sequences(self) -> tuple[Sequence, ...]:
        """The sequences that belong to columns: those of identities."""
        return tuple(column.sequence for column in self.columns if column.sequence is not None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the triggers, each once, as in `public.f()`."""
        return tuple(dict.fromkeys(trigger.function for trigger in self.triggers))

    def objects(self, major: int) -> frozenset[str]:
        """Name every object that the table consists of, as pg_identify_object does on that version of PostgreSQL."""
        return frozenset(self._objects(major))

    def _objects(self, major: int) -> Iterator[str]:
        table = self.qualified_name
        yield f"table {table}"
        yield f"type {table}"
        yield f"type {table}[]"
        for column in self.columns:
            if column.default is not None or column.generated is not None:
                yield f"default value for {table}.{column.name}"
            if column.sequence is not None:
                yield f"sequence {self.schema}.{column.sequence.name}"
                if major < SEQUENCES_HAVE_NO_TYPE:
                    yield f"type {self.schema}.{column.sequence.name}"
            if not column.nullable and major >= NOT_NULL_IS_A_CONSTRAINT:
                yield f"table constraint {self.not_null_constraint(column)} on {table}"
        yield from (f"table constraint {each.name} on {table}" for each in self.constraints)
        yield from (f"index {self.schema}.{each.name}" for each in self.indexes)
        yield from (f"trigger {each.name} on {table}" for each in self.triggers)
        yield from (f"function {each}" for each in self.functions)
        yield from (f"policy {each.name} on {table}" for each in self.policies)

    def not_null_constraint(self, column: Column) -> str:
        """Name the constraint that PostgreSQL 18 makes of a column's NOT NULL where the migration names none."""
        return column.not_null or f"{self.name}_{column.name}_not_null"
