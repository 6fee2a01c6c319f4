"""Removes what a killed server or a killed guardian has left: processes, shared memory, folders.

A guardian holds a lock on a file in each of its folders for as long as it lives. The next run removes each folder whose
lock is free. Like the guardian, this needs nothing but the standard library.
"""

import contextlib
import ctypes
import fcntl
import os
import re
import shutil
import signal
import time
from pathlib import Path

PREFIX = "gate-pg-"
DATA = "data"
LOCK = "guardian.lock"
# How often a process is killed that does not end.
TRIES = 500
# shmctl(2).
IPC_RMID = 0
# Where postmaster.pid has the key and the id of its SysV segment (miscadmin.h: LOCK_FILE_LINE_SHMEM_KEY).
SEGMENT_LINE = 7


def lock(folder: Path) -> None:
    """Mark a folder as a guardian's, for as long as this process lives, which never closes the file of the lock."""
    # Renamed once it is locked: no other run sees the file without its lock.
    new = folder / f".{LOCK}"
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    new.rename(folder / LOCK)


def remove_abandoned(parents: list[str]) -> None:
    """Remove what the killed guardians of earlier runs have left below these folders."""
    for parent in parents:
        with contextlib.suppress(OSError):
            for folder in Path(parent).glob(f"{PREFIX}*"):
                if not _is_locked(folder):
                    end_processes(folder)
                    shutil.rmtree(folder, ignore_errors=True)


def _is_locked(folder: Path) -> bool:
    """Whether a guardian has this folder; so does a folder without our lock count: another program may have made it."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
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


def end_processes(folder: Path) -> None:
    """End the processes of a killed server, wait until they are gone, and remove its shared memory.

    A process that computes without end never notices that its postmaster is gone.
    """
    for _ in range(TRIES):
        if not (processes := _processes(folder)):
            break
        for pid in processes:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    _remove_segment(folder / DATA / "postmaster.pid")


def _processes(folder: Path) -> list[int]:
    """Find a server's processes: the postmaster by its folder, the others by the server's own name in their titles."""
    ours = re.compile(
        rf"postgres: {re.escape(folder.name)}: |.*postgres\0-D\0{re.escape(str(folder / DATA))}\0", re.DOTALL
    )
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if ours.match((process / "cmdline").read_bytes().decode(errors="replace")):
                found.append(int(process.name))
    return found


def _remove_segment(pid_file: Path) -> None:
    """Remove the shared memory segment that a killed postmaster has left, unless another server has its id now."""
    try:
        key, segment = map(int, pid_file.read_text(encoding="ascii").splitlines()[SEGMENT_LINE - 1].split())
    except (OSError, ValueError, IndexError):
        return
    libc = ctypes.CDLL(None)
    # Ids are used again; that this one still has the server's key tells the two apart.
    if libc.shmget(ctypes.c_int(key), ctypes.c_size_t(0), 0) == segment:
        libc.shmctl(segment, IPC_RMID, None)
