"""A live database, looked at and never touched: where it is, and sessions that its own server holds read-only."""

import re
import tomllib
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.harness.catalog.sql_text import filled
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.core.versions import SUPPORTED
from tests.harness.server.connection import Connection
from tests.harness.server.session import Session

# Shown in the live server's pg_stat_activity, where its keepers see who is there.
WHO = "calculator2-migration-gate, reading the catalog"
# Everything is said for one transaction. Behind a pooler in transaction mode, the next one is somebody else's, and a
# setting for the session would stay with them: a read-only connection handed to the application.
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WAITS = {"statement": TIMEOUTS.live_statement, "lock": TIMEOUTS.live_lock, "idle": TIMEOUTS.live_idle}
SETTINGS = filled(Path(__file__).with_suffix(".sql"), {name: str(each) for name, each in WAITS.items()}).encode()
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SECRETS = ("password", "sslpassword")
# What libpq says is never shown: of a bad URL it quotes parts, the password's among them.
CAUSES: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["causes"]


class BadAddress(Exception):
    """An option that names no database; the text says how to write it, and quotes nothing of it."""


class CannotRead(Exception):
    """A live database that cannot be read, or not safely; the text is for the person at the terminal."""


@dataclass(frozen=True)
class Address:
    """Where a live database is, as libpq's parameters; it never shows them."""

    parameters: dict[str, Any] = field(repr=False)


def address(option: str, environment: MutableMapping[str, str]) -> Address:
    """Read the option: a URL without a password, or `env:NAME`, whose variable is taken out of the environment.

    Raises BadAddress.
    """
    if not option.startswith("env:"):
        found = _parsed(option, "--database-url")
        if any(name in found for name in SECRETS):
            raise BadAddress(
                "--database-url: a command line is there for everybody to read, so it takes no password. Set the URL "
                "as an environment variable, and give --database-url=env:DATABASE_URL."
            )
        return Address(found)
    name = option.removeprefix("env:")
    if VARIABLE.fullmatch(name) is None:
        raise BadAddress("--database-url: after env: goes the name of an environment variable, as in env:DATABASE_URL.")
    url = environment.pop(name, "")
    if not url:
        raise BadAddress(f"--database-url: the environment variable {name} is not set. Set it to the database's URL.")
    return Address(_parsed(url, f"the URL in {name}"))


def connect(address: Address) -> Connection:
    """Connect, and make sure that the server holds a transaction read-only. Raises CannotRead."""
    defaults = {"connect_timeout": TIMEOUTS.live_connection, "application_name": WHO}
    try:
        # A statement prepared in one transaction is unknown to the server that a pooler gives to the next.
        connection = psycopg.connect(  # noqa: TID251 - the live database
            **{**defaults, **address.parameters}, autocommit=True, prepare_threshold=None
        )
    # Whatever it is, a traceback of it could show the password: nothing of it may leave this function.
    except Exception as fault:
        cause = _cause(str(fault))
    else:
        try:
            ReadOnlySession(connection).end()
            if (major := connection.info.server_version // 10000) not in SUPPORTED:
                raise CannotRead(
                    f"the live database is PostgreSQL {major}; the contract is for {SUPPORTED[0]} to {SUPPORTED[-1]}."
                )
        except CannotRead:
            connection.close()
            raise
        return connection
    raise CannotRead(f"no connection to the live database: {cause}. Check the URL; it is not shown here.")


class ReadOnlySession(Session):
    """A session that can change nothing: its one transaction is read-only to the server, and is rolled back."""

    def __init__(self, connection: Connection) -> None:
        """Begin the transaction, and ask the server whether it is read-only. Raises CannotRead."""
        try:
            super().__init__(connection, BEGIN)
            # The first query of a transaction also makes its mode final.
            mode = connection.execute("SELECT pg_catalog.current_setting('transaction_read_only')").fetchone()
            if mode == ("on",):
                connection.execute(SETTINGS)
        except psycopg.Error as fault:
            raise CannotRead(f"the live database ended the session, or refused it: {_words(fault)}.") from None
        if mode != ("on",):
            self.end()
            raise CannotRead(
                "the live database does not hold a transaction read-only, though told to, so nothing was asked of it. "
                "Something between here and the server changes what is sent: connect to the server itself."
            )


def describe(session: Session) -> str:
    """Say what was connected to, in the server's words."""
    ((name, user),) = session.run("SELECT pg_catalog.current_database()::text, current_user::text").rows
    version = session.connection.info.server_version
    return f"PostgreSQL {version // 10000}.{version % 10000}, database {name}, as {user}, read-only"


def missing(session: Session, tables: set[str]) -> list[str]:
    """Name the tables that are not there, of some named with their schema. Raises CannotRead."""
    try:
        found = session.run("SELECT t FROM unnest(%s::text []) AS t WHERE to_regclass(t) IS NULL", [sorted(tables)])
    except psycopg.Error as fault:
        raise CannotRead(f"the live database does not let this user look: {_words(fault)}.") from None
    return [str(table) for (table,) in found.rows]


def _parsed(url: str, place: str) -> dict[str, Any]:
    """Read a URL as libpq does, but refuse what it would guess at: it may take part of a password for a host."""
    advice = "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    escapes = "with @ / : ? % in a password as %40 %2F %3A %3F %25."
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres"}:
        raise BadAddress(f"{place} does not begin with postgresql://. {advice}.")
    before, _, parameters = rest.partition("?")
    authority, _, path = before.partition("/")
    if authority.count("@") > 1 or "@" in path or "/" in path or "@" in parameters:
        raise BadAddress(f"{place} is ambiguous. {advice}, {escapes}")
    try:
        found = conninfo_to_dict(url)
    # libpq quotes the URL; a name or a password in no known encoding gets no further than this either.
    except (psycopg.Error, UnicodeError):
        found = None
    if found is None or not str(found.get("port", "0")).isdecimal() or "," in str(found.get("host", "")):
        raise BadAddress(f"{place} is none that libpq understands, or names several servers. {advice}, {escapes}")
    return found


def _cause(message: str) -> str:
    causes = (cause for words, cause in CAUSES.items() if words in message)
    return next(causes, "the server cannot be reached, or lets nobody in with these settings")


def _words(fault: psycopg.Error) -> str:
    """Quote what a server said; what libpq says without one is reworded."""
    return fault.diag.message_primary or _cause(str(fault))
