"""Runs one throwaway PostgreSQL, from initdb to the removal of its last file.

This runs as a process, the guardian, which is the server's parent, so that nothing outlives the test run: it has one
end of a pipe, the run has the other, and when that closes (the run ended, was interrupted, or was killed) it stops the
server and removes its folders. It holds the server to its limits. It needs nothing but the standard library.

Protocol: the run sends a `StartOrder`, and is answered with `Started`, or why not, as a text. At CRASH, the server and
its processes are killed outright, and it is started again on the same data, which is answered in the same way. So is
SAVE, at which it is shut down first, and its data goes to the cache. After `Keep`, which is not answered, the server
outlives the run by so many seconds, or until the guardian gets SIGTERM.

The data of a server that ends before it is told to, or is ended because it lived too long or took too much, is removed;
the reason is then in the file EXIT_REASON beside its socket, and any further CRASH is answered with it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import FileIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import Timeouts
from tests.harness.server import cleanup, limits
from tests.harness.server.cleanup import DATA, PREFIX
from tests.harness.server.data_cache import DataCache
from tests.harness.server.extensions import Extensions
from tests.harness.server.limits import FolderMonitor, Limits

# sun_path holds 108 bytes, the closing NUL included.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
# How often the guardian looks whether the server has ended, or the disk is full.
INTERVAL_SECONDS = 0.1
READY = "ready"
LOG = "log"
EXIT_REASON = "exit-reason"
# The lines of the log that concern the server itself, and not one of its sessions. `++` is possessive: after one blank
# less, " checkpoint" would be no checkpoint.
SERVER_MESSAGE = re.compile(r"\b(?:LOG|FATAL|PANIC|DETAIL|HINT): ++(?!checkpoint|terminating connection)(.+)")
CRASH, SAVE = "crash", "save"
# Segments of the write-ahead log of 1 MB, in the place of 16: one is written when a server is made, and cached with it.
INITDB = ("-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1", "-A", "scram-sha-256")


class CannotStart(Exception):
    """The server could not be brought up; the text is for the person at the terminal."""


@dataclass(frozen=True)
class StartOrder:
    """What the run asks the guardian to start.

    `bindir` holds initdb and postgres, which runs with these `extensions`; the server's folder is made in the first of
    `parents` where that is possible; `password` is the superuser's; `account` is what the server runs as, its uid and
    gid (None: this process's own); `settings` are configuration parameters. The data is taken from the `cache` (None:
    made anew in any case), if it is there, and has a password of its own then.
    """

    bindir: Path
    extensions: Extensions
    parents: list[str]
    password: str
    account: tuple[int, int] | None
    settings: dict[str, str]
    timeouts: Timeouts
    limits: Limits
    cache: DataCache | None


@dataclass(frozen=True)
class Keep:
    """For how long the server is kept after the end of the run."""

    seconds: float


class Started(NamedTuple):
    """Where the server's socket is, and its programs; the superuser's password; whether its data is the cache's."""

    socket_dir: str
    bindir: str
    password: str
    is_from_cache: bool


@dataclass
class ServerProcess:
    """One server, and every folder that was made for it."""

    run: Connection
    order: StartOrder
    folders: list[Path] = field(default_factory=list)
    postmaster: subprocess.Popen[bytes] | None = None
    bindir: Path = Path()
    postgres: Path = Path()
    sockets: Path = Path()
    folder: Path = Path()
    kept_seconds: float = 0.0
    password: str = ""
    is_from_cache: bool = False

    def serve(self) -> None:
        """Start the server, and answer the run until it ends. Raises EOFError when it does."""
        if not self._answered(self.start):
            return
        end = time.monotonic() + self.order.timeouts.server_life
        while not (reason := self.wait_for_request(end)):
            request = self.run.recv()
            if isinstance(request, Keep):
                self.kept_seconds = request.seconds
            elif not self._answered(self.save if request == SAVE else self.crash):
                return
        self.answer_with_exit_reason(reason)

    def _answered(self, start: Callable[[], Started]) -> bool:
        """Start a server, and send the answer to the run; return whether it started."""
        try:
            answer: Started | str = start()
        except CannotStart as reason:
            answer = str(reason)
        except OSError as reason:
            answer = f"{reason.filename or 'the server'}: {reason.strerror}"
        self.run.send(answer)
        return isinstance(answer, Started)

    def start(self) -> Started:
        """Initialise and start the server. Raises CannotStart, with what the server said."""
        cleanup.remove_abandoned(self.order.parents)
        self.folder = self._new_folder(self.order.parents)
        if reason := FolderMonitor(self.folder, self.order.limits).exceeded():
            raise CannotStart(reason)
        self.bindir = self._reachable_binaries()
        self.sockets = self._socket_folder()
        self._make_data()
        self.postgres = self.order.extensions.beside(self.bindir, self._program_folder()) / "postgres"
        return self._run()

    def wait_for_request(self, end_of_life: float) -> str | None:
        """Wait until the run asks or ends (None); or return why the server is gone, or must be ended."""
        monitor = FolderMonitor(self.folder, self.order.limits)
        while not self.run.poll(INTERVAL_SECONDS):
            if time.monotonic() > end_of_life:
                return f"it had lived for {self.order.timeouts.server_life:.0f} s, and no run may take longer."
            if reason := self._exit_reason() or monitor.exceeded():
                return reason
        return None

    def answer_with_exit_reason(self, reason: str) -> None:
        """Stop the server and remove its data; answer with the reason until the run ends, but not for ever."""
        self._stop_server()
        shutil.rmtree(self.folder / DATA, ignore_errors=True)
        # Renamed once it is whole: nobody reads a part of it.
        new = self.sockets / f".{EXIT_REASON}"
        # On a disk that is full, or in a folder that is gone, it cannot be written.
        with contextlib.suppress(OSError):
            new.write_text(reason, encoding="utf-8")
            new.rename(self.sockets / EXIT_REASON)
        end = time.monotonic() + self.order.timeouts.exit_reason_kept
        with contextlib.suppress(EOFError, ConnectionError):
            while self.run.poll(max(0, end - time.monotonic())):
                self.run.recv()
                self.run.send(f"PostgreSQL ended before: {reason}")

    def stay(self) -> None:
        """Keep a server that is to outlive the run, for its time, or until SIGTERM; it is held to its limits."""
        if not self.kept_seconds:
            return
        # Who reads the output of the run waits for its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end, monitor = time.monotonic() + self.kept_seconds, FolderMonitor(self.folder, self.order.limits)
        while time.monotonic() < end and not (self._exit_reason() or monitor.exceeded()):
            if signal.sigtimedwait({signal.SIGTERM}, INTERVAL_SECONDS) is not None:
                return

    def _exit_reason(self) -> str | None:
        """Say how the server ended, with the last lines of its log; None if it has not."""
        assert self.postmaster is not None
        status = self.postmaster.poll()
        if status is None:
            return None
        if status < 0:
            return f"something outside the gate killed it ({signal.Signals(-status).name})."
        said = [match[1] for match in map(SERVER_MESSAGE.search, _end_of(self.folder / LOG)) if match]
        return f"it ended by itself, with status {status}. It said: " + " / ".join(said[-5:])

    def crash(self) -> Started:
        """Kill the server and its processes at once, and start it again on the same data."""
        assert self.postmaster is not None
        self.postmaster.kill()
        self.postmaster.wait()
        cleanup.end_processes(self.folder)
        return self._run()

    def save(self) -> Started:
        """Shut the server down, keep a copy of its data in the cache, and start it again."""
        assert self.postmaster is not None
        self.postmaster.send_signal(signal.SIGINT)
        try:
            self.postmaster.wait(self.order.timeouts.server_start)
        except subprocess.TimeoutExpired:
            raise self._not_done("postgres was not shut down", self.postmaster, self.folder / LOG) from None
        if self.order.cache is not None:
            self.order.cache.save(self.password, self._packed)
        return self._run()

    def _run(self) -> Started:
        """Start postgres, and poll the status line of postmaster.pid, which is what pg_ctl reads too."""
        own = {"unix_socket_directories": str(self.sockets), "cluster_name": self.folder.name}
        options = [word for name, value in {**own, **self.order.settings}.items() for word in ("-c", f"{name}={value}")]
        log, pid_file = self.folder / LOG, self.folder / DATA / "postmaster.pid"
        self.postmaster = self._spawn(log, self.postgres, "-D", self.folder / DATA, *options)
        end = time.monotonic() + self.order.timeouts.server_start
        while time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.postmaster.wait(0.005)
                raise CannotStart(f"postgres ended while starting: {_tail(log)}")
            if pid_file.is_file():
                status = pid_file.read_text().split()
                # A server that was killed has left this file behind.
                if status and status[0] == str(self.postmaster.pid) and status[-1] == READY:
                    return Started(str(self.sockets), str(self.bindir), self.password, self.is_from_cache)
        raise self._not_done("postgres was not ready", self.postmaster, log)

    def stop(self) -> None:
        """Stop the server at once and remove every folder; it is all right if there is none."""
        self._stop_server()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _stop_server(self) -> None:
        if self.postmaster is None:
            return
        if self.postmaster.poll() is None:
            self.postmaster.send_signal(signal.SIGQUIT)
            try:
                self.postmaster.wait(self.order.timeouts.server_stop)
            except subprocess.TimeoutExpired:
                self.postmaster.kill()
                self.postmaster.wait()
        cleanup.end_processes(self.folder)

    def _new_folder(self, parents: list[str]) -> Path:
        refusals = []
        for parent in parents:
            if self.order.account is not None and not _open_to_others(Path(parent)):
                refusals.append(f"{parent}: the account that the server runs as cannot reach it")
                continue
            try:
                folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
                self.folders.append(folder)
                cleanup.lock(folder)
            except OSError as refusal:
                refusals.append(f"{parent}: {refusal.strerror}")
                continue
            if self.order.account is not None:
                os.chown(folder, *self.order.account)
            return folder
        raise CannotStart("no folder for the server's data. Set TMPDIR to one. Tried: " + "; ".join(refusals))

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.folder
        return self._new_folder([other for other in ("/tmp", "/var/tmp", "/dev/shm") if Path(other).is_dir()])

    def _program_folder(self) -> Path:
        """Make a folder to run a program from: Docker's memory is no place for one."""
        if _runs_programs(str(self.folder)):
            return self.folder
        return self._new_folder([each for each in (*self.order.parents, "/tmp", "/var/tmp") if _runs_programs(each)])

    def _reachable_binaries(self) -> Path:
        """Copy an installation that the server's account cannot reach (a virtual environment below /root)."""
        bindir = self.order.bindir
        if self.order.account is None or _open_to_others(bindir):
            return bindir
        prefix, package = bindir.parent, bindir.parents[1]
        copy = self.folder / package.name / prefix.name
        shutil.copytree(prefix, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "doc", "man"))
        # A wheel's programs find the libraries that it bundles by their relative path: beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        return copy / bindir.name

    def _make_data(self) -> None:
        """Unpack the data that the cache has; where it has none, initialise it."""
        cache = self.order.cache
        if cache is not None and (password := cache.password()) is not None and cache.unpack(self._unpacked):
            self.password, self.is_from_cache = password, True
            return
        shutil.rmtree(self.folder / DATA, ignore_errors=True)
        self.password = self.order.password
        self._initialise()

    def _unpacked(self, archive: FileIO) -> Callable[[], bool]:
        """Begin to unpack an archive into the folder, as the server's account; return what waits for it."""
        tar = self._spawn(self.folder / "tar.log", Path("tar"), "-xf", "-", stdin=archive)
        return lambda: tar.wait() == 0

    def _packed(self, into: Path) -> bool:
        """Pack the data into an archive; return whether it could be."""
        with into.open("wb") as archive:
            tar = ["tar", "-cf", "-", "--exclude=postmaster.opts", DATA]
            return subprocess.run(tar, cwd=self.folder, stdout=archive, check=False).returncode == 0

    def _initialise(self) -> None:
        password_file, log = self.folder / "password", self.folder / "initdb.log"
        password_file.write_text(self.password, encoding="ascii")
        if self.order.account is not None:
            os.chown(password_file, *self.order.account)
        program, data = self.bindir / "initdb", self.folder / DATA
        initdb = self._spawn(log, program, "-D", data, *INITDB, f"--pwfile={password_file}")
        try:
            status = initdb.wait(self.order.timeouts.server_start)
        except subprocess.TimeoutExpired:
            raise self._not_done("initdb was not done", initdb, log) from None
        if status != 0:
            raise CannotStart(f"initdb failed: {_tail(log)}")
        password_file.unlink()

    def _not_done(self, words: str, process: subprocess.Popen[bytes], log: Path) -> CannotStart:
        """End a program that takes too long, and what it has started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return CannotStart(f"{words} within {self.order.timeouts.server_start:g} s: {_tail(log)}")

    def _spawn(
        self, log: Path, program: Path, *options: str | Path, stdin: int | FileIO = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        identity: dict[str, Any] = {}
        if self.order.account is not None:
            uid, gid = self.order.account
            identity = {"user": uid, "group": gid, "extra_groups": []}
        try:
            with log.open("wb") as sink:
                return subprocess.Popen(
                    [program, *options],
                    stdin=stdin,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    cwd=self.folder,
                    # Nothing of the caller's environment: neither PG* nor a locale nor a time zone.
                    env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                    start_new_session=True,
                    preexec_fn=limits.on_start(self.order.limits),
                    **identity,
                )
        except OSError as refusal:
            raise CannotStart(f"{program} does not run: {refusal.strerror}") from None


def _runs_programs(folder: str) -> bool:
    return Path(folder).is_dir() and not os.statvfs(folder).f_flag & os.ST_NOEXEC


def _open_to_others(folder: Path) -> bool:
    """Whether every folder on the way is searchable by any account."""
    resolved = folder.resolve()
    return all(step.exists() and step.stat().st_mode & 0o001 for step in (resolved, *resolved.parents))


def _end_of(log: Path) -> list[str]:
    """Read the last lines of a log of any size."""
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - 16384))
        return source.read().decode(errors="replace").splitlines()


def _tail(log: Path) -> str:
    return " / ".join(_end_of(log)[-5:]) or "(it said nothing)"


def main(pipe: int) -> None:
    """Run one server until the run closes the other end of the pipe, or its lifetime is over."""
    # Not ended by a signal that is meant for the run: it cleans up after it.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    run = Connection(pipe)
    with contextlib.suppress(EOFError, ConnectionError):
        guardian = ServerProcess(run, run.recv())
        try:
            guardian.serve()
        except EOFError:
            guardian.stay()
        finally:
            guardian.stop()
