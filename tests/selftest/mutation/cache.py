"""Kills of earlier runs: reused as long as nothing that they depend on has changed, and nothing else is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.harness.core.paths import ROOT
from tests.selftest.mutation.judging import Red
from tests.selftest.mutation.source import Mutant
from tests.selftest.mutation.verdicts import KILLED, Verdict

FILE = ROOT / ".mutants" / "kills.json"
# The tests and what they read, and the versions of what they are written with.
DEPENDS = (
    "conftest.py",
    "pyproject.toml",
    "migrations/**/*",
    "tests/contract/**/*",
    "tests/upgrade/**/*",
    "tests/harness/**/*",
    "tests/selftest/mutation/judging.py",
    "tests/selftest/mutation/verdicts.py",
)


class Cache:
    """The kills that are known, by what they depend on."""

    def __init__(self, server_version: int, path: Path = FILE) -> None:
        """Read them, if there are any."""
        self.path = path
        self.base = _digest([str(server_version), *_contents()])
        self.kills: dict[str, list[dict[str, object]]] = {}
        if path.is_file():
            self.kills = json.loads(path.read_text(encoding="utf-8"))

    def find(self, mutant: Mutant) -> Verdict | None:
        """The verdict of an earlier run, if it was a kill."""
        found = self.kills.get(self._key(mutant))
        if found is None:
            return None
        red = tuple(Red(str(each["test"]), _names(each["clauses"]), str(each["message"])) for each in found)
        return Verdict(mutant, KILLED, red, cached=True)

    def keep(self, verdicts: Iterable[Verdict]) -> None:
        """Remember this run's kills, and forget what no longer counts."""
        kills = {
            self._key(each.mutant): [asdict(red) for red in each.red]
            for each in verdicts
            if each.word == KILLED and not each.standing
        }
        known = {key: value for key, value in self.kills.items() if key.startswith(self.base)}
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(known | kills, indent=0), encoding="utf-8")

    def _key(self, mutant: Mutant) -> str:
        return f"{self.base}:{_digest([mutant.text, *mutant.falls])}"


def _names(value: object) -> tuple[str, ...]:
    assert isinstance(value, list)
    return tuple(str(each) for each in value)


def _contents() -> list[str]:
    files = sorted({path for pattern in DEPENDS for path in ROOT.glob(pattern) if path.is_file()})
    return [
        f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files if _counts(path)
    ]


def _counts(path: Path) -> bool:
    return "__pycache__" not in path.parts


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:24]
