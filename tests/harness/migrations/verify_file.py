"""Runs a verify file as the dashboard runs it, or inside a transaction that is taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.harness.migrations.files import split
from tests.harness.server.connection import Connection


@dataclass(frozen=True)
class VerifyResult:
    """What a verify file says: its one row, or the lines of its error."""

    file: Path
    row: str | None = None
    deviations: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Show it as a person reads it."""
        return self.row or "\n".join(self.deviations)

    def check(self) -> None:
        """Raise AssertionError unless every check held."""
        __tracebackhide__ = True
        assert self.row is not None, (
            f"{self.file}: the verification finds fault.\n{self}\nIt must find none here.\n"
            "  Hint: where the contract has changed, write the file anew (tox -e verify-files); where the table is "
            "right, and only said otherwise, add that spelling to the contract's table.py."
        )


def in_the_dashboard(connection: Connection, file: Path) -> VerifyResult:
    """Send a verify file as one simple query; the SQL editor shows the last result that has rows, or the error."""
    return _result(file, lambda: _last_rows(connection, _text(file)))


def inside(connection: Connection, file: Path) -> VerifyResult:
    """Run a verify file in the transaction that is open, which it leaves read-only, or failed."""
    statements = split(_text(file), file)
    first, *work, last = (statement.text.strip() for statement in statements)
    assert (first, last) == ("BEGIN", "COMMIT"), f"{file}: is not one transaction from BEGIN to COMMIT"
    return _result(file, lambda: [row for text in work for row in _last_rows(connection, text)])


def _text(file: Path) -> str:
    assert file.is_file(), f"{file}: there is no such file, so nothing verifies the table. Hint: tox -e verify-files"
    return file.read_text(encoding="utf-8")


def _result(file: Path, run: Callable[[], Sequence[Any]]) -> VerifyResult:
    try:
        rows = run()
    except psycopg.Error as refusal:
        return VerifyResult(file, deviations=tuple((refusal.diag.message_primary or str(refusal)).splitlines()))
    (row,) = rows
    (text,) = row
    return VerifyResult(file, row=str(text))


def _last_rows(connection: Connection, text: str) -> Sequence[Any]:
    cursor = connection.execute(text.encode(), prepare=False)
    rows: Sequence[Any] = ()
    while True:
        if cursor.description:
            rows = cursor.fetchall() or rows
        if not cursor.nextset():
            return rows
