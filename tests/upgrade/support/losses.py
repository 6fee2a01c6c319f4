"""What of the rows that were there each statement of a migration takes: tables, columns, all rows, all values."""

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pglast
from pglast import ast

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import begin_as_delivered
from tests.harness.migrations.files import Statement
from tests.harness.server.connection import Connection
from tests.upgrade.support.case import MigrationCase

LOSES = re.compile(r"--\s*loses:\s*\S")
COLUMNS = Path(__file__).with_suffix(".sql").read_bytes()
# A table, and the name and number of a column of it.
Columns = dict[tuple[str, int], tuple[str, str]]


def losses(case: MigrationCase) -> Iterator[tuple[Statement, str]]:
    """Run the file, and yield each statement that loses what was there before the file, and what that is."""
    with case.before() as database, closing(database.connect(MIGRATOR)) as connection:
        at_first = there = _columns(connection)
        begin_as_delivered(connection, case.migration)
        for statement in case.migration.statements:
            statement_loss = _of_rows(connection, statement, at_first)
            connection.execute(statement.text.encode())
            now = _columns(connection)
            tables = {oid: table for (oid, _), (table, _) in now.items()}
            gone = [
                (oid, *there[oid, number]) for oid, number in there.keys() - now.keys() if (oid, number) in at_first
            ]
            dropped = sorted({f"table {table}" for oid, table, _ in gone if oid not in tables})
            dropped += sorted(f"column {table}.{column}" for oid, table, column in gone if oid in tables)
            if dropped:
                yield statement, f"drops {', '.join(dropped)}, and what is in it"
            elif statement_loss:
                yield statement, statement_loss
            there = now


def _columns(connection: Connection) -> Columns:
    rows = connection.execute(COLUMNS).fetchall()
    return {(str(oid), int(str(number))): (str(table), str(column)) for oid, number, table, column in rows}


def _of_rows(connection: Connection, statement: Statement, at_first: Columns) -> str | None:
    """Say what a TRUNCATE, or a DELETE or UPDATE of all rows, takes of a table that was there."""
    tree: Any = None
    with suppress(pglast.parser.ParseError):
        tree = pglast.parse_sql(statement.text)[0].stmt
    relations: Any
    if isinstance(tree, ast.TruncateStmt):
        relations, does = tree.relations, "empties"
    elif isinstance(tree, ast.DeleteStmt | ast.UpdateStmt) and tree.whereClause is None and not _joins(tree):
        relations, does = [tree.relation], "deletes every row of" if isinstance(tree, ast.DeleteStmt) else "overwrites"
    else:
        return None
    for relation in relations:
        name = ".".join(filter(None, (relation.schemaname, relation.relname)))
        oid = connection.execute("SELECT to_regclass(%s)::oid::text", (_quoted(relation),)).fetchone()
        columns = {column for (table, _), (_, column) in at_first.items() if oid == (table,)}
        if isinstance(tree, ast.UpdateStmt):
            columns &= {target.name for target in tree.targetList or ()}
            name = f"{name}.{', '.join(sorted(columns))} in every row"
        if columns:
            return f"{does} {name}"
    return None


def _joins(tree: Any) -> bool:
    return bool(getattr(tree, "usingClause", None) or getattr(tree, "fromClause", None))


def _quoted(relation: Any) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in (relation.schemaname, relation.relname) if part)
