"""What PostgreSQL's catalog says of a table, as dataclasses that compare and print well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS
from psycopg import sql

from tests.harness.core.outcomes import Done
from tests.harness.core.versions import MAINTAIN_IS_A_PRIVILEGE
from tests.harness.server.session import Session

T = TypeVar("T")

# What every version knows.
_TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
COLUMN_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
SEQUENCE_PRIVILEGES = ("USAGE", "SELECT", "UPDATE")
# By pg_constraint.contype.
CONSTRAINT_KINDS = {"p": "PRIMARY KEY", "u": "UNIQUE", "c": "CHECK", "f": "FOREIGN KEY", "x": "EXCLUDE"}
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# As pg_get_indexdef prints an index: the method, its keys between parentheses, and options.
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX .+? USING (?P<method>\w+) \((?P<rest>.+)")
_INCLUDE = re.compile(r" INCLUDE \((?P<columns>.+?)\)")
# A string, a quoted name, what separates keys, or what counts as text.
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|, |[()]|[^'"(),]+|,""")


@dataclass(frozen=True)
class Sequence:
    """The sequence of an identity column, or of a serial one."""

    name: str
    type: str = "bigint"
    minimum: int = 1
    maximum: int = 2**63 - 1
    increment: int = 1
    cycle: bool = False

    def __str__(self) -> str:
        """Write it in the words of CREATE SEQUENCE."""
        cycle = " CYCLE" if self.cycle else ""
        return (
            f"{self.name} AS {self.type} MINVALUE {self.minimum} MAXVALUE {self.maximum} INCREMENT {self.increment}"
            f"{cycle}"
        )


@dataclass(frozen=True)
class Column:
    """A column.

    `default` and `generated` are expressions as PostgreSQL prints them, and `default_same_as` other spellings of the
    same default; `virtual` says that what is generated is not stored (PostgreSQL 18); `collation` is the column's own,
    where it is not its type's; `not_null` is the name of the NOT NULL constraint (PostgreSQL 18), where it is not the
    one that PostgreSQL chooses.
    """

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    sequence: Sequence | None = None
    collation: str | None = None
    not_null: str | None = None
    default_same_as: tuple[str, ...] = ()
    virtual: bool = False

    def __str__(self) -> str:
        """Write it in the words of CREATE TABLE, without its name."""
        words = [
            self.type,
            f"COLLATE {self.collation}" if self.collation else "",
            "" if self.nullable else "NOT NULL",
            f"GENERATED {self.identity.upper()} AS IDENTITY" if self.identity else "",
            f"GENERATED ALWAYS AS {self.generated} {'VIRTUAL' if self.virtual else 'STORED'}" if self.generated else "",
            f"DEFAULT {self.default}" if self.default else "",
        ]
        return " ".join(filter(None, words))


@dataclass(frozen=True)
class Enum:
    """An enum type, with its labels in their order."""

    name: str
    labels: tuple[str, ...]

    def __str__(self) -> str:
        """Write it in the words of CREATE TYPE, without its name."""
        return f"AS ENUM ({', '.join(self.labels)})"


@dataclass(frozen=True)
class Domain:
    """A domain over another type, with its constraints."""

    name: str
    type: str
    nullable: bool = True
    constraints: tuple[Constraint, ...] = ()

    def __str__(self) -> str:
        """Write it in the words of CREATE DOMAIN, without its name."""
        rules = [f"CONSTRAINT {each.name} {each.definition}" for each in self.constraints]
        return " ".join([f"AS {self.type}", *([] if self.nullable else ["NOT NULL"]), *rules])


@dataclass(frozen=True)
class Partition:
    """A partition: its bound, and the names of the indexes and constraints that it has of its own.

    The indexes stand in the order of those of the table that they are of.
    """

    name: str
    bound: str
    indexes: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write it in the words of CREATE TABLE … PARTITION OF, without its name."""
        return self.bound


@dataclass(frozen=True)
class Constraint:
    """A constraint of another kind than NOT NULL: its definition as PostgreSQL prints it, and other spellings of it."""

    name: str
    definition: str
    same_as: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`PRIMARY KEY`, `UNIQUE`, `CHECK`, `FOREIGN KEY` or `EXCLUDE`."""
        return next(kind for kind in CONSTRAINT_KINDS.values() if self.definition.startswith(kind))

    @property
    def is_enforced_on_all_rows(self) -> bool:
        """Whether it is neither NOT VALID nor NOT ENFORCED."""
        return not self.definition.endswith((" NOT VALID", " NOT ENFORCED"))


@dataclass(frozen=True)
class Index:
    """An index, in the parts of the statement that PostgreSQL prints for it.

    `keys` are columns or expressions with their collation, operator class and order; `include` are the columns that it
    only carries; `options` are NULLS NOT DISTINCT and WITH.
    """

    name: str
    keys: tuple[str, ...]
    unique: bool = False
    primary: bool = False
    predicate: str | None = None
    method: str = "btree"
    valid: bool = True
    include: tuple[str, ...] = ()
    options: str = ""

    def definition(self, table: str) -> str:
        """Compose the statement that PostgreSQL prints for the index of that table (pg_get_indexdef)."""
        unique = "UNIQUE " if self.unique else ""
        include = f" INCLUDE ({', '.join(self.include)})" if self.include else ""
        where = f" WHERE {self.predicate}" if self.predicate is not None else ""
        keys = f"({', '.join(self.keys)})"
        last = f"{include}{self.options and ' ' + self.options}{where}"
        return f"CREATE {unique}INDEX {quoted(self.name)} ON {table} USING {self.method} {keys}{last}"


@dataclass(frozen=True)
class Trigger:
    """A trigger and its function, in the words of CREATE TRIGGER and CREATE FUNCTION.

    `arguments` are what the trigger hands to its function, as PostgreSQL prints them.
    """

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
    arguments: str = ""

    def __str__(self) -> str:
        """Write it in the words of CREATE TRIGGER and CREATE FUNCTION, without its name."""
        state = "" if self.enabled else ", DISABLED or enabled otherwise"
        return f"{self._when} {self._what} ({self.function_options}){state}"

    def definition(self, table: str) -> str:
        """Compose the statement that PostgreSQL prints for the trigger of that table (pg_get_triggerdef)."""
        return f"CREATE TRIGGER {quoted(self.name)} {self._when} ON {table} {self._what}"

    @property
    def function_options(self) -> str:
        """What CREATE FUNCTION said of the function, besides its body."""
        return f"LANGUAGE {self.language} SECURITY {self.security}" + "".join(f" SET {each}" for each in self.settings)

    @property
    def _when(self) -> str:
        columns = f" OF {', '.join(map(quoted, self.columns))}" if self.columns else ""
        return f"{self.timing} " + " OR ".join(each + (columns if each == "UPDATE" else "") for each in self.events)

    @property
    def _what(self) -> str:
        condition = f" WHEN ({self.condition})" if self.condition else ""
        called = f"{self.function.removesuffix(')')}{self.arguments})"
        return f"FOR EACH {self.level}{condition} EXECUTE FUNCTION {called}"


@dataclass(frozen=True)
class Policy:
    """A policy: for which command, to whom, permissive or not; its expressions are judged by what they do."""

    name: str
    command: str
    roles: tuple[str, ...]
    permissive: bool = True

    def __str__(self) -> str:
        """Write it in the words of CREATE POLICY, without its name."""
        return f"AS {'PERMISSIVE' if self.permissive else 'RESTRICTIVE'} FOR {self.command} TO {', '.join(self.roles)}"


def quoted(name: str) -> str:
    """Quote a name where PostgreSQL does (quote_ident)."""
    is_keyword = name in RESERVED_KEYWORDS | COL_NAME_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS
    return name if _PLAIN_NAME.fullmatch(name) and not is_keyword else '"' + name.replace('"', '""') + '"'


def columns(session: Session, table: str) -> tuple[Column, ...]:
    """List a table's columns, in their order."""
    found = _read(
        session,
        """
        SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
               CASE a.attgenerated WHEN '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
               CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
               CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
               nullif(a.attcollation, y.typcollation)::regcollation::text, a.attgenerated = 'v',
               s.relname, pg_catalog.format_type(q.seqtypid, NULL), q.seqmin, q.seqmax, q.seqincrement, q.seqcycle
        FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_catalog.pg_depend AS p ON p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
            AND p.classid = 'pg_catalog.pg_class'::regclass AND p.deptype IN ('i', 'a')
            AND EXISTS (SELECT FROM pg_catalog.pg_sequence WHERE seqrelid = p.objid)
        LEFT JOIN pg_catalog.pg_class AS s ON s.oid = p.objid AND s.relkind = 'S'
        LEFT JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = s.oid
        WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """,
        [table],
    )
    return tuple(_column(*row[:8], sequence=row[8:]) for row in found.rows)


def _column(*facts: Any, sequence: tuple[Any, ...]) -> Column:
    name, kind, nullable, default, generated, identity, collation, virtual = facts
    own = Sequence(*sequence) if sequence[0] is not None else None
    return Column(name, kind, nullable, default, generated, identity, own, collation, virtual=virtual)


def constraints(session: Session, table: str) -> tuple[Constraint, ...]:
    """List a table's constraints but NOT NULL, by name."""
    found = _read(
        session,
        """
        SELECT conname::text, pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint
        -- A foreign key to a partitioned table has a constraint more for each partition.
        WHERE conrelid = to_regclass(%s) AND contype::text = ANY (%s) AND conparentid = 0 ORDER BY conname
        """,
        [table, list(CONSTRAINT_KINDS)],
    )
    return _each(Constraint, found.rows)


def indexes(session: Session, table: str) -> tuple[Index, ...]:
    """List a table's indexes in the order in which they were made, in which PostgreSQL asks the unique ones."""
    found = _read(
        session,
        """
        SELECT c.relname, i.indisunique, i.indisprimary, i.indisvalid AND i.indisready AND i.indislive,
               pg_catalog.pg_get_expr(i.indpred, i.indrelid), pg_catalog.pg_get_indexdef(c.oid)
        FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = to_regclass(%s)
        ORDER BY c.oid
        """,
        [table],
    )
    return tuple(_index(*row) for row in found.rows)


def _index(*facts: Any) -> Index:
    name, unique, primary, valid, predicate, definition = facts
    printed = _INDEX.fullmatch(definition)
    assert printed is not None, definition
    keys, depth, end = [""], 1, 0
    for token in _TOKEN.finditer(printed["rest"]):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        end = token.end()
        if depth == 0:
            break
        if depth == 1 and token[0] == ", ":
            keys.append("")
        else:
            keys[-1] += token[0]
    options = printed["rest"][end:].removesuffix(f" WHERE {predicate}")
    include = _INCLUDE.match(options)
    return Index(
        name,
        tuple(keys),
        unique,
        primary,
        predicate,
        printed["method"],
        valid,
        tuple(include["columns"].split(", ")) if include else (),
        options.removeprefix(include[0] if include else "").strip(),
    )


def triggers(session: Session, table: str) -> tuple[Trigger, ...]:
    """List a table's triggers, by name. The bits of tgtype are PostgreSQL's catalog/pg_trigger.h."""
    found = _read(
        session,
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
               t.tgenabled = 'O',
               substring(pg_catalog.pg_get_triggerdef(t.oid) FROM ' EXECUTE FUNCTION .*?\\((.*)\\)$')
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


def types(session: Session, table: str) -> tuple[Enum | Domain, ...]:
    """List the enums and domains that a table's columns are of, those of arrays and beneath domains included."""
    found = _read(
        session,
        """
        WITH RECURSIVE used AS (
            SELECT atttypid AS type FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
            UNION
            SELECT beneath FROM used JOIN pg_catalog.pg_type AS y ON y.oid = used.type,
                unnest(ARRAY[y.typelem, y.typbasetype]) AS beneath WHERE beneath <> 0
        )
        SELECT y.oid::regtype::text, y.typtype::text, pg_catalog.format_type(y.typbasetype, y.typtypmod),
               NOT y.typnotnull,
               ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = y.oid ORDER BY enumsortorder),
               ARRAY(SELECT ARRAY[conname::text, pg_catalog.pg_get_constraintdef(oid)] FROM pg_catalog.pg_constraint
                     WHERE contypid = y.oid AND contype = 'c' ORDER BY conname)
        FROM used JOIN pg_catalog.pg_type AS y ON y.oid = used.type
        WHERE y.typtype IN ('e', 'd') ORDER BY 1
        """,
        [table],
    )
    return tuple(_type(*row) for row in found.rows)


def _type(*facts: Any) -> Enum | Domain:
    name, kind, base, nullable, labels, rules = facts
    return (
        Enum(name, tuple(labels)) if kind == "e" else Domain(name, base, nullable, tuple(Constraint(*r) for r in rules))
    )


def partitions(session: Session, table: str) -> tuple[Partition, ...]:
    """List a table's partitions, by name."""
    found = _read(
        session,
        """
        SELECT c.oid::regclass::text, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
               ARRAY(SELECT x.indexrelid::regclass::text FROM pg_catalog.pg_index AS x
                     LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = x.indexrelid
                     WHERE x.indrelid = c.oid ORDER BY h.inhparent, x.indexrelid),
               ARRAY(SELECT conname::text FROM pg_catalog.pg_constraint
                     WHERE conrelid = c.oid AND contype::text = ANY (%s) ORDER BY 1)
        FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(%s) AND c.relispartition ORDER BY 1
        """,
        [list(CONSTRAINT_KINDS), table],
    )
    return _each(Partition, found.rows)


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


def held_on_sequence(session: Session, role: str, sequence: str) -> set[str]:
    """Name what a role (or `public`) may do with a sequence."""
    found = session.run(
        "SELECT p FROM unnest(%s::text []) AS p WHERE has_sequence_privilege(%s::name, to_regclass(%s), p)",
        [list(SEQUENCE_PRIVILEGES), role, sequence],
    )
    return {str(privilege) for (privilege,) in found.rows}


def held_on_function(session: Session, role: str, function: str) -> set[str]:
    """Name what a role (or `public`) may do with a function, as in `public.f()`."""
    found = session.run(
        "SELECT 'EXECUTE' WHERE has_function_privilege(%s::name, to_regprocedure(%s), 'EXECUTE')", [role, function]
    )
    return {str(privilege) for (privilege,) in found.rows}


def grants(
    session: Session, table: str, sequences: Iterable[str], functions: Iterable[str]
) -> set[tuple[str, str, str]]:
    """List what was granted on what (the table, a sequence, a function) to whom (`public` too) but its owner.

    A privilege on one column is written with it, as in `INSERT (email)`.
    """
    found = session.run(
        """
        SELECT o.what, CASE x.grantee WHEN 0 THEN 'public' ELSE x.grantee::regrole::text END,
               x.privilege_type || coalesce(' (' || o.attname || ')', '')
        FROM (
            SELECT 'table ' || %(table)s, NULL, coalesce(relacl, acldefault('r', relowner)), relowner
            FROM pg_catalog.pg_class WHERE oid = to_regclass(%(table)s)
            UNION ALL
            SELECT 'table ' || %(table)s, a.attname, a.attacl, c.relowner FROM pg_catalog.pg_class AS c
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
            WHERE c.oid = to_regclass(%(table)s)
            UNION ALL
            SELECT 'sequence ' || s, NULL, coalesce(relacl, acldefault('s', relowner)), relowner
            FROM unnest(%(sequences)s::text []) AS s JOIN pg_catalog.pg_class ON oid = to_regclass(s)
            UNION ALL
            SELECT 'function ' || f, NULL, coalesce(proacl, acldefault('f', proowner)), proowner
            FROM unnest(%(functions)s::text []) AS f JOIN pg_catalog.pg_proc ON oid = to_regprocedure(f)
        ) AS o (what, attname, acl, owner)
        CROSS JOIN aclexplode(o.acl) AS x
        WHERE x.grantee <> o.owner
        """,
        {"table": table, "sequences": list(sequences), "functions": list(functions)},
    )
    return {(str(what), str(grantee), str(privilege)) for what, grantee, privilege in found.rows}


def identities(session: Session) -> set[str]:
    """Name every object of the database, as pg_identify_object does.

    Left out are those that only hold another one's storage, and the triggers that PostgreSQL makes of a foreign key:
    the constraint stands for them, and their names hold OIDs.
    """
    catalogs = session.run(
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
            " WHERE o.identity NOT LIKE 'pg_toast.%' AND o.identity IS NOT NULL{}"
        ).format(
            sql.Identifier(str(name)),
            sql.Literal(oid),
            sql.SQL(" AND NOT c.tgisinternal" if name == "pg_trigger" else ""),
        )
        for oid, name in catalogs.rows
    )
    return {str(row[0]) for row in session.run(each).rows}


def belonging(session: Session, table: str) -> set[str]:
    """Name a table and what goes with it where it is dropped, as pg_identify_object does."""
    found = session.run(
        """
        WITH RECURSIVE own AS (
            SELECT 'pg_class'::regclass::oid AS class, to_regclass(%s)::oid AS object
            UNION
            SELECT d.classid, d.objid FROM own JOIN pg_catalog.pg_depend AS d
                ON d.refclassid = own.class AND d.refobjid = own.object AND d.deptype IN ('a', 'i', 'P', 'S')
        )
        SELECT o.type || ' ' || o.identity FROM own, pg_catalog.pg_identify_object(class, object, 0) AS o
        """,
        [table],
    )
    return {str(row[0]) for row in found.rows}


def _read(session: Session, query: LiteralString, parameters: list[object]) -> Done:
    """Read the catalog with every name written with its schema; the transaction keeps that search_path."""
    session.run("SET LOCAL search_path = ''")
    return session.run(query, parameters)


def _each(make: Callable[..., T], rows: tuple[tuple[object, ...], ...]) -> tuple[T, ...]:
    return tuple(make(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in rows)
