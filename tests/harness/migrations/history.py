"""What of a folder is applied already, and is not changed any more: what is recorded, and what a git revision has."""

import hashlib
import shutil
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from tests.harness.migrations.files import NAME, BadMigrations

# Of a file whose recorded text is looked for.
MOST_REVISIONS = 200


@dataclass(frozen=True)
class History:
    """The files that are applied: by the record's hashes, and by a git revision, each where there is one."""

    folder: Path
    record: Path
    since: str | None = None
    judge_as_new: Collection[str] = field(default=(), repr=False)

    @cached_property
    def recorded(self) -> dict[str, str]:
        """The hash of each recorded file; lines that are none of sha256sum's are told by the room tests/upgrade."""
        if not self.record.is_file():
            return {}
        lines = self.record.read_text(encoding="utf-8", errors="replace").splitlines()
        return {name: digest for digest, gap, name in (line.partition("  ") for line in lines) if gap}

    @cached_property
    def at_revision(self) -> frozenset[str]:
        """The names of the files that the revision has. Raises BadMigrations where git cannot tell."""
        if self.since is None:
            return frozenset()
        listed = _git(self.folder, "ls-tree", "--name-only", self.since, "./")
        if listed is None:
            raise BadMigrations(self.folder, "no_revision", revision=self.since)
        return frozenset(name for name in listed.decode().splitlines() if NAME.fullmatch(name))

    @property
    def is_watched(self) -> bool:
        """Whether anything says what is applied, so that an edit of it can be seen."""
        return self.since is not None or self.record.is_file()

    @property
    def applied(self) -> frozenset[str]:
        """The names of all files that are applied."""
        return frozenset(self.recorded) | self.at_revision

    @property
    def names(self) -> frozenset[str]:
        """The names of the files that are applied as they stand, and not judged as new ones."""
        return self.applied - frozenset(self.judge_as_new)

    def gone(self) -> list[str]:
        """Name the applied files that the folder has no longer."""
        return sorted(name for name in self.applied if not (self.folder / name).is_file())

    def edits(self) -> Iterator[tuple[str, int, str]]:
        """Yield each file that is not what was applied: its name, the first line that differs, and what says so."""
        for name in sorted(self.applied):
            path = self.folder / name
            if not path.is_file():
                continue
            now = path.read_bytes()
            if name in self.recorded and hashlib.sha256(now).hexdigest() != self.recorded[name]:
                yield name, _first_difference(self._text_of(name), now), self.record.name
            elif name in self.at_revision and (then := self._at(self.since, name)) is not None and then != now:
                yield name, _first_difference(then, now), f"revision {self.since}"

    def _at(self, revision: str | None, name: str) -> bytes | None:
        return _git(self.folder, "show", f"{revision}:./{name}")

    def _text_of(self, name: str) -> bytes | None:
        """Find the text that was recorded among the revisions of the file."""
        listed = _git(self.folder, "log", "--format=%H", f"--max-count={MOST_REVISIONS}", "--", name) or b""
        texts = (self._at(revision, name) for revision in listed.decode().split())
        return next((text for text in texts if text and hashlib.sha256(text).hexdigest() == self.recorded[name]), None)


def _first_difference(then: bytes | None, now: bytes) -> int:
    """Return the first line (from 1) that differs; the first one of all where the earlier text is not known."""
    if then is None:
        return 1
    pieces = SequenceMatcher(None, then.splitlines(), lines := now.splitlines(), autojunk=False).get_opcodes()
    return min(next((start + 1 for tag, _, _, start, _ in pieces if tag != "equal"), 1), max(len(lines), 1))


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Ask git of a folder; None where it cannot answer."""
    if (executable := shutil.which("git")) is None:
        return None
    answer = subprocess.run([executable, "-C", folder, *arguments], capture_output=True, check=False)
    return answer.stdout if answer.returncode == 0 else None
