"""An installation of PostgreSQL, looked at before anything is asked of it: a fault is said in one line."""

from __future__ import annotations

import errno
import os
import platform
import re
import signal
import subprocess
from pathlib import Path

from tests.harness.guardian import CannotStart
from tests.harness.versions import SUPPORTED

PROGRAMS = ("postgres", "initdb")
VERSION = re.compile(r"(?:postgres|initdb) \(PostgreSQL\) (?P<full>(?P<major>\d+)\S*)")
ANSWER_SECONDS = 30


def checked(bindir: Path, mend: str) -> Path:
    """Return the folder if its initdb and postgres run here, are of one version, and of one that is gated.

    `mend` ends each message: what to do. Raises CannotStart.
    """
    try:
        if not bindir.is_dir():
            raise CannotStart(f"{bindir}: there is no such folder. {mend}")
        missing = [name for name in PROGRAMS if not _is_there(bindir / name)]
    except OSError as refusal:
        raise CannotStart(f"{bindir}: cannot be looked into ({refusal.strerror}). {mend}") from None
    if missing:
        raise CannotStart(f"{bindir}: there is no {' and no '.join(missing)} in that folder. {mend}")
    versions = {name: _version(bindir / name, mend) for name in PROGRAMS}
    if len(set(versions.values())) > 1:
        said = ", ".join(f"{name} is {version}" for name, version in versions.items())
        raise CannotStart(f"{bindir}: the programs do not belong together: {said}. {mend}")
    return bindir


def _is_there(program: Path) -> bool:
    try:
        program.stat()
    except FileNotFoundError:
        return False
    return True


def _version(program: Path, mend: str) -> str:
    """Ask a program which version it is."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            # As the server is started: with nothing of the caller's.
            env={"PATH": os.defpath, "LC_ALL": "C"},
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotStart(f"{program}: gives no answer to --version. {mend}") from None
    except OSError as refusal:
        raise CannotStart(f"{program}: {_why_not(refusal)}. {mend}") from None
    words = " ".join((answer.stdout + answer.stderr).split())
    found = VERSION.match(words)
    if answer.returncode < 0:
        name = signal.Signals(-answer.returncode).name
        raise CannotStart(f"{program}: is damaged, it ended with {name} when asked for its --version. {mend}")
    if answer.returncode > 0:
        raise CannotStart(f"{program}: does not run: {words or f'exit status {answer.returncode}'}. {mend}")
    if found is None:
        raise CannotStart(f"{program}: is not PostgreSQL's; its --version says: {words or 'nothing'}. {mend}")
    if int(found["major"]) not in SUPPORTED:
        raise CannotStart(
            f"{program}: is PostgreSQL {found['full']}, and the contract is for {SUPPORTED[0]} to {SUPPORTED[-1]}. "
            f"{mend}"
        )
    return found["full"]


def _why_not(refusal: OSError) -> str:
    match refusal.errno:
        case errno.ENOEXEC:
            return f"is no program for this machine ({platform.system()} on {platform.machine()}), or a damaged one"
        case errno.EACCES:
            return "may not be executed by this account"
        case errno.ENOENT:
            return "does not run here: the loader that it names is not on this machine"
        case _:
            return f"does not run: {refusal.strerror}"
