"""What a server may take of the machine: the size of its folder, the room that must stay, the memory of a process.

The guardian is the one to see to it; like it, this needs nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# Looking at every file costs a tenth of a second at a run's height: at most one part in so many of the time, unless
# the disk says that much was written meanwhile.
SHARE = 100
SHORTEST_PAUSE = 1.0
# prctl(2): the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """What a server may take, in bytes.

    `folder`: its data, log and write-ahead log together; `room`: what must stay free on the disk (or in the memory)
    that holds them; `process`: the address space of each of its processes, on Linux.
    """

    folder: int
    room: int
    process: int


@dataclass
class FolderMonitor:
    """Looks at a folder again and again, and says when it or its disk goes beyond the limits."""

    folder: Path
    limits: Limits
    size: int = 0
    free: int = 0
    again: float = field(default_factory=time.monotonic)

    def complaint(self) -> str | None:
        """Say what is beyond its limit, and what to do; None if nothing is."""
        try:
            free = shutil.disk_usage(self.folder).free
        except FileNotFoundError:
            return f"somebody removed its folder, {self.folder}."
        if free < self.limits.room:
            return (
                f"only {megabytes(free)} were free where its folder is ({self.folder.parent}), and "
                f"{megabytes(self.limits.room)} must be. Make room, or set TMPDIR to a folder that has more."
            )
        # What others write is seen here too; that costs a look at the files, and nothing else.
        grown = self.free - free > (self.limits.folder - self.size) // 2
        if grown or time.monotonic() >= self.again:
            self._look(free)
        if self.size > self.limits.folder:
            return (
                f"its folder had grown to {megabytes(self.size)}, and {megabytes(self.limits.folder)} is what it may "
                "take. Look for what writes without end: a migration, or a test."
            )
        return None

    def _look(self, free: int) -> None:
        begun = time.monotonic()
        self.size, self.free = size_of(self.folder), free
        now = time.monotonic()
        self.again = now + max(SHORTEST_PAUSE, SHARE * (now - begun))


def size_of(folder: Path) -> int:
    """Add up what the files below a folder take on the disk, in bytes; files come and go meanwhile."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        total += size_of(Path(entry))
                    else:
                        # Not st_size: a file may have holes. POSIX leaves the unit open; on Linux and macOS it is 512.
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                except FileNotFoundError:
                    continue
    except FileNotFoundError:
        pass
    return total


def megabytes(number: int) -> str:
    """Write a number of bytes for people."""
    return f"{number / 1024 / 1024:,.0f} MB"


def on_start(limits: Limits) -> Callable[[], None]:
    """Return what a new process does before it becomes the server: limit itself, and bind itself to its guardian.

    Where the platform knows no such limit or bond (macOS), it does less.
    """
    guardian = os.getpid()
    linux = sys.platform == "linux"
    # Loaded here: between fork and exec as little as possible happens.
    libc = ctypes.CDLL(None) if linux else None

    def limit() -> None:
        # The dump of a process that crashes may be written anywhere, and nobody would remove it.
        _lower(resource.RLIMIT_CORE, 0)
        if libc is not None:
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
