"""What may stand where a migration's own work is expected: the same names, in another shape, read from the catalog."""

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from hypothesis.vendor.pretty import RepresentationPrinter
from psycopg.rows import args_row

from tests.harness.core.roles import SUPERUSER
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import MigrationCase

POSSIBLE = Path(__file__).with_suffix(".sql").read_bytes()


@dataclass(frozen=True)
class Divergence:
    """One thing that stands otherwise: in words, the name of the object, and the statements that bring it about.

    `is_property`: what differs has no name of its own, as a table's owner has none.
    """

    words: str
    name: str
    is_property: bool
    statements: str

    def __repr__(self) -> str:
        """Be what a failure says."""
        return self.words

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Be what a counterexample shows: Hypothesis does not ask a dataclass for its repr."""
        printer.text(self.words)


@cache
def divergences(case: MigrationCase) -> list[Divergence]:
    """List what can stand otherwise, of what the migration made."""
    with case.before() as before, case.after() as after:
        not_its_own = {divergence.words for divergence in _possible(before)}
        return [divergence for divergence in _possible(after) if divergence.words not in not_its_own]


def diverge(connection: Connection, divergence: Divergence) -> bool:
    """Bring it about, in the transaction that is open; False if what it needs is not there."""
    connection.execute("SAVEPOINT divergence")
    try:
        connection.execute(divergence.statements.encode())
    except psycopg.Error:
        connection.execute("ROLLBACK TO divergence")
        return False
    return True


def _possible(database: Database) -> list[Divergence]:
    with closing(database.connect(SUPERUSER)) as connection:
        found = connection.cursor(row_factory=args_row(Divergence)).execute(POSSIBLE).fetchall()
    return sorted(found, key=lambda divergence: divergence.words)
