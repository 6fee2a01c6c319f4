"""One database of the throwaway server, and how it is made and dropped: by pytest-postgresql's janitor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import Cursor, sql
from psycopg.sql import Composed
from pytest_postgresql.janitor import DatabaseJanitor

from tests.harness.core.versions import CREATE_DATABASE_HAS_A_STRATEGY
from tests.harness.server.connection import Connection
from tests.harness.server.lifecycle import Server


@dataclass(frozen=True)
class Database:
    """One database of the throwaway server."""

    server: Server
    name: str

    def connect(self, user: str) -> Connection:
        """Open a connection of its own, in autocommit mode."""
        return self.server.connect(user, self.name)

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return f"<database {self.name}>"


class Janitor(DatabaseJanitor):
    """Makes a database as a copy of a template, and drops it, through a connection of the superuser that stays open."""

    def __init__(self, superuser: Connection, name: str, *, template: str, owner: str) -> None:
        info = superuser.info
        super().__init__(user=info.user, host=info.host, port=info.port, dbname=name, template_dbname=template)
        self.superuser = superuser
        self.owner = owner

    @contextmanager
    def cursor(self, dbname: str | None = None) -> Iterator[Cursor]:
        """Return a cursor on the connection: to open one for each database takes half as long as to copy it."""
        with self.superuser.cursor() as cursor:
            yield cursor

    def _build_create_database_sql(self) -> Composed:
        """Name the owner too, and copy files: that takes a third of what a copy through the log takes."""
        strategy = self.superuser.info.server_version // 10000 >= CREATE_DATABASE_HAS_A_STRATEGY
        more = sql.SQL(" OWNER {}").format(sql.Identifier(self.owner)) + sql.SQL(" STRATEGY FILE_COPY" * strategy)
        return super()._build_create_database_sql() + more
