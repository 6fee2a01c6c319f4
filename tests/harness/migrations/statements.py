"""What a migration's statements define, read from PostgreSQL's own parse tree."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import pglast
from pglast import ast
from pglast.enums import AlterTableType

from tests.harness.migrations.edits import parse
from tests.harness.migrations.files import Migration, Statement

CREATE_ROLE = re.compile(r'\bCREATE\s+(?:ROLE|USER)\s+"?(\w+)', re.IGNORECASE)
ALTER_ROLE = re.compile(r'\bALTER\s+(?:ROLE|USER)\s+"?(\w+)', re.IGNORECASE)
# Of a line that is shown.
LONGEST = 120


@dataclass(frozen=True)
class Definition:
    """A place where a file creates or alters an object: line (from 1) and text, the object, its table if of one."""

    line: int
    text: str
    name: str
    table: str | None


@cache
def is_alone(migration: Migration) -> bool:
    """Whether the file's only statement is one that can be in no transaction, such as CREATE INDEX CONCURRENTLY."""
    with suppress(pglast.parser.ParseError):
        return len(migration.statements) == 1 and _is_in_no_transaction(parse(migration.text)[0].tree)
    return False


def adds_column(statement: Statement) -> bool:
    """Whether a statement adds a column to a table."""
    with suppress(pglast.parser.ParseError):
        (parsed,) = parse(statement.text)
        commands = getattr(parsed.tree, "cmds", None) or ()
        return any(each.subtype == AlterTableType.AT_AddColumn for each in commands)
    return False


def _is_in_no_transaction(tree: Any) -> bool:
    kind = type(tree)
    options = {each.defname for each in getattr(tree, "params", None) or ()}
    return (
        kind in {ast.VacuumStmt, ast.AlterSystemStmt, ast.CreatedbStmt, ast.DropdbStmt}
        or bool(getattr(tree, "concurrent", False))
        or (kind is ast.ReindexStmt and "concurrently" in options)
    )


@cache
def definitions(migration: Migration) -> list[Definition]:
    """List the places where a file's statements create or alter an object.

    A constraint or column that stands in CREATE TABLE or ALTER TABLE has the line on which it begins itself. A file
    that PostgreSQL's grammar does not accept defines nothing.
    """
    lines, found = migration.text.splitlines(), []
    with suppress(pglast.parser.ParseError):
        for statement in parse(migration.text):
            text = migration.text[statement.start :]
            start = statement.start + len(text) - len(text.lstrip())
            for name, table, location in _names(statement.tree):
                line = migration.text.count("\n", 0, start if location is None else location) + 1
                found.append(Definition(line, lines[line - 1].strip()[:LONGEST], name, table))
    return found


def tables_created(migration: Migration) -> set[str]:
    """Name the tables that the file's CREATE TABLE statements make, without their schema."""
    return {each.name for each in definitions(migration) if each.name == each.table}


def _names(statement: Any) -> Iterator[tuple[str, str | None, int | None]]:
    """Yield name, table and position in the text (None: the statement's own) of what a statement defines."""
    kind = type(statement)
    if kind in {ast.CreateStmt, ast.AlterTableStmt}:
        table = statement.relation.relname
        if kind is ast.CreateStmt:
            yield table, table, None
        elements = statement.tableElts if kind is ast.CreateStmt else [each.def_ for each in statement.cmds]
        yield from ((name, table, at) for element in elements or () for name, at in _of_element(element))
    elif kind is ast.IndexStmt:
        yield statement.idxname, statement.relation.relname, None
    elif kind in {ast.CreatePolicyStmt, ast.AlterPolicyStmt}:
        yield statement.policy_name, statement.table.relname, None
    elif kind is ast.CreateTrigStmt:
        yield statement.trigname, statement.relation.relname, None
    elif kind is ast.CreateFunctionStmt:
        yield statement.funcname[-1].sval, None, None


def _of_element(element: Any) -> Iterator[tuple[str, int | None]]:
    """Yield name and position of a column or of a named constraint."""
    if type(element) is ast.ColumnDef:
        yield str(element.colname), element.location
        for constraint in element.constraints or ():
            yield from _of_element(constraint)
    elif type(element) is ast.Constraint and element.conname:
        yield element.conname, element.location


def roles_created(migration: Migration) -> set[str]:
    """Name the roles that the file's CREATE ROLE and CREATE USER make, in the body of a DO statement too."""
    return set(CREATE_ROLE.findall(migration.text))


def roles_altered(migration: Migration) -> set[str]:
    """Name the roles that the file's ALTER ROLE and ALTER USER change, in the body of a DO statement too."""
    return set(ALTER_ROLE.findall(migration.text))


def creating_migration(migrations: Sequence[Migration], table: str) -> int:
    """Return which of the migrations (from 0) makes a table of that name. Raises LookupError."""
    for number, migration in enumerate(migrations):
        if table in tables_created(migration):
            return number
    names = ", ".join(migration.path.name for migration in migrations)
    raise LookupError(f"no CREATE TABLE of {names} makes {table}, so it cannot be judged what its file leaves behind.")
