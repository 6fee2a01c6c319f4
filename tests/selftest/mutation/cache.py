"""Kills of earlier runs: reused as long as nothing that they depend on has changed, and nothing else is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.harness.core.paths import ACCESS, ROOT, TESTS, UPGRADE
from tests.selftest.mutation.judging import FailedTest
from tests.selftest.mutation.mutant import Mutant
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.verdicts import KILLED, Verdict

FOLDER = ROOT / ".mutants"
# How mutants are judged, and what the tests are written with.
FILES = (
    ROOT / "conftest.py",
    ROOT / "pyproject.toml",
    *(Path(__file__).with_name(name) for name in ("gate.py", "judging.py", "verdicts.py")),
)
# What a mutant is made of is in its text.
NOT_READ = {"__pycache__", "mutants"}


class Cache:
    """The kills of a subject's mutants that are known, by what they depend on."""

    def __init__(self, subject: Subject, server_version: int, folder: Path = FOLDER) -> None:
        """Read them, if there are any."""
        self.path = folder / f"{subject.table.qualified_name}.json"
        folders = (subject.contract, subject.migrations, TESTS / "harness", UPGRADE, ACCESS)
        found = {
            path for folder in folders for path in folder.rglob("*") if not NOT_READ & {*path.relative_to(folder).parts}
        }
        contents = [f"{path} {_digest([path.read_bytes()])}" for path in sorted({*found, *FILES}) if path.is_file()]
        self.base = _digest([str(server_version).encode(), *(each.encode() for each in contents)])
        self.kills: dict[str, list[dict[str, Any]]] = {}
        if self.path.is_file():
            self.kills = json.loads(self.path.read_text(encoding="utf-8"))

    def find(self, mutant: Mutant) -> Verdict | None:
        """The verdict of an earlier run, if it was a kill."""
        found = self.kills.get(self._key(mutant))
        if found is None:
            return None
        failed = tuple(FailedTest(each["test"], tuple(each["clauses"]), each["message"]) for each in found)
        return Verdict(mutant, KILLED, failed, cached=True)

    def keep(self, verdicts: Iterable[Verdict]) -> None:
        """Remember this run's kills, and forget what no longer counts."""
        kills = {
            self._key(each.mutant): [asdict(test) for test in each.failed]
            for each in verdicts
            if each.word == KILLED and not each.standing
        }
        known = {key: value for key, value in self.kills.items() if key.startswith(self.base)}
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(known | kills, indent=0), encoding="utf-8")

    def _key(self, mutant: Mutant) -> str:
        return f"{self.base}:{_digest([mutant.text.encode(), *(name.encode() for name in mutant.falls)])}"


def _digest(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]
