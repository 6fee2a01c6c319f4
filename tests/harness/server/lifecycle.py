"""The throwaway PostgreSQL: started how, reached how."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psycopg

from tests.harness.core.paths import ROOT
from tests.harness.core.roles import SUPERUSER
from tests.harness.server.connection import PORT, Connection, connect
from tests.harness.server.limits import Limits
from tests.harness.server.process import EXIT_REASON, CannotStart, StartOrder

LIFETIME_SECONDS = 3600
# For initdb, and for the server to be ready.
START_SECONDS = 60
MEMORY = Path("/dev/shm")
MEBIBYTE = 1024 * 1024
# How long its guardian may take to say why a server is gone: the longest is the server's own end.
WORDS_SECONDS = 15
ROOMY_BYTES = 2048 * MEBIBYTE
# A green gate with two workers was seen to take 600 MB, and 230 MB of address space in a process of its server.
LIMITS = Limits(folder=4096 * MEBIBYTE, room=64 * MEBIBYTE, process=1024 * MEBIBYTE)
# Each has databases of its own.
WORKER_BYTES = 256 * MEBIBYTE

# Nothing here survives the run, so nothing is synced; autovacuum would move plans and buffer counts about.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "max_connections": "100",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    # Kept in the data folder, so that nothing stays behind in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    # A process that crashes ends the server, which is said once; else it would start again, and no test know why.
    "restart_after_crash": "off",
    "temp_file_limit": "1GB",
}

# Without the folder of site-packages it starts in half the time.
GUARDIAN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from tests.harness.server.process import main; sys.exit(main())"
)


@dataclass(frozen=True)
class Server:
    """A running server: where its socket is and the one password that all its login roles share."""

    socket_dir: str
    password: str = field(repr=False)
    bindir: str
    version: int

    @property
    def major(self) -> int:
        """The major version, as in 18."""
        return self.version // 10000

    def connect(self, user: str, dbname: str = "postgres", *, autocommit: bool = True) -> Connection:
        """Open a connection of its own as `user`."""
        return connect(self.socket_dir, self.password, user, dbname, autocommit=autocommit)

    def last_words(self) -> str | None:
        """Say why the server is gone, or is about to be; None if it lives."""
        told = Path(self.socket_dir) / EXIT_REASON
        silence = self._silence()
        if silence is None and not told.exists():
            return None
        # Its guardian says why, but may be a moment behind the test that has met with it; a worker has no pipe to it.
        end = time.monotonic() + WORDS_SECONDS
        while time.monotonic() < end and Path(self.socket_dir).exists():
            if told.exists():
                return told.read_text(encoding="utf-8")
            time.sleep(0.02)
        return silence

    def _silence(self) -> str | None:
        """Say how it does not answer, or has no room to work in; None if it does and has."""
        try:
            with closing(self.connect(SUPERUSER)) as connection:
                row = connection.execute("SELECT current_setting('data_directory')").fetchone()
        except psycopg.OperationalError as silence:
            return f"it does not answer any more: {' '.join(str(silence).split())}"
        assert row is not None
        full = shutil.disk_usage(str(row[0])).free < LIMITS.room
        return "the disk that holds its folder is full." if full else None


@dataclass
class RunningServer:
    """A server together with the guardian that will stop it."""

    server: Server
    guardian: subprocess.Popen[str]

    def crash(self) -> None:
        """Kill the server and all its processes at once, and start it again on the same data. Raises CannotStart."""
        with self.server.connect(SUPERUSER) as connection:
            children = [pid for (pid,) in connection.execute("SELECT pid FROM pg_stat_activity")]
        _ask(self.guardian, children)

    def stop(self) -> None:
        """End the server and wait until its folders are gone."""
        _release(self.guardian)


def start(bindir: Path, limits: Limits = LIMITS, **settings: str) -> RunningServer:
    """Start a throwaway server with the find in `bindir`, and settings on top of the usual ones.

    Raises CannotStart, in words for the person at the terminal.
    """
    uid, gid = _whom_to_step_down_to()
    order = StartOrder(
        bindir=str(bindir),
        homes=_homes(),
        superuser=SUPERUSER,
        password=secrets.token_urlsafe(24),
        uid=uid,
        gid=gid,
        settings={**SETTINGS, **settings},
        lifetime=LIFETIME_SECONDS,
        patience=START_SECONDS,
        limits=asdict(limits),
    )
    guardian = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", GUARDIAN, ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        answer = _ask(guardian, asdict(order))
        server = Server(answer["socket_dir"], order.password, answer["bindir"], version=0)
        with server.connect(SUPERUSER) as connection:
            server = Server(server.socket_dir, server.password, server.bindir, connection.info.server_version)
    except BaseException:
        _release(guardian)
        raise
    return RunningServer(server, guardian)


def limits_for(workers: int) -> Limits:
    """What a server may take that serves so many workers."""
    return replace(LIMITS, folder=LIMITS.folder + workers * WORKER_BYTES)


def _homes() -> list[str]:
    """Where the data may live: TMPDIR if the caller has set it, then memory if there is room, then disk."""
    homes = [os.environ["TMPDIR"]] if os.environ.get("TMPDIR") else []
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free > ROOMY_BYTES:
            homes.append(str(MEMORY))
    return [str(Path(home).absolute()) for home in [*homes, "/tmp", "/var/tmp"]]


def _whom_to_step_down_to() -> tuple[int | None, int | None]:
    """PostgreSQL refuses root, and initdb wants an account with a name: nobody, or else any but root."""
    if os.geteuid() != 0:
        return None, None
    accounts = sorted(pwd.getpwall(), key=lambda account: account.pw_name != "nobody")
    for account in accounts:
        if account.pw_uid != 0:
            return account.pw_uid, account.pw_gid
    raise CannotStart("PostgreSQL does not run as root, and this machine has no other account to run it as.")


def _ask(guardian: subprocess.Popen[str], request: object) -> dict[str, str]:
    """Send the guardian a line, and wait for its answer. Raises CannotStart."""
    assert guardian.stdin is not None
    assert guardian.stdout is not None
    guardian.stdin.write(json.dumps(request) + "\n")
    guardian.stdin.flush()
    answer: dict[str, str] = json.loads(guardian.stdout.readline() or '{"error": "its guardian ended without a word"}')
    if "error" in answer:
        raise CannotStart(answer["error"])
    return answer


def _release(guardian: subprocess.Popen[str]) -> None:
    """Close the guardian's pipe, which is its order to clean up, and wait until it has."""
    for pipe in (guardian.stdin, guardian.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    guardian.wait()
