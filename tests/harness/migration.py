"""Migration files: found, read, checked before anything runs them, and applied.

They are applied as the dashboard's SQL editor does: the whole file as one simple query, as `postgres`.
"""

from __future__ import annotations

import re
import select
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pglast
import psycopg
from psycopg.pq import ExecStatus

from tests.harness.server import Connection

NAME = re.compile(r"(?P<number>\d+)_\w+\.sql", re.ASCII)


class BadMigrations(Exception):
    """A folder or file that cannot be gated; the text names it and says how to mend it."""


@dataclass(frozen=True)
class Statement:
    """One statement of a file: its text, and the line (from 1) on which it begins."""

    text: str
    line: int


@dataclass(frozen=True)
class Migration:
    """One numbered file and its statements."""

    path: Path
    number: int
    text: str
    statements: tuple[Statement, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


@dataclass(frozen=True)
class DoesNotApply(Exception):
    """PostgreSQL refused a migration: at which line, at which statement, in its own words."""

    migration: Migration
    line: int
    statement: str
    error: psycopg.Error

    def __str__(self) -> str:
        """Say it as a person at the terminal wants to read it."""
        first_lines = "\n".join(f"    {line}" for line in self.statement.splitlines()[:6])
        message = self.error.diag.message_primary or str(self.error)
        extra = [
            f"  {label}: {text}"
            for label, text in (
                ("detail", self.error.diag.message_detail),
                ("hint", self.error.diag.message_hint),
            )
            if text
        ]
        return "\n".join(
            [
                f"{self.migration.path}:{self.line}: the migration does not apply, and nothing else was tried.",
                f"  PostgreSQL says: {message} (SQLSTATE {self.error.sqlstate})",
                *extra,
                "  The statement:",
                first_lines,
            ]
        )


def read_folder(folder: Path) -> tuple[Migration, ...]:
    """Read the migrations of a folder, in the order of their numbers. Raises BadMigrations."""
    advice = "Give --migrations the folder that holds the .sql files."
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".sql")
    except FileNotFoundError:
        raise BadMigrations(f"{folder}: no such folder. {advice}") from None
    except OSError as refusal:
        raise BadMigrations(f"{folder}: cannot be read as a folder ({refusal.strerror}). {advice}") from None
    if not files:
        raise BadMigrations(f"{folder}: there is no .sql file in this folder. {advice}")
    migrations = sorted((read_file(path) for path in files), key=lambda migration: migration.number)
    for one, other in pairwise(migrations):
        if one.number == other.number:
            raise BadMigrations(
                f"{other.path}: number {one.number} is taken by {one.path.name}. Give each migration its own number."
            )
    return tuple(migrations)


def read_file(path: Path) -> Migration:
    """Read one migration. Raises BadMigrations."""
    name = NAME.fullmatch(path.name)
    if name is None:
        raise BadMigrations(f"{path}: the name has no number. Name it like 014_create_calculator2_sessions.sql.")
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as refusal:
        raise BadMigrations(
            f"{path}: cannot be read ({refusal.strerror}). Make it a file that you can read, or take it out of the "
            "folder."
        ) from None
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        raise BadMigrations(f"{path}:{line}: not UTF-8 (byte {fault.start}). Save the file as UTF-8.") from None
    statements = tuple(split(text, path))
    if not statements:
        raise BadMigrations(f"{path}: the file holds no statement.")
    return Migration(path, int(name["number"]), text, statements)


def split(text: str, path: Path) -> list[Statement]:
    """Split a file into statements. Raises BadMigrations for what only psql understands.

    A file that PostgreSQL's grammar does not accept comes back as one statement: the server is the one to say why.
    """
    try:
        parsed = pglast.parse_sql(text)
    except pglast.parser.ParseError as fault:
        at = fault.args[1] or 0
        line_start = text.rfind("\n", 0, at) + 1
        if text[line_start:].lstrip().startswith("\\"):
            word = text[line_start:].split(maxsplit=1)[0]
            raise BadMigrations(
                f"{path}:{_line(text, at)}: {word} is a psql meta-command; the dashboard and the Supabase CLI "
                "cannot run it. Write SQL only."
            ) from None
        return [Statement(text, _line(text, at))]
    statements = []
    for raw in parsed:
        start = raw.stmt_location or 0
        end = start + raw.stmt_len if raw.stmt_len else len(text)
        if isinstance(raw.stmt, pglast.ast.CopyStmt) and raw.stmt.is_from and raw.stmt.filename is None:
            raise BadMigrations(
                f"{path}:{_line(text, start)}: COPY … FROM STDIN needs psql to send the rows; the dashboard and the "
                "Supabase CLI cannot. Use INSERT."
            )
        statements.append(Statement(text[start:end], _line(text, start)))
    return statements


def apply(connection: Connection, migration: Migration) -> None:
    """Send the whole file as one simple query. Raises DoesNotApply; the connection is then fit only to be closed."""
    channel = connection.pgconn
    channel.send_query(migration.text.encode())
    done = 0
    failure: psycopg.Error | None = None
    while (result := next_result(channel)) is not None:
        if result.status == ExecStatus.FATAL_ERROR:
            failure = failure or psycopg.errors.error_from_result(result)
        elif failure is None:
            done += 1
    if failure is None:
        return
    statement, line = migration.text, migration.statements[0].line
    if done < len(migration.statements):
        statement, line = migration.statements[done].text, migration.statements[done].line
    if failure.diag.statement_position is not None:
        line = _line(migration.text, int(failure.diag.statement_position) - 1)
    raise DoesNotApply(migration, line, statement, failure)


def next_result(channel: psycopg.pq.abc.PGconn) -> psycopg.pq.abc.PGresult | None:
    """Wait for a result without holding up the other threads, as PQgetResult itself would."""
    while channel.is_busy():
        select.select([channel.socket], [], [])
        channel.consume_input()
    return channel.get_result()


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
