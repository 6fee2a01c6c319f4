"""What a migration file must not do to whoever delivers it, and to whoever has it already."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pglast
from pglast.enums import TransactionStmtKind as Kind
from psycopg.errors import Diagnostic

from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import SAVEPOINTS, begin_as_delivered, transaction_control
from tests.harness.migrations.files import Migration, Statement
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.upgrade.support.case import fail_at

SESSION = Path(__file__).with_name("session.sql").read_bytes()
SETTING = "setting "
POLICIES = b"SELECT c.relname, p.polname FROM pg_policy AS p INNER JOIN pg_class AS c ON p.polrelid = c.oid"
# Without them, a policy's name says the same.
FILLERS = {"a", "an", "the", "can", "may", "could", "is", "are", "be", "to", "of", "on", "in", "for", "and"}


def find_unpaired(statements: Sequence[Statement]) -> tuple[Statement, str] | None:
    """Find a statement that begins or ends a transaction where it must not, and say why."""
    open_since: Statement | None = None
    for statement in statements:
        kind = transaction_control(statement.text)
        if kind in {Kind.TRANS_STMT_BEGIN, Kind.TRANS_STMT_START}:
            if open_since is not None:
                return statement, f"a BEGIN inside the transaction of line {open_since.line}"
            open_since = statement
        elif kind == Kind.TRANS_STMT_COMMIT:
            if open_since is None:
                return statement, "a COMMIT without a BEGIN"
            open_since = None
        elif kind is not None and kind not in SAVEPOINTS:
            return statement, "a statement that ends a transaction and keeps nothing, or not here"
    return (open_since, "a BEGIN without a COMMIT") if open_since is not None else None


def session_state(connection: Connection) -> Lines:
    """List what a session has that a new one has not, but settings: the Supabase CLI resets those before each file."""
    return tuple(line for line in _session(connection) if not line.startswith(SETTING))


def session_settings(connection: Connection) -> Lines:
    """List what a session has set."""
    return tuple(line for line in _session(connection) if line.startswith(SETTING))


def _session(connection: Connection) -> Iterator[str]:
    return (str(line) for (line,) in connection.execute(SESSION))


def warnings(database: Database, migration: Migration) -> Iterator[tuple[Statement, str]]:
    """Run the file, and list PostgreSQL's warnings with the statements that they are about."""
    heard: list[str] = []

    def hear(notice: Diagnostic) -> None:
        # A throwaway server keeps no log to publish from; the platform's does.
        is_of_the_server = notice.sqlstate == "55000" and "wal_level" in (notice.message_primary or "")
        if notice.severity_nonlocalized == "WARNING" and not is_of_the_server:
            heard.append(f"{notice.sqlstate}: {notice.message_primary}")

    with closing(database.connect(MIGRATOR)) as connection:
        begin_as_delivered(connection, migration)
        connection.add_notice_handler(hear)
        for statement in migration.statements:
            connection.execute(statement.text.encode())
            yield from ((statement, warning) for warning in heard)
            heard.clear()


def passed_over(database: Database, migration: Migration) -> Iterator[tuple[Statement, str, str]]:
    """Run the file, and yield what drops a policy that is not there, and a policy of nearly that name that stays."""
    with closing(database.connect(MIGRATOR)) as connection:
        begin_as_delivered(connection, migration)
        dropped = []
        for statement in migration.statements:
            with suppress(pglast.parser.ParseError):
                tree: Any = pglast.parse_sql(statement.text)[0].stmt
                if getattr(getattr(tree, "removeType", None), "name", None) == "OBJECT_POLICY" and tree.missing_ok:
                    dropped.append((statement, *(each.sval for each in tree.objects[0][-2:]), _policies(connection)))
            connection.execute(statement.text.encode())
        at_last = _policies(connection)
    for statement, table, name, there in dropped:
        for other in sorted(other for of, other in there & at_last if of == table):
            if (table, name) not in there and _words(other) == _words(name):
                yield statement, name, other


def _policies(connection: Connection) -> set[tuple[str, str]]:
    """List the policies that are there, each with its table's name."""
    return {(str(table), str(name)) for table, name in connection.execute(POLICIES)}


def _words(name: str) -> set[str]:
    """Return the words of a policy's name that matter, without a plural's s."""
    return {word.removesuffix("s") for word in re.findall(r"[^\W_]+", name.lower())} - FILLERS


def check_applied(folder: MigrationsFolder, migrations: Sequence[Migration]) -> None:
    """Fail where the record of what is applied cannot be right, or a file is not what was applied."""
    __tracebackhide__ = True
    history = folder.history
    if folder.record.is_file():
        for number, line in enumerate(folder.record.read_text(encoding="utf-8").splitlines(), start=1):
            if re.fullmatch(r"[0-9a-f]{64}  .+", line) is None:
                raise AssertionError(f"{folder.record}:{number}: not a line of sha256sum.")
    if gone := history.gone():
        raise AssertionError(f"{folder.path}: {', '.join(gone)} is applied, and no longer in the folder. Put it back.")
    by_version = sorted(migrations, key=lambda each: each.version)
    applied = [each.path.name in history.applied for each in by_version]
    if True in applied and False in applied[: (last := len(applied) - 1 - applied[::-1].index(True))]:
        first, other = by_version[last].path.name, by_version[applied.index(False)].path
        raise AssertionError(f"{other}: {first} is applied, and this file before it is not. Give it a later version.")
    for name, first_line, says in history.edits():
        fail_at(f"{folder.path / name}:{first_line}", "edited", record=says, name=name, folder=folder.path)
