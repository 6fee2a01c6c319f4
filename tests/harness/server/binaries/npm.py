"""Packages from npm, by lock file: what comes must have the hash that the lock has, and nothing of it is run."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class CannotInstall(Exception):
    """The packages could not be installed; the text is for the person at the terminal."""


@dataclass(frozen=True)
class Packages:
    """What the lists in `source` name, installed below `folder`; `name` is what a sentence calls it."""

    name: str
    source: Path
    folder: Path

    def path(self, package: str) -> Path:
        """Say where a package is, or will be."""
        return self.folder / "node_modules" / package

    def installed(self) -> bool:
        """Whether they are there, in the versions of the lock."""
        return self._record.is_file() and self._record.read_text(encoding="ascii") == self._wanted()

    def install(self) -> None:
        """Install them, unless they are there; of two who ask at once, one waits. Raises CannotInstall."""
        if self.installed():
            return
        npm = self._npm()
        try:
            self.folder.mkdir(exist_ok=True)
            with (self.folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not self.installed():
                    self._install(npm)
        except OSError as refusal:
            raise CannotInstall(f"{self.name} cannot be put into {self.folder}: {refusal.strerror}.") from None

    def _install(self, npm: str) -> None:
        for file in self._lists:
            shutil.copy(file, self.folder)
        if subprocess.run([npm, "ci"], cwd=self.folder, check=False).returncode:
            raise CannotInstall(f"{self.name} could not be installed: npm says why, above.")
        self._record.write_text(self._wanted(), encoding="ascii")

    def _npm(self) -> str:
        oldest = int(re.sub(r"\D", "", json.loads(self._lists[0].read_text(encoding="utf-8"))["engines"]["node"]))
        needed = f"{self.name} come from npm, with Node {oldest} or later"
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            missing = "npm" if npm is None else "node"
            raise CannotInstall(f"{needed}, and this machine has no {missing}: install it.")
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        if int(version.lstrip("v").split(".")[0]) < oldest:
            raise CannotInstall(f"{needed}, and this machine has {version}: install a later one.")
        return npm

    @property
    def _lists(self) -> list[Path]:
        return [self.source / name for name in ("package.json", "package-lock.json", ".npmrc")]

    @property
    def _record(self) -> Path:
        return self.folder / "installed"

    def _wanted(self) -> str:
        return hashlib.sha256(b"".join(file.read_bytes() for file in self._lists)).hexdigest()
