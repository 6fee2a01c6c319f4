"""Runs beside other runs, in any language and time zone, on a machine whose settings name another server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from tests.harness.server.connection import PORT
from tests.harness.server.process import SOCKET_NAME
from tests.selftest.runs import QUICK, RunFolder, run_folder

PSQL = "tests/contract/calculator2_sessions/test_execution.py"
SIDE_BY_SIDE = 8


def test_eight_runs_at_once_do_not_meet() -> None:
    """Side by side on one machine, in one temporary folder, all end green, and none with another's server."""
    with run_folder() as here, ExitStack() as stack:
        runs = [stack.enter_context(here.start("-q", QUICK)) for _ in range(SIDE_BY_SIDE)]
        said = [run.communicate(timeout=300)[0] for run in runs]
        assert [run.returncode for run in runs] == [0] * SIDE_BY_SIDE, said
        assert here.left() == []


class OtherServer:
    """A server that counts the connections to it."""

    def __init__(self, folder: Path) -> None:
        """Listen where libpq looks."""
        self.connections = 0
        self.local = socket.socket(socket.AF_UNIX)
        self.local.bind(str(folder / SOCKET_NAME))
        self.local.listen()
        self.thread = threading.Thread(target=self._count)
        self.thread.start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.local.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self.local.shutdown(socket.SHUT_RDWR)
        self.local.close()
        self.thread.join()


@pytest.fixture
def other_server(here: RunFolder) -> Iterator[OtherServer]:
    """A server that no run must connect to."""
    folder = here.folder / "pytest-of-elsewhere"
    folder.mkdir()
    with closing(OtherServer(folder)) as listening:
        yield listening


def hostile_home(folder: Path) -> dict[str, str]:
    """Write the files that make psql and libpq connect to another server into a home; return them."""
    files = {
        ".pgpass": "*:*:*:*:wrong\n",
        ".psqlrc": "\\echo psqlrc was read\nSELECT 1 / 0;\n",
        ".pg_service.conf": f"[elsewhere]\nhost={folder}\nuser=nobody\ndbname=other\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
    return files


def test_another_server_is_never_reached(here: RunFolder, other_server: OtherServer) -> None:
    """Variables and files that point to a server which listens: no connection comes, and no file is changed."""
    home = here.folder / "pytest-of-elsewhere"
    files = hostile_home(home)
    pointing = {
        "PGHOST": str(home),
        "PGHOSTADDR": "127.0.0.1",
        "PGPORT": str(PORT),
        "PGUSER": "nobody",
        "PGDATABASE": "other",
        "PGOPTIONS": "-c nonsense=1",
        "PGSERVICE": "elsewhere",
        "PGSERVICEFILE": str(home / ".pg_service.conf"),
        "PGPASSFILE": str(home / ".pgpass"),
        "PGSSLMODE": "verify-full",
        "DATABASE_URL": f"postgresql://nobody@/other?host={home}",
        "PSQLRC": str(home / ".psqlrc"),
    }
    status, printed = here.run("-q", QUICK, PSQL, HOME=str(home), **pointing)
    assert (status, other_server.connections) == (0, 0), printed
    assert {name: (home / name).read_text(encoding="ascii") for name in files} == files
    assert sorted(path.name for path in home.iterdir()) == sorted([*files, SOCKET_NAME])


def test_the_server_that_counts_does_count(here: RunFolder, other_server: OtherServer) -> None:
    """A connection to where those variables point is counted: the test above could fail."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(here.folder / "pytest-of-elsewhere"), port=PORT, user="nobody", dbname="other")
    assert other_server.connections == 1
