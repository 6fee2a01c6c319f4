"""Runs of a migration that stop before their end."""

from contextlib import closing, suppress
from dataclasses import dataclass

import psycopg
from hypothesis import strategies as st

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import Statement
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

AUTOCOMMIT = "in autocommit"
TRANSACTION = "inside its transaction"


@dataclass(frozen=True)
class StoppedRun:
    """A run that stops after a number of statements: of all, or without those that begin and end transactions."""

    how: str
    statements: int


def stopped_runs(case: MigrationCase) -> st.SearchStrategy[StoppedRun]:
    """Draw a run that stops somewhere."""
    return st.one_of(
        st.builds(StoppedRun, st.just(AUTOCOMMIT), st.integers(1, len(case.work))),
        st.builds(StoppedRun, st.just(TRANSACTION), st.integers(1, max(1, len(case.migration.statements) - 1))),
    )


def interrupt(case: MigrationCase, database: Database, stopped_run: StoppedRun) -> None:
    """Run the file up to a statement, and lose the connection."""
    alone = stopped_run.how == AUTOCOMMIT
    statements = case.work if alone else case.migration.statements
    # Closed without psycopg's context manager, which would commit.
    with closing(database.connect(MIGRATOR)) as connection:
        for statement in statements[: stopped_run.statements]:
            run_in_autocommit(connection, statement) if alone else connection.execute(statement.text.encode())
        backend = connection.info.backend_pid
    case.databases.wait_for_exit(backend)


def run_in_autocommit(connection: psycopg.Connection[tuple[object, ...]], statement: Statement) -> None:
    """Run a statement in autocommit; one that needs a transaction around it (LOCK, SAVEPOINT) does nothing then."""
    with suppress(psycopg.errors.NoActiveSqlTransaction):
        connection.execute(statement.text.encode())
