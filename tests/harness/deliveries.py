"""The ways in which a migration file reaches a database: one function each, all with the same receipt.

The dashboard sends the file as one simple query; psql splits it and goes on after an error, or not; the Supabase CLI
sends all statements in one pipeline, unless the file controls transactions itself: then one by one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

import pglast
import psycopg
from pglast.enums import TransactionStmtKind

from tests.harness import platform, server
from tests.harness.fix_database import Database
from tests.harness.migration import DoesNotApply, Migration, apply, split
from tests.harness.server import Connection

# What makes the Supabase CLI (3.x) run the statements one by one.
OWN_CONTROL = frozenset(
    {
        TransactionStmtKind.TRANS_STMT_BEGIN,
        TransactionStmtKind.TRANS_STMT_START,
        TransactionStmtKind.TRANS_STMT_COMMIT,
        TransactionStmtKind.TRANS_STMT_ROLLBACK,
        TransactionStmtKind.TRANS_STMT_PREPARE,
    }
)
HISTORY = """
CREATE SCHEMA IF NOT EXISTS supabase_migrations;
CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (
    version text PRIMARY KEY, statements text [], name text
)
"""
# The message is what to look for: a delivery that goes on fails again, in its own words, further on.
FAILURE = "a failure on purpose"
FAILS = f"DO $$ BEGIN RAISE EXCEPTION '{FAILURE}'; END $$"
RECORDED = "SELECT 1 FROM supabase_migrations.schema_migrations WHERE version = %s"
RECORD = "INSERT INTO supabase_migrations.schema_migrations (version, statements, name) VALUES (%s, %s, %s)"


@dataclass(frozen=True)
class Receipt:
    """What the tool said: the first error of the file, if any; its exit status; an error of its own bookkeeping."""

    error: str | None = None
    status: int = 0
    bookkeeping: str | None = None


Delivery = Callable[[Database, Migration], Receipt]


def by_dashboard(database: Database, migration: Migration) -> Receipt:
    """The whole file as one simple query, as postgres-meta sends what is typed into the SQL editor."""
    with closing(_connect(database)) as connection:
        try:
            apply(connection, migration)
        except DoesNotApply as refusal:
            return refused(refusal.error)
    return Receipt()


def by_psql(database: Database, migration: Migration) -> Receipt:
    """`psql -f`: goes on after an error, and exits with 0."""
    return _psql(database, migration)


def by_psql_that_stops(database: Database, migration: Migration) -> Receipt:
    """`psql -f -v ON_ERROR_STOP=1`: the statements before an error stay, unless the file's transaction takes them."""
    return _psql(database, migration, "-v", "ON_ERROR_STOP=1")


def by_psql_in_one_transaction(database: Database, migration: Migration) -> Receipt:
    """`psql -1 -f`: a BEGIN before the file and a COMMIT after it."""
    return _psql(database, migration, "-1")


def one_by_one(database: Database, migration: Migration) -> Receipt:
    """Each statement on its own, in autocommit outside the file's own transaction; stops at an error."""
    with closing(_connect(database)) as connection:
        return _each(connection, migration)


def by_pipeline(database: Database, migration: Migration) -> Receipt:
    """All statements and one Sync: one implicit transaction, which the file's own COMMIT ends."""
    with closing(_connect(database)) as connection:
        return _pipeline(connection, migration)


def by_supabase_cli(database: Database, migration: Migration) -> Receipt:
    """`supabase migration up`: a pipeline or one by one, and a row in its history table last; none if it is there."""
    with closing(_connect(database)) as connection:
        try:
            make_history(connection)
            if connection.execute(RECORDED, _history_row(migration)[:1]).fetchone():
                return Receipt()
        except psycopg.Error as refusal:
            return Receipt(status=1, bookkeeping=str(refusal))
        if not controls_transactions(migration):
            return _pipeline(connection, migration, history=True)
        receipt = _each(connection, migration)
        if receipt.error is not None:
            return receipt
        try:
            connection.execute(RECORD, _history_row(migration))
        except psycopg.Error as refusal:
            return Receipt(status=1, bookkeeping=str(refusal))
        return receipt


DELIVERIES: dict[str, Delivery] = {
    "dashboard": by_dashboard,
    "psql": by_psql,
    "psql_that_stops": by_psql_that_stops,
    "psql_in_one_transaction": by_psql_in_one_transaction,
    "one_by_one": one_by_one,
    "pipeline": by_pipeline,
    "supabase_cli": by_supabase_cli,
}


def controls_transactions(migration: Migration) -> bool:
    """Whether the file begins, commits or takes back a transaction itself."""
    return any(transaction_control(statement.text) in OWN_CONTROL for statement in migration.statements)


def transaction_control(statement: str) -> TransactionStmtKind | None:
    """Say what a statement does to the transaction: begin, commit, … or nothing."""
    try:
        parsed = pglast.parse_sql(statement)[0].stmt
    except pglast.parser.ParseError:
        return None
    if not isinstance(parsed, pglast.ast.TransactionStmt) or parsed.kind is None:
        return None
    return TransactionStmtKind(parsed.kind)


def rewritten(migration: Migration, *statements: str) -> Migration:
    """The same file with other statements."""
    text = ";\n".join(statements) + ";\n"
    return replace(migration, text=text, statements=tuple(split(text, migration.path)))


def make_history(connection: Connection) -> None:
    """Make the Supabase CLI's history table, unless it is there."""
    connection.execute(HISTORY.encode())


def prepare(database: Database) -> None:
    """Make the history table beforehand, as on a project with earlier migrations: making it is the tool's affair."""
    with closing(_connect(database)) as connection:
        make_history(connection)


def _connect(database: Database) -> Connection:
    return database.connect(platform.MIGRATOR)


def refused(error: psycopg.Error) -> Receipt:
    """Write the receipt of a file that PostgreSQL refused."""
    context = filter(None, (error.diag.message_primary or str(error), error.diag.message_detail))
    return Receipt(error=f"{error.sqlstate}: " + "\n".join(context), status=1)


def _each(connection: Connection, migration: Migration) -> Receipt:
    for statement in migration.statements:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as refusal:
            return refused(refusal)
    return Receipt()


def _pipeline(connection: Connection, migration: Migration, *, history: bool = False) -> Receipt:
    try:
        with connection.pipeline():
            for statement in migration.statements:
                connection.execute(statement.text.encode(), prepare=False)
            if history:
                connection.execute(RECORD, _history_row(migration), prepare=False)
    except psycopg.Error as refusal:
        if history and refusal.diag.schema_name == "supabase_migrations":
            return Receipt(status=1, bookkeeping=str(refusal))
        return refused(refusal)
    return Receipt()


def _history_row(migration: Migration) -> tuple[object, ...]:
    version, _, name = migration.name.partition("_")
    return version, [statement.text for statement in migration.statements], name


def _psql(database: Database, migration: Migration, *options: str) -> Receipt:
    """Run the embedded psql, with nothing of the caller's environment."""
    run = subprocess.run(
        [
            server.binaries(None) / "psql",
            *("-X", "-q", "-o", os.devnull, "-v", "VERBOSITY=verbose"),
            *("-h", database.server.socket_dir, "-p", str(server.PORT), "-U", platform.MIGRATOR, "-d", database.name),
            *(*options, "-f", "-"),
        ],
        input=migration.text,
        env={
            "PATH": os.defpath,
            "LC_ALL": "C",
            "PGCLIENTENCODING": "UTF8",
            "PGPASSWORD": database.server.password,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    _, mark, words = run.stderr.partition("ERROR:  ")
    return Receipt(error=words.strip() if mark else run.stderr if run.returncode else None, status=run.returncode)
