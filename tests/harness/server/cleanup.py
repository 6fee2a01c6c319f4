"""What is left where nobody could tidy up: processes of a killed server, and the folders of a killed guardian.

A guardian holds a lock on a file in each of its folders for as long as it lives. A folder of ours whose lock is free
has nobody any more, and the next run removes it. Like the guardian, this needs nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

PREFIX = "gate-pg-"
DATA = "data"
HELD = "held-by-its-guardian"
# shmctl(2), on Linux and macOS.
IPC_RMID = 0
# Where postmaster.pid has the key and the id of its SysV segment (miscadmin.h: LOCK_FILE_LINE_SHMEM_KEY).
SEGMENT_LINE = 7


def hold(folder: Path) -> int:
    """Mark a folder as ours, and as held for as long as this process lives; return what keeps it so."""
    # Nobody ever sees the mark without its lock.
    unseen = folder / f".{HELD}"
    descriptor = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unseen.rename(folder / HELD)
    return descriptor


def remove_abandoned(homes: list[str]) -> None:
    """Remove what the killed guardians of earlier runs have left in these folders."""
    for home in homes:
        with contextlib.suppress(OSError):
            for folder in Path(home).glob(f"{PREFIX}*"):
                if not _is_held(folder):
                    end(folder)
                    shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    """Whether a guardian has this folder. What is not ours counts as held: other users name files as they like."""
    try:
        descriptor = os.open(folder / HELD, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            return True
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def end(folder: Path) -> None:
    """End what lives on of a server that could not tidy up itself: its processes, and its shared memory.

    A process that computes without end never notices that its postmaster is gone.
    """
    for pid in _processes(folder):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    _remove_segment(folder / DATA / "postmaster.pid")


def _processes(folder: Path) -> list[int]:
    """Find a server's processes: the postmaster by its folder, the others by the server's own name in their titles."""
    postmaster = re.compile(rf"postgres[\0 ]-D[\0 ]{re.escape(str(folder / DATA))}[\0 ]")
    return [
        pid for pid, title in _titles() if title.startswith(f"postgres: {folder.name}: ") or postmaster.search(title)
    ]


def _titles() -> Iterator[tuple[int, str]]:
    proc = Path("/proc")
    if (proc / "self" / "cmdline").is_file():
        for folder in proc.iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    yield int(folder.name), (folder / "cmdline").read_bytes().decode(errors="replace")
        return
    # macOS; and every system that has ps has this form of it (POSIX).
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pid=", "-o", "args="], capture_output=True, check=False).stdout
    for line in listed.decode(errors="replace").splitlines():
        pid, _, title = line.strip().partition(" ")
        yield int(pid), title.strip()


def _remove_segment(pid_file: Path) -> None:
    """Remove the shared memory segment that a killed postmaster has left, if it is still its own."""
    try:
        key, segment = map(int, pid_file.read_text(encoding="ascii").splitlines()[SEGMENT_LINE - 1].split())
    except (OSError, ValueError, IndexError):
        return
    libc = ctypes.CDLL(None)
    # Ids are used again; that this one still has the server's key tells the two apart.
    if libc.shmget(ctypes.c_int(key), ctypes.c_size_t(0), 0) == segment:
        libc.shmctl(segment, IPC_RMID, None)
