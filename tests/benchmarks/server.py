"""The throwaway server of the harness, for what is measured in this process; and a bare one, on a copy of its data."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.server.binaries import installation
from tests.harness.server.connection import connect
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import SETTINGS, Server
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory

START_SECONDS = 60


@contextmanager
def throwaway(pg: str | None = None) -> Iterator[Server]:
    """Start a server with the databases of a project before any migration."""
    running = platform.start(installation.usable(pg))
    try:
        yield running.server
    finally:
        running.stop()


@contextmanager
def copies(server: Server, migrations: Sequence[Migration]) -> Iterator[Callable[[], Database]]:
    """Make databases with some migrations applied; they are dropped at the end."""
    templates.build_migrated(server, "explicit", migrations)
    with closing(DatabaseFactory(server, "bench", migrations)) as factory:
        yield lambda: factory.keep(factory.lend(templates.migrated("explicit")))


def server_account() -> dict[str, Any]:
    """Name the account that a bare server runs as, where this is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class BareServer:
    """A copy of a ready data directory, and `postgres` started on it: the least that any start must do."""

    def __init__(self, server: Server) -> None:
        """Take the data of a running server, and bring it to rest: no copy of it has anything to recover."""
        self.server, self.folder = server, Path(tempfile.mkdtemp(prefix="bench-", dir=Path(server.socket_dir).parent))
        self.folder.chmod(0o755)
        with server.connect(SUPERUSER) as superuser:
            superuser.execute("CHECKPOINT")
            ((data,),) = superuser.execute("SHOW data_directory").fetchall()
        self.ready = self.folder / "ready"
        copy(Path(str(data)), self.ready)
        (self.ready / "postmaster.pid").unlink()
        self._start(self.ready, signal.SIGINT)

    def time_to_connection(self) -> float:
        """Copy and start, and return the seconds until the first connection."""
        begin = time.perf_counter()
        data = self.folder / "data"
        copy(self.ready, data)
        connected = self._start(data, signal.SIGQUIT)
        shutil.rmtree(data)
        return connected - begin

    def close(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder)

    def _start(self, data: Path, end: signal.Signals) -> float:
        """Start, connect, and end; return when it was connected."""
        options = {**SETTINGS, "unix_socket_directories": str(data)}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        process = subprocess.Popen(
            [Path(self.server.bindir) / "postgres", "-D", data, *words],
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **server_account(),
        )
        try:
            return self._connected(process, data)
        finally:
            process.send_signal(end)
            process.wait()

    def _connected(self, process: subprocess.Popen[bytes], data: Path) -> float:
        until = time.perf_counter() + START_SECONDS
        while time.perf_counter() < until:
            try:
                connect(str(data), self.server.password, SUPERUSER).close()
            except psycopg.OperationalError:
                try:
                    process.wait(0.002)
                except subprocess.TimeoutExpired:
                    continue
                raise
            return time.perf_counter()
        raise TimeoutError("the bare server does not answer")


def copy(source: Path, target: Path) -> None:
    """Copy a folder as fast as the file system can, with its owners."""
    subprocess.run(["/bin/cp", "-a", "--reflink=auto", source, target], check=True)
