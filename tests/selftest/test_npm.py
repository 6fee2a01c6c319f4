"""Packages from npm: installed once, as the lock has them, or a sentence says what is in the way."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.server.binaries import postgresql
from tests.harness.server.binaries.npm import CannotInstall, Packages

SHELL = "#!/bin/sh\n"
NODE = "echo v20.1.0"
# Leaves a line for each time it is called.
NPM = 'test "$1" = ci && echo called >>calls'


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Lists of packages, and a machine that has Node and npm."""
    (tmp_path / "lists").mkdir()
    for name in ("package-lock.json", ".npmrc"):
        (tmp_path / "lists" / name).write_text("{}", encoding="ascii")
    (tmp_path / "lists" / "package.json").write_text(json.dumps({"engines": {"node": ">=16"}}), encoding="ascii")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    has(tmp_path, node=NODE, npm=NPM)
    return Packages("The tools", tmp_path / "lists", tmp_path / "folder")


def has(machine: Path, **commands: str) -> None:
    """Put commands on the machine's PATH."""
    for name, body in commands.items():
        command = machine / "bin" / name
        command.write_text(SHELL + body, encoding="ascii")
        command.chmod(0o755)


def calls(packages: Packages) -> int:
    """Count how often npm was called."""
    return (packages.folder / "calls").read_text(encoding="ascii").count("called")


def test_what_is_there_is_not_installed_again(packages: Packages) -> None:
    """The second call, and the second of two at once, find what the first has installed."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: packages.install(), range(2)))
    packages.install()
    assert (packages.installed(), calls(packages)) == (True, 1)


def test_another_lock_is_installed_anew(packages: Packages) -> None:
    """What an older lock had brought does not count."""
    packages.install()
    (packages.source / "package-lock.json").write_text('{"newer": 1}', encoding="ascii")
    assert not packages.installed()
    packages.install()
    assert calls(packages) == 2


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        pytest.param({"npm": "exit 1"}, "The tools could not be installed: npm says why", id="npm fails"),
        pytest.param({"node": "echo v14.0.0"}, "with Node 16 or later, and this machine has v14.0.0", id="old node"),
    ],
)
def test_what_is_in_the_way_is_said(packages: Packages, commands: dict[str, str], words: str) -> None:
    """Nothing is recorded as installed that is not."""
    has(packages.source.parent, **commands)
    with pytest.raises(CannotInstall, match=words):
        packages.install()
    assert not packages.installed()


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_a_missing_package_manager_is_named(packages: Packages, missing: str) -> None:
    """Without Node or npm, the sentence says which of them is missing."""
    (packages.source.parent / "bin" / missing).unlink()
    with pytest.raises(CannotInstall, match=f"this machine has no {missing}: install it"):
        packages.install()


def test_a_folder_that_cannot_be_made_is_named(packages: Packages) -> None:
    """A place where nothing can be written is a sentence too."""
    packages.folder.write_text("a file stands here", encoding="ascii")
    with pytest.raises(CannotInstall, match=f"The tools cannot be put into {packages.folder}: "):
        packages.install()


def test_another_machine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no package of a server is for the machine, an installed one can be named."""
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(CannotInstall, match="install the one you want, and run tox -e gate -- --pg=VERSION"):
        postgresql.fetch()
