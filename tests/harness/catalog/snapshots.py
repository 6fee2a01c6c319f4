"""What "the same catalog" and "the same rows" mean: views of a database as sorted lines, to be compared."""

import difflib
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from psycopg import sql
from psycopg.pq import TransactionStatus

from tests.harness.server.connection import Connection

Lines = tuple[str, ...]
View = Callable[[Connection], Lines]

CATALOG, RELATIONS, SPELLING = (
    Path(__file__).with_name(f"{each}.sql").read_bytes() for each in ("snapshots", "relations", "spelling")
)
# A diff that is longer or wider says no more.
LONGEST, WIDEST, CONTEXT = 20, 200, 40
# Between what a line of the catalog is about and what it says.
SEPARATOR = " · "

ROWS = sql.SQL("SELECT format('%s %s xmin %s: %s', {name}::text, t.ctid, t.xmin, t) FROM {table} AS t ORDER BY t.ctid")
NEXT = sql.SQL("SELECT format('%s: last %s, called %s', {name}::text, last_value, is_called) FROM {table}")


def catalog(connection: Connection) -> Lines:
    """Everything that SQL can have defined in the database, and the server's roles, without OIDs."""
    with _undisturbed(connection):
        return tuple(str(line) for (line,) in connection.execute(CATALOG))


def identities(connection: Connection) -> Lines:
    """The OID and the file of each table and index of the project's, which change if it is made again or rewritten."""
    with _undisturbed(connection):
        return tuple(str(line) for *_, line in connection.execute(RELATIONS, [[*"rpiIm"]]) if line is not None)


def tables(connection: Connection) -> list[sql.Identifier]:
    """The ordinary tables that hold the application's rows."""
    return _relations(connection, "r")


def rows(connection: Connection) -> Lines:
    """Every row of every table with its place and version, and the state of every sequence."""
    with _undisturbed(connection):
        found = [(ROWS, name) for name in tables(connection)] + [(NEXT, name) for name in _relations(connection, "S")]
        queries = [query.format(name=name.as_string(None), table=name) for query, name in found]
        return tuple(str(line) for query in queries for (line,) in connection.execute(query))


def everything(connection: Connection) -> Lines:
    """All three views."""
    return (*catalog(connection), *identities(connection), *rows(connection))


def difference(before: Sequence[str], after: Sequence[str]) -> str:
    """Show what was lost (-) and what came (+), without the lines that are the same; empty if nothing."""
    old, new = frozenset(before), frozenset(after)
    lost, came = [line for line in before if line not in new], [line for line in after if line not in old]
    marked = difflib.unified_diff(_shown(lost, came), _shown(came, lost), lineterm="", n=0)
    changes = [line for line in islice(marked, 2, None) if not line.startswith("@@")]
    rest = max(0, len(lost) - LONGEST) + max(0, len(came) - LONGEST)
    return "\n".join([*(f"    {line}" for line in changes), *([f"    … and {rest} lines more"] if rest else [])])


def _shown(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """Take the first; give a function's body its own lines; of what is too wide, begin where others differ."""
    shown = []
    for line in lines[:LONGEST]:
        subject = f"{line.partition(SEPARATOR)[0]}{SEPARATOR}"
        twin = next((each for each in others if each.startswith(subject)), "")
        same = next((at for at, (one, other) in enumerate(zip(line, twin, strict=False)) if one != other), 0)
        if len(line) > WIDEST and "\n" not in line and same > len(subject) + CONTEXT:
            line = f"{subject}… {line[same - CONTEXT :]}"
        shown += [textwrap.shorten(part, WIDEST) if len(part) > WIDEST else part for part in line.splitlines()]
    return shown


def _relations(connection: Connection, kind: str) -> list[sql.Identifier]:
    return [sql.Identifier(str(schema), str(name)) for schema, name, _ in connection.execute(RELATIONS, [[kind]])]


@contextmanager
def _undisturbed(connection: Connection) -> Iterator[None]:
    """Read in one spelling whatever the session's settings are, and leave them and its transaction as they were."""
    inside = connection.info.transaction_status is TransactionStatus.INTRANS
    connection.execute("SAVEPOINT reading" if inside else "BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        connection.execute(SPELLING)
        yield
    finally:
        connection.execute("ROLLBACK TO reading; RELEASE reading" if inside else "ROLLBACK")
