"""A table's structure as its contract declares it: what the catalog must hold of the table, and nothing else.

Expressions are written as PostgreSQL prints them (pg_get_expr, pg_get_constraintdef, pg_get_indexdef) with an empty
search_path.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tests.harness.catalog import objects
from tests.harness.catalog.objects import Column, Constraint, Index, Partition, Policy, Trigger, quoted
from tests.harness.core.roles import PUBLIC


@dataclass(frozen=True)
class TableSpec:
    """One table: what is left out, it must not have.

    `key` names the columns by which the application addresses a row (the columns of a unique index, not necessarily of
    the primary key). `privileges` are those granted on the table, by role (`public` is one), to everybody but the
    owner, as in `SELECT` or, on one column, `INSERT (email)`; who is left out was granted none. `other_privileges` are
    those on its sequences and its triggers' functions, by object and role, as in
    `{"sequence public.t_id_seq": {"service_role": frozenset({"USAGE"})}}`. `types` are the enums and domains that its
    columns are of. `comments` says whether the table and each of its columns must carry a comment.
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
    other_privileges: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    partition_key: str | None = None
    partitions: tuple[Partition, ...] = ()
    types: tuple[objects.Enum | objects.Domain, ...] = ()
    row_security: bool = True
    comments: bool = True

    @property
    def kind(self) -> str:
        """Whether it is `ordinary` or `partitioned`, and by what."""
        return "ordinary" if self.partition_key is None else f"partitioned by {self.partition_key}"

    @property
    def qualified_name(self) -> str:
        """The name with its schema, each quoted where it must be, as in `public.calculator2_sessions`."""
        return self.qualified(self.name)

    def qualified(self, name: str) -> str:
        """Put the table's schema before the name of an index or sequence, each quoted where it must be."""
        return f"{quoted(self.schema)}.{quoted(name)}"

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def written_columns(self) -> tuple[str, ...]:
        """The columns that a client may write: neither GENERATED ALWAYS AS IDENTITY nor generated from others."""
        return tuple(each.name for each in self.columns if each.identity != "always" and each.generated is None)

    @cached_property
    def compared_columns(self) -> tuple[str, ...]:
        """The columns that a client may write, and those of the key."""
        return tuple(name for name in self.column_names if name in self.written_columns or name in self.key)

    @cached_property
    def given_columns(self) -> tuple[str, ...]:
        """The columns that the database gives once and for all: GENERATED ALWAYS AS IDENTITY."""
        return tuple(each.name for each in self.columns if each.identity == "always")

    def column(self, name: str) -> Column:
        """Return the column of that name. Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def sequences(self) -> tuple[objects.Sequence, ...]:
        """The sequences that belong to columns: those of identities and serials."""
        return tuple(column.sequence for column in self.columns if column.sequence is not None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the triggers, each once, as in `public.f()`."""
        return tuple(dict.fromkeys(trigger.function for trigger in self.triggers))

    def held(self, role: str, beside: str | None = None) -> frozenset[str]:
        """Name what a role may do with the table, or with that sequence or function, by its own grant or PUBLIC's."""
        granted = self.privileges if beside is None else self.other_privileges.get(beside, {})
        return granted.get(role, frozenset()) | granted.get(PUBLIC, frozenset())
