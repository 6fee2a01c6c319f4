"""Tests under which the server is lost, each in another way; what comes after them would fail too."""

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session

FILL = "CREATE TABLE public.filler AS SELECT repeat(i::text, 1000) FROM generate_series(1, 100000000) AS i"


def pid_file(server: Server) -> list[str]:
    """The lines of the file that the server's first process writes, beginning with its ID."""
    return (Path(server.socket_dir) / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()


def postmaster(database: Database) -> int:
    """The server's process."""
    return int(pid_file(database.server)[0])


def test_postmaster_killed(own_database: Database) -> None:
    """The kernel, or an operator, kills the server."""
    os.kill(postmaster(own_database), signal.SIGKILL)
    with closing(own_database.connect(SUPERUSER)) as connection:
        connection.execute("SELECT 1")


def test_killed_unnoticed(own_database: Database) -> None:
    """The test itself passes, as it does not need the server any more."""
    os.kill(postmaster(own_database), signal.SIGKILL)


def test_backend_killed(session: Session) -> None:
    """The kernel kills a process of the server that had taken too much memory; PostgreSQL ends all the others."""
    os.kill(session.connection.info.backend_pid, signal.SIGKILL)
    session.run("SELECT 1")


def test_stopped(own_database: Database) -> None:
    """Somebody stops the server."""
    with closing(own_database.connect(SUPERUSER)) as connection:
        os.kill(postmaster(own_database), signal.SIGINT)
        connection.execute("SELECT pg_sleep(60)")


def test_filled(own_database: Database) -> None:
    """A statement writes without end."""
    with closing(own_database.connect(SUPERUSER)) as connection:
        connection.execute(FILL)


@pytest.mark.parametrize("number", range(200))
def test_the_others(session: Session, number: int) -> None:
    """Use the server."""
    session.run("SELECT %s::int", [number])
