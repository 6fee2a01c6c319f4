"""Runs of a migration that stop before their end."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass

import psycopg
from hypothesis import strategies as st

from tests.harness import fingerprint, platform
from tests.harness.fingerprint import Lines
from tests.harness.fix_database import Database
from tests.harness.migration import Statement
from tests.harness.step import Step, broken

AUTOCOMMIT = "in autocommit"
TRANSACTION = "inside its transaction"


@dataclass(frozen=True)
class Attempt:
    """A run that stops after a number of statements: of all, or without those that begin and end transactions."""

    how: str
    statements: int


def attempts(step: Step) -> st.SearchStrategy[Attempt]:
    """Draw a run that stops somewhere."""
    return st.one_of(
        st.builds(Attempt, st.just(AUTOCOMMIT), st.integers(1, len(step.work))),
        st.builds(Attempt, st.just(TRANSACTION), st.integers(1, max(1, len(step.migration.statements) - 1))),
    )


def interrupt(step: Step, database: Database, attempt: Attempt) -> None:
    """Run the file up to a statement, and lose the connection."""
    alone = attempt.how == AUTOCOMMIT
    statements = step.work if alone else step.migration.statements
    # Closed without psycopg's context manager, which would commit.
    with closing(database.connect(platform.MIGRATOR)) as connection:
        for statement in statements[: attempt.statements]:
            run_alone(connection, statement) if alone else connection.execute(statement.text.encode())
        backend = connection.info.backend_pid
    step.workshop.see_off(backend)


def run_alone(connection: psycopg.Connection[tuple[object, ...]], statement: Statement) -> None:
    """Run a statement in autocommit; one that needs a transaction around it (LOCK, SAVEPOINT) does nothing then."""
    with suppress(psycopg.errors.NoActiveSqlTransaction):
        connection.execute(statement.text.encode())


def catalogue_after_a_run(step: Step, database: Database) -> Lines:
    """Run the file in one transaction, look at the catalogue, and take it all back."""
    __tracebackhide__ = True
    with closing(database.connect(platform.MIGRATOR)) as connection:
        connection.execute("BEGIN")
        for statement in step.work:
            try:
                connection.execute(statement.text.encode())
            except psycopg.Error as refusal:
                broken(
                    step.at(statement),
                    f"an earlier run had stopped half-way, and now the file fails here ({refusal}).",
                    must="a new run completes what an earlier one left half done.",
                    mend="guard what may be there already: IF NOT EXISTS, OR REPLACE, or DROP … IF EXISTS before.",
                )
        catalogue = fingerprint.catalogue(connection)
        connection.execute("ROLLBACK")
        return catalogue
