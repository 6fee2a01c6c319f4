"""What a migration file must not do to whoever delivers it, and to whoever has it already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pglast.enums import TransactionStmtKind as Kind
from psycopg.errors import Diagnostic

from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import transaction_control
from tests.harness.migrations.files import Migration, Statement
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database

# Inside the file's own transaction these begin and end nothing.
HARMLESS = frozenset(
    {Kind.TRANS_STMT_SAVEPOINT, Kind.TRANS_STMT_RELEASE, Kind.TRANS_STMT_ROLLBACK_TO},
)
SESSION = b"""
SELECT 'role ' || current_user || ', logged in as ' || session_user
UNION ALL SELECT 'setting ' || name || ' = ' || setting FROM pg_settings WHERE source = 'session'
UNION ALL SELECT 'lock ' || mode || ' ' || classid || ' ' || objid FROM pg_locks
WHERE locktype = 'advisory' AND pid = pg_backend_pid()
UNION ALL SELECT 'prepared statement ' || name FROM pg_prepared_statements
UNION ALL SELECT 'channel ' || channel FROM pg_listening_channels() AS channel
UNION ALL SELECT 'temporary ' || oid::regclass::text FROM pg_class WHERE relnamespace = pg_my_temp_schema()
ORDER BY 1
"""


class BadRecord(Exception):
    """A record that cannot be right; the text says why."""


def find_unpaired(statements: Sequence[Statement]) -> tuple[Statement, str] | None:
    """Find a statement that begins or ends a transaction where it must not, and say why."""
    open_since: Statement | None = None
    for statement in statements:
        match transaction_control(statement.text):
            case None:
                pass
            case kind if kind in HARMLESS:
                pass
            case Kind.TRANS_STMT_BEGIN | Kind.TRANS_STMT_START:
                if open_since is not None:
                    return statement, f"a BEGIN inside the transaction of line {open_since.line}"
                open_since = statement
            case Kind.TRANS_STMT_COMMIT if open_since is not None:
                open_since = None
            case Kind.TRANS_STMT_COMMIT:
                return statement, "a COMMIT without a BEGIN"
            case _:
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
    """Read which files are applied somewhere, and their hashes when they were. Raises BadRecord."""
    if not record.is_file():
        return {}
    hashes = {}
    for number, line in enumerate(record.read_text(encoding="ascii").splitlines(), start=1):
        digest, gap, name = line.partition("  ")
        if not gap or re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise BadRecord(f"{record}:{number}: not a line of sha256sum.")
        hashes[name] = digest
    names = [migration.path.name for migration in migrations]
    if missing := sorted(hashes.keys() - set(names)):
        raise BadRecord(f"{record}: {', '.join(missing)} is applied, and no longer in the folder. Put it back.")
    waiting = [name for name in names if name not in hashes]
    if waiting and (overtaking := [name for name in names[names.index(waiting[0]) :] if name in hashes]):
        raise BadRecord(
            f"{record}: {overtaking[0]} is applied, and {waiting[0]} before it is not. Give it a later number."
        )
    return hashes


def digest(migration: Migration) -> str:
    """Hash a file as sha256sum does."""
    return hashlib.sha256(migration.path.read_bytes()).hexdigest()
