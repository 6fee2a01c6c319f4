"""The verify files of migrations: run as the dashboard runs them, or inside a transaction that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.harness.core.paths import VERIFY_FILES
from tests.harness.migrations.files import BadMigrations, Migration, read_file
from tests.harness.server.connection import Connection

FOLDER = VERIFY_FILES


@dataclass(frozen=True)
class VerifyResult:
    """What a verification says: its one row, or the lines of its error."""

    row: str | None = None
    deviations: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Show it as a person reads it."""
        return self.row or "\n".join(self.deviations)


def read(name: str) -> Migration:
    """Read the verify file of a migration."""
    return read_file(FOLDER / f"{name}.sql")


def up_to(name: str, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """List the migrations up to the one of this name: what its verify file judges. Raises BadMigrations."""
    for number, each in enumerate(migrations, start=1):
        if each.name == name:
            return migrations[:number]
    raise BadMigrations(f"{name}.sql is not among the migrations, and its verify file is: {FOLDER}.")


def in_the_dashboard(connection: Connection, text: str) -> VerifyResult:
    """Send a file as one simple query; the SQL editor shows the last result that has rows, or the error."""
    return _found(lambda: _last_rows(connection, text))


def inside(connection: Connection, verification: Migration) -> VerifyResult:
    """Run a verification in the transaction that is open, which it leaves read-only, or failed."""
    first, *work, last = (statement.text.strip() for statement in verification.statements)
    assert (first, last) == ("BEGIN", "COMMIT"), f"{verification.path}: is not one transaction from BEGIN to COMMIT"
    return _found(lambda: [row for text in work for row in _last_rows(connection, text)])


def _found(run: Callable[[], Sequence[Any]]) -> VerifyResult:
    try:
        rows = run()
    except psycopg.Error as refusal:
        return VerifyResult(deviations=tuple((refusal.diag.message_primary or str(refusal)).splitlines()))
    (row,) = rows
    (text,) = row
    return VerifyResult(row=str(text))


def _last_rows(connection: Connection, text: str) -> Sequence[Any]:
    cursor = connection.execute(text.encode(), prepare=False)
    rows: Sequence[Any] = ()
    while True:
        if cursor.description:
            rows = cursor.fetchall() or rows
        if not cursor.nextset():
            return rows
