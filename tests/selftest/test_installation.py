"""An installation of PostgreSQL that cannot serve: what is wrong with it is said in a line, before it is started."""

import re
from pathlib import Path

import pytest

from tests.harness.server.binaries.installation import PROGRAMS, checked
from tests.harness.server.process import CannotStart
from tests.selftest.cases import cases
from tests.selftest.runs import RunFolder

HINT = "This is what to do."


def program(name: str, version: str = "18.6") -> str:
    """Write a program of that version."""
    return f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n"


def installed(here: RunFolder, **programs: str) -> Path:
    """Write programs into a folder, for everybody to run; none where its text is empty."""
    for name, text in programs.items():
        if text:
            (here.folder / name).write_text(text, encoding="ascii")
            (here.folder / name).chmod(0o755)
    return here.folder


@pytest.mark.parametrize("version", ["13.23", "15.14 (Debian 15.14-1.pgdg13+1)", "18.6", "18devel"])
def test_each_gated_version_is_taken(here: RunFolder, version: str) -> None:
    """Whatever stands behind the number."""
    bindir = installed(here, **{name: program(name, version) for name in PROGRAMS})
    assert checked(bindir, HINT) == bindir


@cases("installation/bad", initdb=program("initdb"), postgres=program("postgres"))
def test_one_that_cannot_serve_is_refused(here: RunFolder, initdb: str, postgres: str, words: str) -> None:
    """One line names the program, what is wrong with it, and what to do."""
    bindir = installed(here, initdb=initdb, postgres=postgres)
    with pytest.raises(CannotStart) as refusal:
        checked(bindir, HINT, seconds=1)
    assert re.fullmatch(rf"{bindir}/.*{words}.*\. {HINT}", str(refusal.value))
