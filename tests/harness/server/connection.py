"""Connections to the throwaway server: each is made here."""

import psycopg

from tests.harness.core.timestamps import register

PORT = 5432

Connection = psycopg.Connection[tuple[object, ...]]


def connect(
    socket_dir: str, password: str, user: str, dbname: str = "postgres", *, seconds: int | None = None
) -> Connection:
    """Open a connection, in autocommit mode, to the server whose socket is in a folder.

    `seconds` bound the start, and each statement. Raises psycopg.OperationalError.
    """
    connection = psycopg.connect(  # noqa: TID251 - the gate's own server
        host=socket_dir,
        port=PORT,
        user=user,
        password=password,
        dbname=dbname,
        autocommit=True,
        connect_timeout=seconds,
        options=f"-c statement_timeout={seconds}s" if seconds else None,
    )
    # What is left in a migrator's session is taken for a migration's; a session's own are StatementPipeline's.
    connection.prepare_threshold = None
    register(connection)
    return connection
