"""Rows for every table: from a file where there is one, or else made of the types of the table's columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import args_row

from tests.harness.server.connection import Connection
from tests.upgrade.support.case import fail_at

INSERTS = Path(__file__).with_suffix(".sql").read_bytes()


@dataclass(frozen=True)
class Table:
    """A table: its name as SQL, its plain name, and an INSERT of rows that are made of its columns' types."""

    identifier: str
    name: str
    insert: str


@dataclass(frozen=True)
class Rows:
    """Where the files are that put rows into a table: those of the contracts, by table, and a folder with more."""

    files: Mapping[str, Path]
    folder: Path

    def fill(self, connection: Connection) -> None:
        """Put rows into every table that has none. A table that refers to another one waits for the other's rows."""
        __tracebackhide__ = True
        left = connection.cursor(row_factory=args_row(Table)).execute(INSERTS).fetchall()
        while refused := {table: refusal for table in left if (refusal := self._fill(connection, table)) is not None}:
            if len(refused) == len(left):
                file, refusal = self._file(left[0]), refused[left[0]]
                told = "" if file.is_file() else "there is no such file, and rows made of the columns' types: "
                fail_at(str(file), "no_rows", told=told, refusal=refusal)
            left = list(refused)

    def _file(self, table: Table) -> Path:
        return self.files.get(table.name, self.folder / f"{table.name}.sql")

    def _fill(self, connection: Connection, table: Table) -> str | None:
        """Put rows into a table; return why there are none."""
        some = f"SELECT FROM {table.identifier} LIMIT 1".encode()
        if connection.execute(some).fetchone() is not None:
            return None
        file = self._file(table)
        try:
            connection.execute(file.read_bytes() if file.is_file() else table.insert.encode())
        except psycopg.Error as refusal:
            return str(refusal).strip()
        return None if connection.execute(some).fetchone() is not None else "the table has no row after it."
