"""What a server may take of the machine, to which the guardian holds it; needs nothing but the standard library."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

MEBIBYTE = 1024 * 1024
# Each worker of a run has databases of its own.
WORKER_BYTES = 256 * MEBIBYTE
# To look at every file takes a tenth of a second once a run is under way: at most one part in so many of the time,
# unless the disk says that much was written meanwhile.
SHARE = 100
SHORTEST_PAUSE = 1.0
# prctl(2): the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """What a server may take, in bytes.

    `folder`: its data, log and write-ahead log together; `free`: what must stay free on the disk (or in the memory)
    that holds them; `process`: the address space of each of its processes. A green gate with two workers was
    seen to take 600 MB, and 230 MB of address space in a process.
    """

    folder: int = 4096 * MEBIBYTE
    free: int = 64 * MEBIBYTE
    process: int = 1024 * MEBIBYTE

    def with_workers(self, workers: int) -> Limits:
        """Return the limits of a server for so many workers."""
        return replace(self, folder=self.folder + workers * WORKER_BYTES)


@dataclass
class FolderMonitor:
    """Measures a folder again and again."""

    folder: Path
    limits: Limits
    size: int = 0
    free: int = 0
    next_look: float = field(default_factory=time.monotonic)

    def exceeded(self) -> str | None:
        """Say which limit the folder or its disk exceeds, and what to do; None if none."""
        try:
            free = shutil.disk_usage(self.folder).free
        except FileNotFoundError:
            return f"somebody removed its folder, {self.folder}."
        if free < self.limits.free:
            return (
                f"only {megabytes(free)} were free where its folder is ({self.folder.parent}), and "
                f"{megabytes(self.limits.free)} must be. Make room, or set TMPDIR to a folder that has more."
            )
        # Other programs' writes count here too; they cause a look at the files, and nothing else.
        grown = self.free - free > (self.limits.folder - self.size) // 2
        if grown or time.monotonic() >= self.next_look:
            begun = time.monotonic()
            self.size, self.free = size_of(self.folder), free
            now = time.monotonic()
            self.next_look = now + max(SHORTEST_PAUSE, SHARE * (now - begun))
        if self.size > self.limits.folder:
            return (
                f"its folder had grown to {megabytes(self.size)}, and {megabytes(self.limits.folder)} is what it may "
                "take. Look for what writes without end: a migration, or a test."
            )
        return None


def size_of(folder: Path) -> int:
    """Add up what the files below a folder take on the disk, in bytes; files come and go meanwhile."""
    total = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                # Not st_size: a file may have holes. On Linux the unit is 512.
                total += os.lstat(f"{inside}/{name}").st_blocks * 512
    return total


def megabytes(number: int) -> str:
    """Write a number of bytes for people."""
    return f"{number / MEBIBYTE:,.0f} MB"


def on_start(limits: Limits) -> Callable[[], None]:
    """Return what a new process does before it becomes the server: limit itself, and end when its guardian ends."""
    guardian = os.getpid()
    # Loaded here: between fork and exec as little as possible happens.
    libc = ctypes.CDLL(None)

    def limit() -> None:
        # The dump of a process that crashes may be written anywhere, and nobody would remove it.
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_AS, limits.process)
        # After the change of account, which would undo it. PostgreSQL's SIGQUIT: end at once, leave nothing.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
        if os.getppid() != guardian:
            os._exit(1)

    return limit


def _lower(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    lowest = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (lowest, lowest))
