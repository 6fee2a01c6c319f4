"""What PostgreSQL's catalogue says of a table, as dataclasses that compare and print well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from psycopg import sql

from tests.harness.core.versions import MAINTAIN_IS_A_PRIVILEGE
from tests.harness.server.session import Session

T = TypeVar("T")

# What every version knows.
_TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
COLUMN_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
SEQUENCE_PRIVILEGES = ("USAGE", "SELECT", "UPDATE")


@dataclass(frozen=True)
class Column:
    """A column; defaults are judged by what they do, not by how they are spelt."""

    name: str
    type: str
    nullable: bool = True
    has_default: bool = False
    identity: str | None = None


@dataclass(frozen=True)
class Index:
    """An index; `keys` are columns or expressions with their order, as PostgreSQL writes them."""

    name: str
    keys: tuple[str, ...]
    unique: bool = False
    primary: bool = False
    predicate: str | None = None
    method: str = "btree"
    valid: bool = True


@dataclass(frozen=True)
class Trigger:
    """A trigger and its function, in the words of CREATE TRIGGER and CREATE FUNCTION."""

    name: str
    timing: str
    events: tuple[str, ...]
    level: str
    function: str
    language: str
    security: str
    settings: tuple[str, ...]
    condition: str | None = None
    columns: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True)
class Policy:
    """A policy: for which command, to whom, permissive or not; its expressions are judged by what they do."""

    name: str
    command: str
    roles: tuple[str, ...]
    permissive: bool = True


def columns(session: Session, table: str) -> tuple[Column, ...]:
    """List a table's columns, in their order."""
    found = session.run(
        """
        SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, d.oid IS NOT NULL,
               CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END
        FROM pg_catalog.pg_attribute AS a
        LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """,
        [table],
    )
    return _each(Column, found.rows)


def indexes(session: Session, table: str) -> tuple[Index, ...]:
    """List a table's indexes, by name."""
    found = session.run(
        """
        SELECT c.relname,
               ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, n, false)
                            || CASE i.indoption[n - 1] & 3
                                   WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' ELSE ''
                               END
                     FROM generate_series(1, i.indnatts) AS n ORDER BY n),
               i.indisunique, i.indisprimary,
               regexp_replace(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '^\\((.*)\\)$', '\\1'),
               m.amname, i.indisvalid AND i.indisready AND i.indislive
        FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
        WHERE i.indrelid = to_regclass(%s)
        ORDER BY c.relname
        """,
        [table],
    )
    return _each(Index, found.rows)


def triggers(session: Session, table: str) -> tuple[Trigger, ...]:
    """List a table's triggers, by name. The bits of tgtype are PostgreSQL's catalog/pg_trigger.h."""
    found = session.run(
        """
        SELECT t.tgname,
               CASE WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' ELSE 'AFTER' END,
               array_remove(ARRAY[CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' END,
                                  CASE WHEN t.tgtype & 8 <> 0 THEN 'DELETE' END,
                                  CASE WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' END,
                                  CASE WHEN t.tgtype & 32 <> 0 THEN 'TRUNCATE' END], NULL),
               CASE WHEN t.tgtype & 1 <> 0 THEN 'ROW' ELSE 'STATEMENT' END,
               format('%%I.%%I(%%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
               l.lanname,
               CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END,
               coalesce(p.proconfig, '{}'),
               -- pg_get_expr cannot write OLD and NEW.
               CASE WHEN t.tgqual IS NOT NULL
                   THEN substring(pg_catalog.pg_get_triggerdef(t.oid) FROM ' WHEN \\((.*)\\) EXECUTE ') END,
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
                     WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)),
               t.tgenabled = 'O'
        FROM pg_catalog.pg_trigger AS t
        JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
        WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal
        ORDER BY t.tgname
        """,
        [table],
    )
    return _each(Trigger, found.rows)


def policies(session: Session, table: str) -> tuple[Policy, ...]:
    """List a table's policies, by name."""
    found = session.run(
        """
        SELECT policyname::text, cmd, ARRAY(SELECT unnest(roles)::text ORDER BY 1), permissive = 'PERMISSIVE'
        FROM pg_catalog.pg_policies
        WHERE format('%%I.%%I', schemaname, tablename) = %s
        ORDER BY policyname
        """,
        [table],
    )
    return _each(Policy, found.rows)


def table_privileges(major: int) -> tuple[str, ...]:
    """List the table privileges that PostgreSQL of that major version knows."""
    return (*_TABLE_PRIVILEGES, "MAINTAIN") if major >= MAINTAIN_IS_A_PRIVILEGE else _TABLE_PRIVILEGES


def held(session: Session, role: str, table: str) -> set[str]:
    """Name what a role (or `public`) may do with a table: by a grant, by PUBLIC, by a membership.

    As in `SELECT`, `SELECT (id)` where it holds for a column and not for the table, and each of them
    `WITH GRANT OPTION` where it may be passed on.
    """
    found = session.run(
        """
        SELECT privilege || passed_on
        FROM unnest(%(table_privileges)s::text []) AS privilege
        CROSS JOIN unnest(ARRAY['', ' WITH GRANT OPTION']) AS passed_on
        WHERE has_table_privilege(%(role)s::name, to_regclass(%(table)s), privilege || passed_on)
        UNION ALL
        SELECT format('%%s (%%s)%%s', privilege, a.attname, passed_on)
        FROM pg_catalog.pg_attribute AS a
        CROSS JOIN unnest(%(column_privileges)s::text []) AS privilege
        CROSS JOIN unnest(ARRAY['', ' WITH GRANT OPTION']) AS passed_on
        WHERE a.attrelid = to_regclass(%(table)s) AND a.attnum > 0 AND NOT a.attisdropped
          AND has_column_privilege(%(role)s::name, a.attrelid, a.attnum, privilege || passed_on)
          AND NOT has_table_privilege(%(role)s::name, a.attrelid, privilege || passed_on)
        """,
        {
            "role": role,
            "table": table,
            "table_privileges": list(table_privileges(session.major)),
            "column_privileges": list(COLUMN_PRIVILEGES),
        },
    )
    return {str(privilege) for (privilege,) in found.rows}


def held_beside(session: Session, role: str, sequence: str, function: str) -> set[str]:
    """Name what a role (or `public`) may do with a table's sequence, and with its trigger's function."""
    found = session.run(
        """
        SELECT privilege FROM unnest(%(privileges)s::text []) AS privilege
        WHERE has_sequence_privilege(%(role)s::name, to_regclass(%(sequence)s), privilege)
        UNION ALL
        SELECT 'EXECUTE' WHERE has_function_privilege(%(role)s::name, to_regprocedure(%(function)s), 'EXECUTE')
        """,
        {"role": role, "sequence": sequence, "function": function, "privileges": list(SEQUENCE_PRIVILEGES)},
    )
    return {str(privilege) for (privilege,) in found.rows}


def grantees(session: Session, table: str, sequence: str, function: str) -> set[tuple[str, str]]:
    """List what (the table, a column, its sequence, its trigger's function) was granted to whom but the owner.

    PUBLIC is `-`, as PostgreSQL prints it.
    """
    found = session.run(
        """
        SELECT DISTINCT o.what, x.grantee::regrole::text
        FROM (
            SELECT 'the table', coalesce(relacl, acldefault('r', relowner)), relowner
            FROM pg_catalog.pg_class WHERE oid = to_regclass(%(table)s)
            UNION ALL
            SELECT 'column ' || a.attname, a.attacl, c.relowner FROM pg_catalog.pg_class AS c
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
            WHERE c.oid = to_regclass(%(table)s)
            UNION ALL
            SELECT 'the sequence', coalesce(relacl, acldefault('s', relowner)), relowner
            FROM pg_catalog.pg_class WHERE oid = to_regclass(%(sequence)s)
            UNION ALL
            SELECT 'the function', coalesce(proacl, acldefault('f', proowner)), proowner
            FROM pg_catalog.pg_proc WHERE oid = to_regprocedure(%(function)s)
        ) AS o (what, acl, owner)
        CROSS JOIN aclexplode(o.acl) AS x
        WHERE x.grantee <> o.owner
        """,
        {"table": table, "sequence": sequence, "function": function},
    )
    return {(str(what), str(grantee)) for what, grantee in found.rows}


def identities(session: Session) -> set[str]:
    """Name every object of the database, as pg_identify_object does, but for what only holds another one's storage."""
    catalogues = session.run(
        """
        SELECT c.oid, c.relname FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'oid'
        WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
          AND c.relname NOT IN ('pg_largeobject_metadata', 'pg_enum', 'pg_db_role_setting')
          AND NOT c.relisshared
        """
    )
    each = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT o.type || ' ' || o.identity FROM pg_catalog.{} AS c"
            " CROSS JOIN LATERAL pg_catalog.pg_identify_object({}, c.oid, 0) AS o"
            " WHERE o.identity NOT LIKE 'pg_toast.%' AND o.identity IS NOT NULL"
        ).format(sql.Identifier(str(name)), sql.Literal(oid))
        for oid, name in catalogues.rows
    )
    return {str(row[0]) for row in session.run(each).rows}


def _each(make: Callable[..., T], rows: tuple[tuple[object, ...], ...]) -> tuple[T, ...]:
    return tuple(make(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in rows)
