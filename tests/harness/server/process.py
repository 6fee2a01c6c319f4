"""Runs one throwaway PostgreSQL, from initdb to the removal of its last file.

This runs as a process, the guardian, which is the server's parent, so that nothing outlives the test run: it reads a
pipe that the run holds open, and when the pipe closes (the run ended, was interrupted, or was killed) it stops the
server and removes its folders. It holds the server to its limits. It needs nothing but the standard library.

Protocol: one line of JSON on standard input (`StartOrder` as a dict); one line of JSON on standard output, either
`{"socket_dir": …, "bindir": …, "pid": …}` or `{"error": …}`; then it waits for the end of standard input. Each further
line is a list of process ids: the server and they are killed outright, and the server is started again on the same
data, which is answered in the same way.

The data of a server that ends before it is told to, or is ended because it lived too long or took too much, is removed;
the reason is then in the file EXIT_REASON beside its socket, and any further line is answered with it.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness.core.timeouts import Timeouts
from tests.harness.server import cleanup, limits
from tests.harness.server.cleanup import DATA, PREFIX
from tests.harness.server.limits import FolderMonitor, Limits

# sun_path holds 108 bytes, the closing NUL included.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
# How often the guardian looks whether the server has ended, or the disk is full.
INTERVAL_SECONDS = 0.1
READY = "ready"
LOG = "log"
EXIT_REASON = "exit-reason"
# The lines of the log that concern the server itself, and not one of its sessions.
SERVER_MESSAGE = re.compile(r"\b(?:LOG|FATAL|PANIC|DETAIL|HINT): +(?!checkpoint|terminating connection)(.+)")
# Each failed start takes some milliseconds.
RESTARTS = 500


class CannotStart(Exception):
    """The server could not be brought up; the text is for the person at the terminal."""


@dataclass(frozen=True)
class StartOrder:
    """What the run asks the guardian to start.

    `bindir` holds initdb and postgres; the server's folder is made in the first of `parents` where that is possible;
    `superuser` is the bootstrap role and `password` its password; `uid` and `gid` are the account that the server runs
    as (None: this process's own); `settings` are configuration parameters; `timeouts` and `limits` are the fields of
    Timeouts and Limits.
    """

    bindir: str
    parents: list[str]
    superuser: str
    password: str
    uid: int | None
    gid: int | None
    settings: dict[str, str]
    timeouts: dict[str, Any]
    limits: dict[str, int]


@dataclass
class ServerProcess:
    """One server, and every folder that was made for it."""

    order: StartOrder
    folders: list[Path] = field(default_factory=list)
    locks: list[int] = field(default_factory=list)
    postmaster: subprocess.Popen[bytes] | None = None
    bindir: Path = Path()
    sockets: Path = Path()
    folder: Path = Path()

    def start(self) -> dict[str, Any]:
        """Initialise and start the server. Raises CannotStart, with what the server said."""
        cleanup.remove_abandoned(self.order.parents)
        self.folder = self._new_folder(self.order.parents)
        if reason := FolderMonitor(self.folder, self.limits).exceeded():
            raise CannotStart(reason)
        self.bindir = self._reachable_binaries(Path(self.order.bindir), self.folder)
        self.sockets = self._socket_folder(self.folder)
        self._initialise(self.folder / DATA, self.folder)
        return self._run()

    def wait_for_request(self, end_of_life: float) -> str | None:
        """Wait until the run sends a line or ends (None); or return why the server is gone, or must be ended."""
        monitor = FolderMonitor(self.folder, self.limits)
        while not select.select([sys.stdin], [], [], INTERVAL_SECONDS)[0]:
            if time.monotonic() > end_of_life:
                return f"it had lived for {self.timeouts.server_life:.0f} s, and no run may take longer."
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
        end = time.monotonic() + self.timeouts.exit_reason_kept
        while select.select([sys.stdin], [], [], max(0, end - time.monotonic()))[0] and sys.stdin.readline():
            print(json.dumps({"error": f"PostgreSQL ended before: {reason}"}), flush=True)

    @property
    def limits(self) -> Limits:
        """What the server may take."""
        return Limits(**self.order.limits)

    @property
    def timeouts(self) -> Timeouts:
        """How long it may take."""
        return Timeouts(**self.order.timeouts)

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

    def crash(self, children: list[int]) -> dict[str, Any]:
        """Kill the server and its processes at once, and start it again on the same data."""
        assert self.postmaster is not None
        self.postmaster.kill()
        for child in children:
            # It may have ended with its server.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.postmaster.wait()
        for _ in range(RESTARTS - 1):
            # The next server refuses to start as long as a killed process still holds the shared memory.
            with contextlib.suppress(CannotStart):
                return self._run()
        return self._run()

    def _run(self) -> dict[str, Any]:
        data = self.folder / DATA
        log = self.folder / LOG
        own = {"unix_socket_directories": str(self.sockets), "cluster_name": self.folder.name}
        settings = {**own, **self.order.settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as sink:
            self.postmaster = self._spawn([self.bindir / "postgres", "-D", data, *options], self.folder, sink)
        self._wait_until_ready(data / "postmaster.pid", log)
        return {"socket_dir": str(self.sockets), "bindir": str(self.bindir), "pid": self.postmaster.pid}

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
                self.postmaster.wait(self.timeouts.server_stop)
            except subprocess.TimeoutExpired:
                self.postmaster.kill()
                self.postmaster.wait()
        cleanup.end_processes(self.folder)

    def _new_folder(self, parents: list[str]) -> Path:
        refusals = []
        for parent in parents:
            if self.order.uid is not None and not _open_to_others(Path(parent)):
                refusals.append(f"{parent}: the account that the server runs as cannot reach it")
                continue
            try:
                folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
                self.folders.append(folder)
                self.locks.append(cleanup.lock(folder))
            except OSError as refusal:
                refusals.append(f"{parent}: {refusal.strerror}")
                continue
            if self.order.uid is not None and self.order.gid is not None:
                os.chown(folder, self.order.uid, self.order.gid)
            return folder
        raise CannotStart("no folder for the server's data. Set TMPDIR to one. Tried: " + "; ".join(refusals))

    def _socket_folder(self, folder: Path) -> Path:
        if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return folder
        short = [other for other in ("/tmp", "/var/tmp", "/dev/shm") if Path(other).is_dir()]
        return self._new_folder(short)

    def _reachable_binaries(self, bindir: Path, folder: Path) -> Path:
        """Copy an installation that the server's account cannot reach (a virtual environment below /root)."""
        if self.order.uid is None or _open_to_others(bindir):
            return bindir
        prefix = bindir.parent
        package = prefix.parent
        copy = folder / package.name / prefix.name
        shutil.copytree(prefix, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "doc", "man"))
        # A wheel's programs find the libraries that it bundles by their relative path: beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        return copy / bindir.name

    def _initialise(self, data: Path, folder: Path) -> None:
        password_file = folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.order.password, encoding="ascii")
        if self.order.uid is not None and self.order.gid is not None:
            os.chown(password_file, self.order.uid, self.order.gid)
        log = folder / "initdb.log"
        with log.open("wb") as sink:
            initdb = self._spawn(
                [
                    self.bindir / "initdb",
                    *("-D", data, "-U", self.order.superuser, "-E", "UTF8", "--locale=C", "--no-sync"),
                    *("-A", "scram-sha-256", f"--pwfile={password_file}"),
                ],
                folder,
                sink,
            )
        try:
            status = initdb.wait(self.timeouts.server_start)
        except subprocess.TimeoutExpired:
            # And what it has started.
            os.killpg(initdb.pid, signal.SIGKILL)
            initdb.wait()
            raise CannotStart(f"initdb was not done within {self.timeouts.server_start:g} s: {_tail(log)}") from None
        if status != 0:
            raise CannotStart(f"initdb failed: {_tail(log)}")
        password_file.unlink()

    def _spawn(self, command: list[str | Path], folder: Path, sink: Any) -> subprocess.Popen[bytes]:
        identity: dict[str, Any] = {}
        if self.order.uid is not None:
            identity = {"user": self.order.uid, "group": self.order.gid, "extra_groups": []}
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=folder,
                # Nothing of the caller's environment: neither PG* nor a locale nor a time zone.
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=limits.on_start(self.limits),
                **identity,
            )
        except OSError as refusal:
            raise CannotStart(f"{command[0]} does not run: {refusal.strerror}") from None

    def _wait_until_ready(self, pid_file: Path, log: Path) -> None:
        """Poll the status line of postmaster.pid, which is what pg_ctl reads too."""
        assert self.postmaster is not None
        end = time.monotonic() + self.timeouts.server_start
        while time.monotonic() < end:
            try:
                self.postmaster.wait(0.005)
            except subprocess.TimeoutExpired:
                pass
            else:
                raise CannotStart(f"postgres ended while starting: {_tail(log)}")
            if pid_file.is_file():
                status = pid_file.read_text().split()
                # A server that was killed has left this file behind.
                if status and status[0] == str(self.postmaster.pid) and status[-1] == READY:
                    return
        os.killpg(self.postmaster.pid, signal.SIGKILL)
        raise CannotStart(f"postgres was not ready within {self.timeouts.server_start:g} s: {_tail(log)}")


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


def main() -> int:
    """Run one server until standard input ends, or its lifetime does."""
    # Not ended by a signal that is meant for the run: it cleans up after it.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    order = StartOrder(**json.loads(sys.stdin.readline()))
    guardian = ServerProcess(order)
    try:
        if not _answered(guardian.start):
            return 1
        end = time.monotonic() + guardian.timeouts.server_life
        while True:
            if reason := guardian.wait_for_request(end):
                guardian.answer_with_exit_reason(reason)
                return 0
            line = sys.stdin.readline()
            if not line:
                return 0
            if not _answered(functools.partial(guardian.crash, json.loads(line))):
                return 1
    finally:
        guardian.stop()


def _answered(start: Callable[[], dict[str, Any]]) -> bool:
    """Start a server, and send the answer to the run; return whether it started."""
    try:
        answer = start()
    except CannotStart as reason:
        answer = {"error": str(reason)}
    except OSError as reason:
        answer = {"error": f"{reason.filename or 'the server'}: {reason.strerror}"}
    print(json.dumps(answer), flush=True)
    return "error" not in answer
