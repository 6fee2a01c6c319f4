"""Migration files: found, read, checked before anything runs them, and applied.

They are applied as the dashboard's SQL editor does: the whole file as one simple query, as `postgres`. A file may be of
anybody, so its size, its kind and its time are bounded.
"""

import re
import stat
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pglast
import psycopg

from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.bounded_query import BoundedQuery
from tests.harness.migrations.edits import parse
from tests.harness.migrations.parser import parser_failure
from tests.harness.server.connection import Connection

# What the Supabase CLI applies: the digits are the version, and any other name is passed over.
NAME = re.compile(r"(?P<version>\d+)_.*\.sql", re.ASCII)
# A file is split into statements again for each statement that it is stopped after, by each delivery.
LARGEST_BYTES = 256 * 1024
# What is applied already is run once, so its seeds may be large.
LARGEST_HISTORY_BYTES = 64 * 1024 * 1024
# Each delivery is tried with a failure after every statement: the work grows with the square of their number.
MOST_STATEMENTS = 300
# What a terminal, or the CI service that reads the log, would take for a command.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Its rows stand behind it, where PostgreSQL's grammar meets them.
COPY_IN = re.compile(r"^\s*(?P<copy>COPY)\b[^;]*\bFROM\s+STDIN\b[^;]*;", re.IGNORECASE | re.MULTILINE)
# Of a statement that is shown.
LONGEST_LINE = 200
MOST_LINES = 6
COMMAND = re.compile(r"^(\s*)(::|##\[)", re.MULTILINE)


# What to do about an error, by SQLSTATE.
HINTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("hints.toml").read_text(encoding="utf-8"))
FAULTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))


class BadMigrations(Exception):
    """A folder that cannot be gated; the text names it, and says in the words of faults.toml how to mend it."""

    def __init__(self, place: Path | str, fault: str, **values: object) -> None:
        super().__init__(f"{place}: {FAULTS[fault].format(**values)}")


class BadFile(BadMigrations):
    """A file that no tool could apply, or that cannot be tried; the text is as that of BadMigrations."""


@dataclass(frozen=True)
class Statement:
    """One statement of a file: its text, and the line (from 1) on which it begins."""

    text: str
    line: int


@dataclass(frozen=True)
class Migration:
    """One file: its version (the digits of its name), its statements, and whether it is applied already (history)."""

    path: Path
    version: str
    text: str
    statements: tuple[Statement, ...]
    is_history: bool = False

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def first_line(self) -> int:
        """The line (from 1) of its first statement."""
        return self.statements[0].line if self.statements else 1

    @property
    def is_event(self) -> bool:
        """Whether it is judged while it is applied, and not only by what stands at the end."""
        return bool(self.statements) and not self.is_history


@dataclass(frozen=True)
class ApplyFailure:
    """How a migration failed to apply: at which line and statement, why, and how to mend it.

    `error` is PostgreSQL's; `how` is empty where its words say all: it refused the statement. `statement` is empty
    where it is not one statement's doing. `clause` is the one that is broken, and `what` says so.
    """

    migration: Migration
    line: int
    statement: str
    error: psycopg.Error
    how: str = ""
    hint: str = ""
    clause: str = "I1"
    what: str = "the migration does not apply"

    @property
    def is_history(self) -> bool:
        """Whether PostgreSQL refuses what was applied once."""
        return self.migration.is_history and not (self.how or self.hint)

    def __str__(self) -> str:
        """Say it as a person at the terminal wants to read it."""
        diag = self.error.diag
        says = f"{diag.message_primary or self.error} (SQLSTATE {self.error.sqlstate})"
        happened = {"What happened": self.how} if self.how else {"PostgreSQL says": says}
        more = {} if self.how else {"detail": diag.message_detail, "hint": diag.message_hint}
        hint = self.hint or HINTS.get(self.error.sqlstate or "", "")
        told = {**happened, **more, "Hint": f"{hint} {HINTS['history']}".strip() if self.is_history else hint}
        what = f"{self.what}, and nothing else was tried."
        lines = [f"{self.migration.path}:{self.line}: {HINTS['from_nothing'] if self.is_history else what}"]
        lines += [f"  {label}: {text}" for label, text in told.items() if text]
        if statement := self.statement.strip("\n").splitlines()[:MOST_LINES]:
            lines += ["  The statement:", *(f"    {line[:LONGEST_LINE]}" for line in statement)]
        return escaped("\n".join(lines))


class DoesNotApply(Exception):
    """A migration did not apply, or did to others what it must not; its text is the failure's."""

    def __init__(self, failure: ApplyFailure) -> None:
        super().__init__(failure)
        self.failure = failure


def escaped(text: str) -> str:
    """Spell out control characters, and keep lines from being read as a command by the service that runs the gate."""
    spelt = CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)
    return COMMAND.sub(r"\1\\\2", spelt)


def read_folder(folder: Path, history: Collection[str] = ()) -> tuple[Migration, ...]:
    """Read the migrations of a folder in the order of the Supabase CLI: by version, as text.

    What that passes over is left out. Those whose names are in `history` come first: they are applied wherever the
    others will be. Raises BadMigrations.
    """
    try:
        files = [path for path in folder.iterdir() if path.suffix == ".sql"]
    except FileNotFoundError:
        raise BadMigrations(folder, "no_folder") from None
    except OSError as refusal:
        raise BadMigrations(folder, "no_readable_folder", why=refusal.strerror) from None
    if not files:
        raise BadMigrations(folder, "no_sql_file")
    found = [read_file(path, is_history=path.name in history) for path in sorted(files) if NAME.fullmatch(path.name)]
    return tuple(sorted(found, key=lambda migration: (not migration.is_history, migration.version)))


def read_file(path: Path, *, is_history: bool = False) -> Migration:
    """Read one migration, whose name has a version in front. Raises BadFile."""
    version = path.name.partition("_")[0]
    text = _text(path, LARGEST_HISTORY_BYTES if is_history else LARGEST_BYTES)
    if (failure := parser_failure(text, TIMEOUTS.parser)) is not None:
        raise BadFile(path, "too_deep", failure=failure)
    statements = split(text, path)
    if len(statements) > MOST_STATEMENTS and not is_history:
        raise BadFile(path, "too_many_statements", number=len(statements), most=MOST_STATEMENTS)
    return Migration(path, version, text, statements, is_history)


def _text(path: Path, largest: int) -> str:
    """Read a file of any kind and size; the Supabase CLI drops a byte order mark. Raises BadFile."""
    try:
        # Not followed: a link could lead to a device without an end, or to what the log must not show.
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise BadFile(path, "no_plain_file")
        if status.st_size > largest:
            raise BadFile(path, "too_large", size=status.st_size, largest=largest)
        content = path.read_bytes()
    except OSError as refusal:
        raise BadFile(path, "no_readable_file", why=refusal.strerror) from None
    if (nul := content.find(b"\0")) >= 0 and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        line = content.count(b"\n", 0, nul) + 1
        raise BadFile(f"{path}:{line}", "nul_byte")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise BadFile(f"{path}:{line}", "not_utf8", byte=fault.start) from None


@lru_cache(1000)
def split(text: str, path: Path) -> tuple[Statement, ...]:
    """Split a file into statements. Raises BadFile for what only psql understands.

    A file that PostgreSQL's grammar does not accept comes back as one statement: the server says why.
    """
    try:
        parsed = parse(text)
    except pglast.parser.ParseError as fault:
        at = fault.args[1] or 0
        line_start = text.rfind("\n", 0, at) + 1
        if text[line_start:].lstrip().startswith("\\"):
            word = text[line_start:].split(maxsplit=1)[0]
            raise BadFile(f"{path}:{_line(text, at)}", "meta_command", word=word) from None
        if (copy := COPY_IN.search(text)) is not None and copy.end() <= at:
            raise BadFile(f"{path}:{_line(text, copy.start('copy'))}", "copy", where="FROM STDIN") from None
        return (Statement(text, _line(text, at)),)
    statements = []
    for each in parsed:
        line = _line(text, each.start)
        if isinstance(each.tree, pglast.ast.CopyStmt) and each.tree.filename is None:
            raise BadFile(f"{path}:{line}", "copy", where="FROM STDIN" if each.tree.is_from else "TO STDOUT")
        statements.append(Statement(text[each.start : each.end], line))
    return tuple(statements)


# In no transaction; and a new value of an enum, used before the transaction that adds it has ended.
ONE_BY_ONE = ("25001", "55P04")


def apply(connection: Connection, migration: Migration, seconds: float = TIMEOUTS.statement) -> None:
    """Send the file as one simple query. Raises DoesNotApply: the connection is then fit only to be closed."""
    query = BoundedQuery(connection, seconds)
    query.send(migration.text)
    if query.failure is None:
        return
    statement, line = migration.text, 1
    if query.done < len(migration.statements):
        statement, line = migration.statements[query.done].text, migration.statements[query.done].line
    if query.failure.diag.statement_position is not None:
        line = _line(migration.text, int(query.failure.diag.statement_position) - 1)
    if isinstance(query.failure, psycopg.errors.SyntaxError):
        # What is no SQL is no statement either: the lines up to the error.
        statement = "\n".join(migration.text.splitlines()[max(0, line - MOST_LINES) : line])
    raise DoesNotApply(ApplyFailure(migration, line, statement, query.failure, query.how, query.hint))


def apply_history(connection: Connection, migration: Migration, seconds: float) -> None:
    """Apply a file that was applied once, by whichever tool: as one query, or else statement by statement.

    Raises DoesNotApply.
    """
    try:
        apply(connection, migration, seconds)
    except DoesNotApply as refusal:
        if refusal.failure.error.sqlstate not in ONE_BY_ONE:
            raise
        connection.execute("ROLLBACK")
        for each in migration.statements:
            apply(connection, replace(migration, text="\n" * (each.line - 1) + each.text, statements=(each,)), seconds)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
