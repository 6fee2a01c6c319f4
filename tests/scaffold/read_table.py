"""Read a table from a database's catalog, as the TableSpec that would declare it."""

from __future__ import annotations

from collections.abc import Iterable

from tests.harness.catalog import objects
from tests.harness.catalog.objects import Column, Index
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.versions import NOT_NULL_IS_A_CONSTRAINT
from tests.harness.server.session import Session


class CannotRead(Exception):
    """The table cannot be made a contract of; the text says why, and what to do."""


def read_table(session: Session, name: str) -> TableSpec:
    """Read a table, by its name with its schema. Raises CannotRead."""
    facts = session.run(
        "SELECT n.nspname::text, c.relname::text, c.relkind::text, c.relrowsecurity, pg_get_partkeydef(c.oid)"
        " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(%s)",
        [name],
    ).rows
    if not facts or facts[0][2] not in ("r", "p") or name.count(".") != 1:
        raise CannotRead(
            f"there is no table {name} once the migrations are applied. Give its name with its schema, as in "
            "public.newsletter_signups, and the folder that holds the migration that makes it: --migrations DIR."
        )
    schema, bare, _, row_security, partition_key = facts[0]
    columns = tuple(_with_not_null_names(session, name, str(bare)))
    indexes = objects.indexes(session, name)
    triggers = objects.triggers(session, name)
    sequences = [f"{schema}.{each.sequence.name}" for each in columns if each.sequence]
    functions = dict.fromkeys(each.function for each in triggers)
    granted: dict[str, dict[str, frozenset[str]]] = {}
    for what, role, privilege in sorted(objects.grants(session, name, sequences, functions)):
        held = granted.setdefault(what, {})
        held[role] = held.get(role, frozenset()) | {privilege}
    return TableSpec(
        schema=str(schema),
        name=str(bare),
        key=_key(name, columns, indexes),
        columns=columns,
        constraints=objects.constraints(session, name),
        indexes=indexes,
        triggers=triggers,
        policies=objects.policies(session, name),
        privileges=granted.pop(f"table {name}", {}),
        other_privileges=granted,
        partition_key=None if partition_key is None else str(partition_key),
        partitions=objects.partitions(session, name),
        types=objects.types(session, name),
        row_security=bool(row_security),
        comments=_is_commented(session, name),
    )


def _with_not_null_names(session: Session, table: str, bare: str) -> Iterable[Column]:
    """List the columns, with the name of a NOT NULL constraint where it is not the one that PostgreSQL chooses."""
    named: dict[str, str] = {}
    if session.major >= NOT_NULL_IS_A_CONSTRAINT:
        found = session.run(
            "SELECT a.attname::text, c.conname::text FROM pg_constraint AS c JOIN pg_attribute AS a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.conrelid = to_regclass(%s) AND c.contype = 'n'",
            [table],
        )
        named = {str(column): str(constraint) for column, constraint in found.rows}
    for column in objects.columns(session, table):
        chosen = named.get(column.name)
        own = None if chosen in (None, f"{bare}_{column.name}_not_null") else str(chosen)
        yield Column(**{**vars(column), "not_null": own})


def _key(table: str, columns: Iterable[Column], indexes: Iterable[Index]) -> tuple[str, ...]:
    """Choose the unique index by which an application would address a row: one column that it gives, or else a key."""
    known = {each.name: each for each in columns if not each.nullable}
    unique = [each for each in indexes if each.unique and each.predicate is None and all(k in known for k in each.keys)]
    chosen = min(
        unique,
        key=lambda index: (
            any(known[name].sequence is not None for name in index.keys) or len(index.keys) > 1,
            not index.primary,
            len(index.keys),
        ),
        default=None,
    )
    if chosen is None:
        raise CannotRead(f"{table} has no unique index on NOT NULL columns: nothing addresses a row. Give it a key.")
    return chosen.keys


def _is_commented(session: Session, table: str) -> bool:
    """Whether the table and every column carry a comment."""
    found = session.run(
        "SELECT obj_description(to_regclass(%(table)s), 'pg_class') IS NOT NULL AND bool_and(col_description(attrelid,"
        " attnum) IS NOT NULL) FROM pg_attribute WHERE attrelid = to_regclass(%(table)s) AND attnum > 0"
        " AND NOT attisdropped",
        {"table": table},
    )
    return found.rows == ((True,),)
