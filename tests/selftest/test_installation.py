"""An installation of PostgreSQL that cannot serve: what is wrong with it is said in a line, before it is started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.server.binaries.installation import PROGRAMS, checked
from tests.harness.server.process import CannotStart
from tests.selftest.runs import run_folder

HINT = "This is what to do."
# An ELF file in the byte order that s390x does not have: no machine is of this kind.
NO_MACHINE = b"\x7fELF\x02\x01\x01" + bytes(9) + bytes([2, 0, 22, 0, 1, 0, 0, 0]) + bytes(40)


def says(words: str, *, status: int = 0) -> bytes:
    """Return a program that answers every question with these words."""
    return f"#!/bin/sh\necho '{words}'\nexit {status}\n".encode()


def version(number: str) -> dict[str, bytes]:
    """Return the programs of that version."""
    return {name: says(f"{name} (PostgreSQL) {number}") for name in PROGRAMS}


GOOD = version("18.6")
BAD = {
    "no initdb": ({"postgres": GOOD["postgres"]}, r"initdb: does not run: No such file"),
    "another machine": ({**GOOD, "postgres": NO_MACHINE}, r"postgres: does not run: Exec format error"),
    "a library missing": (
        {**GOOD, "postgres": says("libicui18n.so.60: cannot open shared object file", status=127)},
        r"postgres: does not run, .*: exit status 127, libicui18n\.so\.60: cannot open shared object file",
    ),
    "damaged": ({**GOOD, "postgres": b"#!/bin/sh\nkill -SEGV $$"}, r"exit status -11, and nothing said"),
    "another program": ({**GOOD, "postgres": says("mysqld  Ver 8.4")}, r"is not PostgreSQL's: .*, mysqld Ver 8"),
    "hanging": ({**GOOD, "postgres": b"#!/bin/sh\nexec sleep 60"}, "postgres: gives no answer to --version"),
    "too old": (version("12.22"), r"is PostgreSQL 12\.22, and the contract is for 13 to 18"),
    "too new": (version("19beta1"), r"is PostgreSQL 19beta1, and the contract is for 13 to 18"),
}


def installed(folder: Path, programs: dict[str, bytes]) -> Path:
    """Write programs into a folder, for everybody to run."""
    folder.mkdir()
    for name, content in programs.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def bindir() -> Iterator[Path]:
    """A folder that is not there yet."""
    with run_folder() as here:
        yield here.folder / "bin"


@pytest.mark.parametrize("number", ["13.23", "15.14 (Debian 15.14-1.pgdg13+1)", "18.6", "18devel"])
def test_each_gated_version_is_taken(bindir: Path, number: str) -> None:
    """Whatever stands behind the number."""
    assert checked(installed(bindir, version(number)), HINT) == bindir


@pytest.mark.parametrize(("programs", "words"), BAD.values(), ids=BAD)
def test_one_that_cannot_serve_is_refused(bindir: Path, programs: dict[str, bytes], words: str) -> None:
    """One line names the program, what is wrong with it, and what to do."""
    with pytest.raises(CannotStart) as refusal:
        checked(installed(bindir, programs), HINT, seconds=1)
    assert re.fullmatch(rf"{bindir}/.*{words}.*\. {HINT}", str(refusal.value))
