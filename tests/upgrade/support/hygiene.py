"""What a migration file must not do to whoever delivers it, and to whoever has it already."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pglast.enums import TransactionStmtKind as Kind
from psycopg.errors import Diagnostic

from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import SAVEPOINTS, transaction_control
from tests.harness.migrations.files import Migration, Statement
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database

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
        connection.add_notice_handler(hear)
        for statement in migration.statements:
            connection.execute(statement.text.encode())
            yield from ((statement, warning) for warning in heard)
            heard.clear()


def read_record(record: Path, migrations: Sequence[Migration]) -> dict[str, str]:
    """Read which files are applied somewhere, and their hashes when they were. Fails where that cannot be right."""
    __tracebackhide__ = True
    if not record.is_file():
        return {}
    hashes = {}
    for number, line in enumerate(record.read_text(encoding="ascii").splitlines(), start=1):
        digest, gap, name = line.partition("  ")
        if not gap or re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise AssertionError(f"{record}:{number}: not a line of sha256sum.")
        hashes[name] = digest
    names = [migration.path.name for migration in migrations]
    if missing := sorted(hashes.keys() - set(names)):
        raise AssertionError(f"{record}: {', '.join(missing)} is applied, and no longer in the folder. Put it back.")
    waiting = [name for name in names if name not in hashes]
    if waiting and (overtaking := [name for name in names[names.index(waiting[0]) :] if name in hashes]):
        first, other = overtaking[0], waiting[0]
        raise AssertionError(f"{record}: {first} is applied, and {other} before it is not. Give it a later number.")
    return hashes


def digest(migration: Migration) -> str:
    """Hash a file as sha256sum does."""
    return hashlib.sha256(migration.path.read_bytes()).hexdigest()
