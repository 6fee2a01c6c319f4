"""The ways in which a migration file reaches a database: one function each, all with the same result.

The dashboard sends the file as one simple query; psql splits it and goes on after an error, or not; the Supabase CLI
sends all statements in one pipeline, unless the file controls transactions itself: then one by one. What the two
emulated tools do was compared with the tools themselves: tox -e deliveries.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import pglast
import psycopg
from pglast.enums import TransactionStmtKind as Kind
from psycopg.pq import ExecStatus

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.bounded_query import next_result
from tests.harness.migrations.files import DoesNotApply, Migration, Statement, apply, split
from tests.harness.migrations.statements import is_alone
from tests.harness.server.binaries import installation
from tests.harness.server.connection import PORT, Connection
from tests.harness.server.database import Database

# Of the statements that control transactions, those that begin and end none.
SAVEPOINTS = frozenset({Kind.TRANS_STMT_SAVEPOINT, Kind.TRANS_STMT_RELEASE, Kind.TRANS_STMT_ROLLBACK_TO})
# As the file's first line, it makes the Supabase CLI (3.x) run the statements one by one, as a BEGIN or COMMIT does.
NO_TRANSACTION = "-- pg-delta: transaction=false"
# What it runs alone, between two pipelines: by these words, as it knows no grammar.
COMMENTS = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*", re.DOTALL)
ALONE = re.compile(
    r"CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s|DROP\s+INDEX\s+CONCURRENTLY\s|REINDEX[\s(].*\sCONCURRENTLY\s"
    r"|VACUUM[\s(]|ALTER\s+SYSTEM\s|CLUSTER\s",
    re.IGNORECASE,
)
HISTORY = Path(__file__).with_name("history.sql").read_bytes()
# The message is what to look for: a delivery that goes on fails again, in its own words, further on.
FAILURE = "a failure on purpose"
FAILS = f"DO $$ BEGIN RAISE EXCEPTION '{FAILURE}'; END $$"
RECORDED = "SELECT 1 FROM supabase_migrations.schema_migrations WHERE version = %s"
RECORD = Path(__file__).with_name("record.sql").read_bytes()


@dataclass(frozen=True)
class DeliveryResult:
    """What the tool said: the first error of the file, if any; its exit status; an error of its own bookkeeping."""

    error: str | None = None
    status: int = 0
    bookkeeping: str | None = None


@dataclass(frozen=True)
class Refusal:
    """The statement that PostgreSQL refused, and why."""

    statement: Statement
    error: psycopg.Error


Delivery = Callable[[Database, Migration], DeliveryResult]


def by_dashboard(database: Database, migration: Migration) -> DeliveryResult:
    """The whole file as one simple query, as postgres-meta sends what is typed into the SQL editor."""
    with closing(database.connect(MIGRATOR)) as connection:
        try:
            apply(connection, migration)
        except DoesNotApply as refusal:
            return DeliveryResult(_words(refusal.failure.error), 1)
    return DeliveryResult()


def by_psql(database: Database, migration: Migration, options: Sequence[str] = ()) -> DeliveryResult:
    """`psql -f`, the embedded one, with nothing of the caller's environment: goes on after an error, exits with 0."""
    run = subprocess.run(
        [
            installation.find(None) / "psql",
            *("-X", "-q", "-o", os.devnull, "-v", "VERBOSITY=verbose"),
            *("-h", database.server.socket_dir, "-p", str(PORT), "-U", MIGRATOR, "-d", database.name),
            *(*options, "-f", "-"),
        ],
        input=migration.text,
        env={"PATH": os.defpath, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", "PGPASSWORD": database.server.password},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    _, mark, words = run.stderr.partition("ERROR:  ")
    error = words.strip() if mark else run.stderr if run.returncode else None
    return DeliveryResult(error, run.returncode)


# The statements before an error stay, unless the file's transaction takes them.
by_psql_that_stops: Delivery = partial(by_psql, options=("-v", "ON_ERROR_STOP=1"))
# A BEGIN before the file and a COMMIT after it.
by_psql_in_one_transaction: Delivery = partial(by_psql, options=("-1",))


def one_by_one(database: Database, migration: Migration) -> DeliveryResult:
    """Each statement on its own, in autocommit outside the file's own transaction; stops at an error."""
    with closing(database.connect(MIGRATOR)) as connection:
        return deliver_each(connection, migration.statements)


def by_pipeline(database: Database, migration: Migration) -> DeliveryResult:
    """All statements and one Sync: one implicit transaction, which the file's own COMMIT ends."""
    with closing(database.connect(MIGRATOR)) as connection:
        return _pipeline(connection, migration.statements)


def by_supabase_cli(database: Database, migration: Migration) -> DeliveryResult:
    """`supabase migration up`: a pipeline or one by one, and a row in its history table last; none if it is there."""
    with closing(database.connect(MIGRATOR)) as connection:
        try:
            connection.execute(HISTORY)
            if connection.execute(RECORDED, _history_row(migration)[:1]).fetchone():
                return DeliveryResult()
        except psycopg.Error as refusal:
            return DeliveryResult(status=1, bookkeeping=_words(refusal))
        if migration.text.split("\n", 1)[0].rstrip("\r") == NO_TRANSACTION or controls_transactions(migration):
            result = deliver_each(connection, migration.statements)
            return result if result.error is not None else _pipeline(connection, (), migration)
        batches: list[list[Statement]] = [[]]
        for statement in migration.statements:
            if _runs_alone(statement):
                batches += [[statement], []]
            else:
                batches[-1].append(statement)
        *earlier, last = batches
        for batch in earlier:
            if (result := _pipeline(connection, batch)).error is not None:
                return result
        return _pipeline(connection, last, migration)


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
    kinds = {transaction_control(statement.text) for statement in migration.statements}
    return bool(kinds - SAVEPOINTS - {None})


@cache
def transaction_control(statement: str) -> Kind | None:
    """Say what a statement does to the transaction: begin, commit, … or nothing."""
    with suppress(pglast.parser.ParseError):
        parsed = pglast.parse_sql(statement)[0].stmt
        if isinstance(parsed, pglast.ast.TransactionStmt) and parsed.kind is not None:
            return Kind(parsed.kind)
    return None


def rewritten(migration: Migration, *statements: str) -> Migration:
    """The same file with other statements."""
    text = ";\n".join(statements) + ";\n"
    return replace(migration, text=text, statements=split(text, migration.path))


def create_history_table(database: Database) -> None:
    """Make the Supabase CLI's history table beforehand, as on a project with earlier migrations."""
    with closing(database.connect(MIGRATOR)) as connection:
        connection.execute(HISTORY)


def _words(error: psycopg.Error) -> str:
    context = filter(None, (error.diag.message_primary or str(error), error.diag.message_detail))
    return f"{error.sqlstate}: " + "\n".join(context)


def begin_as_delivered(connection: Connection, migration: Migration) -> None:
    """Begin the transaction that the platform's tools run a file in, unless it has its own, or can be in none."""
    if not controls_transactions(migration) and not is_alone(migration):
        connection.execute("BEGIN")


def run_each(connection: Connection, statements: Iterable[Statement]) -> Refusal | None:
    """Run statements one by one, in autocommit outside of their own transaction, up to the first that is refused."""
    for statement in statements:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as error:
            return Refusal(statement, error)
    return None


def deliver_each(connection: Connection, statements: Iterable[Statement]) -> DeliveryResult:
    """Run statements one by one, as run_each does."""
    refusal = run_each(connection, statements)
    return DeliveryResult() if refusal is None else DeliveryResult(_words(refusal.error), 1)


def _pipeline(
    connection: Connection, statements: Sequence[Statement], record: Migration | None = None
) -> DeliveryResult:
    """Send the statements, and then the history row if there is one to write, before one Sync."""
    channel = connection.pgconn
    channel.enter_pipeline_mode()
    for statement in statements:
        channel.send_query_params(statement.text.encode(), None)
    if record is not None:
        channel.send_query_params(RECORD, [value.encode() for value in _history_row(record)])
    channel.pipeline_sync()
    answered, failure = 0, None
    # None stands after each statement's results. What is deferred fails at the Sync itself, after the last of them.
    while (result := next_result(channel)) is None or result.status != ExecStatus.PIPELINE_SYNC:
        if result is None:
            answered += failure is None
        elif result.status == ExecStatus.FATAL_ERROR and failure is None:
            failure = psycopg.errors.error_from_result(result)
    channel.exit_pipeline_mode()
    if failure is None:
        return DeliveryResult()
    if record is not None and answered >= len(statements):
        return DeliveryResult(status=1, bookkeeping=_words(failure))
    return DeliveryResult(_words(failure), 1)


def _runs_alone(statement: Statement) -> bool:
    comments = COMMENTS.match(statement.text)
    # An end of the text is as good as a blank.
    return ALONE.match(statement.text[comments.end() if comments else 0 :] + " ") is not None


def _history_row(migration: Migration) -> tuple[str, str, str]:
    version, _, name = migration.name.partition("_")
    return version, json.dumps([statement.text for statement in migration.statements]), name
