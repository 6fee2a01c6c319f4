"""What a migration file must not do to whoever delivers it, and to whoever has it already."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

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
    """List what a session has that a new one has not."""
    return tuple(str(line) for (line,) in connection.execute(SESSION))


def warnings(database: Database, migration: Migration) -> Iterator[tuple[Statement, str]]:
    """Run the file, and list PostgreSQL's warnings with the statements that they are about."""
    heard: list[str] = []

    def hear(notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            heard.append(f"{notice.sqlstate}: {notice.message_primary}")

    with closing(database.connect(MIGRATOR)) as connection:
        begin_as_delivered(connection, migration)
        connection.add_notice_handler(hear)
        for statement in migration.statements:
            connection.execute(statement.text.encode())
            yield from ((statement, warning) for warning in heard)
            heard.clear()


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
