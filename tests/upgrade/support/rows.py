"""Rows for every table: from a file where there is one, or else made of the types of the table's columns."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.rows import args_row

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import fail_at

INSERTS = Path(__file__).with_suffix(".sql").read_bytes()


@dataclass(frozen=True)
class Table:
    """A table: its name as SQL, its plain name, and INSERTs of rows made of its columns' types, the best one first."""

    identifier: str
    name: str
    inserts: Sequence[str] = field(hash=False)


@dataclass(frozen=True)
class Rows:
    """Where the files are that put rows into a table: those of the contracts, by table, and a folder with more.

    Where not every table must have rows, they are put there by the superuser, past triggers and foreign keys; `empty`
    says then why a table has none.
    """

    files: Mapping[str, Path]
    folder: Path
    must_fill: bool = True
    empty: dict[str, tuple[Path, str]] = field(default_factory=dict, compare=False)

    def fill(self, database: Database) -> None:
        """Put rows into every table that has none. A table that refers to another one waits for the other's rows."""
        __tracebackhide__ = True
        with closing(database.connect(MIGRATOR if self.must_fill else SUPERUSER)) as connection:
            if not self.must_fill:
                connection.execute("SET session_replication_role = replica")
            left = connection.cursor(row_factory=args_row(Table)).execute(INSERTS).fetchall()
            while refused := {each: why for each in left if (why := self._fill(connection, each)) is not None}:
                if len(refused) == len(left):
                    self._tell(refused)
                    return
                left = list(refused)

    def _tell(self, refused: Mapping[Table, str]) -> None:
        __tracebackhide__ = True
        for table, refusal in refused.items():
            file = self._file(table)
            told = "" if file.is_file() else "there is no such file, and rows made of the columns' types: "
            if self.must_fill:
                fail_at(str(file), "no_rows", told=told, refusal=refusal)
            self.empty[table.name] = file, refusal.partition("\n")[0]

    def _file(self, table: Table) -> Path:
        return self.files.get(table.name, self.folder / f"{table.name}.sql")

    def _fill(self, connection: Connection, table: Table) -> str | None:
        """Put rows into a table; return why there are none."""
        some = f"SELECT FROM {table.identifier} LIMIT 1".encode()
        if connection.execute(some).fetchone() is not None:
            return None
        file, refusals = self._file(table), []
        for insert in [file.read_bytes()] if file.is_file() else [each.encode() for each in table.inserts]:
            try:
                connection.execute(insert)
            except psycopg.Error as refusal:
                refusals.append(str(refusal).strip())
            if connection.execute(some).fetchone() is not None:
                return None
        return refusals[0] if refusals else "the table has no row after it."
