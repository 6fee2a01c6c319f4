"""Packages from npm, by `npm ci`: what comes must have the hash that the lock file has."""

import fcntl
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOCK = "package-lock.json"
LISTS = ("package.json", LOCK, ".npmrc")


class CannotInstall(SystemExit):
    """The packages could not be installed: ends the command with the text, for the person at the terminal."""


@dataclass(frozen=True)
class Packages:
    """The packages that the lists in `source` name, installed below `folder`; `name` is what a sentence calls them."""

    name: str
    source: Path
    folder: Path

    def path(self, package: str) -> Path:
        """Say where a package is, or will be."""
        return self.folder / "node_modules" / package

    def installed(self) -> bool:
        """Whether they are there, in the versions of the lock file."""
        return self._record.is_file() and self._record.read_bytes() == (self.source / LOCK).read_bytes()

    def install(self) -> None:
        """Install them, unless they are there; of two processes at once, one waits. Raises CannotInstall."""
        if self.installed():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise CannotInstall(f"{self.name} come from npm, and this machine has none: install Node.js with npm.")
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.installed():
                return
            for name in LISTS:
                shutil.copy(self.source / name, self.folder)
            if subprocess.run([npm, "ci"], cwd=self.folder, check=False).returncode:
                raise CannotInstall(f"{self.name} could not be installed: npm says why, above.")
            shutil.copy(self.source / LOCK, self._record)

    @property
    def _record(self) -> Path:
        """The lock file of what is installed, written when all of it is."""
        return self.folder / f"installed-{LOCK}"
