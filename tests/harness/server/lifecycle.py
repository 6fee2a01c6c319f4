"""Starts the throwaway PostgreSQL, and connects to it."""

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection as PipeEnd
from pathlib import Path

import psycopg

from tests.harness.core.paths import ROOT, STAND_INS
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS, Timeouts
from tests.harness.server.connection import PORT, Connection, connect
from tests.harness.server.data_cache import DataCache
from tests.harness.server.extensions import Extensions
from tests.harness.server.limits import MEBIBYTE, Limits
from tests.harness.server.process import CRASH, EXIT_REASON, SAVE, CannotStart, Keep, Started, StartOrder

MEMORY = Path("/dev/shm")
# The data is kept in memory where so much is free.
MEMORY_BYTES = 2048 * MEBIBYTE

SETTINGS = {"port": str(PORT), **tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))}
EXTENSIONS = Extensions(STAND_INS, tuple((STAND_INS / "trusted.txt").read_text(encoding="utf-8").split()))
DEFAULT_LIMITS = Limits()
# Without the folder of site-packages it starts in half the time.
GUARDIAN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from tests.harness.server.process import main; main(int(sys.argv[2]))"
)


@dataclass(frozen=True)
class Server:
    """A running server: where its socket is, and the one password that all its login roles share.

    `least_free` is what must stay free on its disk, in bytes.
    """

    socket_dir: str
    password: str = field(repr=False)
    bindir: str
    version: int
    least_free: int

    @property
    def major(self) -> int:
        """The major version, as in 18."""
        return self.version // 10000

    def connect(self, user: str, dbname: str = "postgres") -> Connection:
        """Open a connection of its own as `user`."""
        return connect(self.socket_dir, self.password, user, dbname)

    def exit_reason(self) -> str | None:
        """Return why the server is gone, or is about to be; None if it can be used."""
        file = Path(self.socket_dir) / EXIT_REASON
        fault = self._fault()
        if fault is None and not file.exists():
            return None
        # Its guardian writes the reason, perhaps a moment later than a test has met with it.
        end = time.monotonic() + TIMEOUTS.exit_reason
        while time.monotonic() < end and Path(self.socket_dir).exists():
            if file.exists():
                return file.read_text(encoding="utf-8")
            time.sleep(0.02)
        return fault

    def _fault(self) -> str | None:
        """Say why the server cannot be used, as seen from here; None if it can."""
        try:
            with closing(self.connect(SUPERUSER)) as connection:
                row = connection.execute("SELECT current_setting('data_directory')").fetchone()
        except psycopg.OperationalError as refusal:
            return f"it does not answer any more: {' '.join(str(refusal).split())}"
        assert row is not None
        full = shutil.disk_usage(str(row[0])).free < self.least_free
        return "the disk that holds its folder is full." if full else None


@dataclass
class RunningServer:
    """A server, the guardian process that stops it, and the pipe to the guardian.

    `is_from_cache`: its data was made by an earlier run.
    """

    server: Server
    guardian: subprocess.Popen[bytes]
    pipe: PipeEnd
    is_from_cache: bool
    is_kept: bool = False

    def crash(self) -> None:
        """Kill the server and all its processes at once, and start it again on the same data. Raises CannotStart."""
        _ask(self.pipe, CRASH)

    def save(self) -> None:
        """Keep a copy of the data for later runs; no connection outlives this. Raises CannotStart."""
        _ask(self.pipe, SAVE)

    def keep(self, seconds: float) -> None:
        """Let the server outlive this process by so many seconds, or until the guardian gets SIGTERM."""
        self.pipe.send(Keep(seconds))
        self.is_kept = True

    def stop(self) -> None:
        """End the server and wait until its folders are gone, unless it is kept."""
        self.pipe.close()
        if self.is_kept:
            # Popen warns of a process that outlives this one, unless it takes it for ended.
            self.guardian.returncode = 0
        self.guardian.wait()


def start(
    bindir: Path,
    limits: Limits = DEFAULT_LIMITS,
    timeouts: Timeouts = TIMEOUTS,
    cache: DataCache | None = None,
    **settings: str,
) -> RunningServer:
    """Start a throwaway server with the programs in `bindir`, and settings on top of the usual ones.

    Its data is taken from the `cache`, if it is there. Raises CannotStart, in words for the person at the terminal.
    """
    password, settings = secrets.token_urlsafe(24), {**SETTINGS, **settings}
    order = StartOrder(bindir, EXTENSIONS, _parents(), password, _account(), settings, timeouts, limits, cache)
    here, there = Pipe()
    command = [sys.executable, "-I", "-S", "-c", GUARDIAN, str(ROOT), str(there.fileno())]
    guardian = subprocess.Popen(
        command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    there.close()
    try:
        started = _ask(here, order)
        server = Server(started.socket_dir, started.password, started.bindir, 0, limits.free)
        with server.connect(SUPERUSER) as connection:
            server = replace(server, version=connection.info.server_version)
    except BaseException:
        here.close()
        guardian.wait()
        raise
    return RunningServer(server, guardian, here, started.is_from_cache)


def _parents() -> list[str]:
    """List where the server's folder may be made: TMPDIR if it is set, then memory if enough is free, then disk."""
    parents = [os.environ["TMPDIR"]] if os.environ.get("TMPDIR") else []
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
            parents.append(str(MEMORY))
    return [str(Path(parent).absolute()) for parent in [*parents, "/tmp", "/var/tmp"]]


def _account() -> tuple[int, int] | None:
    """Choose the account that the server runs as, where this is root, which PostgreSQL refuses; initdb wants a name."""
    if os.geteuid() != 0:
        return None
    for account in sorted(pwd.getpwall(), key=lambda account: account.pw_name != "nobody"):
        if account.pw_uid != 0:
            return account.pw_uid, account.pw_gid
    raise CannotStart("PostgreSQL does not run as root, and this machine has no other account to run it as.")


def _ask(pipe: PipeEnd, request: StartOrder | str) -> Started:
    """Send the guardian a request, and wait for its answer. Raises CannotStart."""
    try:
        pipe.send(request)
        answer: Started | str = pipe.recv()
    except (EOFError, ConnectionError):
        answer = "its guardian ended"
    if isinstance(answer, str):
        raise CannotStart(answer)
    return answer
