"""The sample project in samples/project, and the pull requests against it, as its README describes them."""

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.harness.migrations.files import BadFile, read_file
from tests.selftest.cases import SAMPLES
from tests.selftest.runs import MIGRATION

PROJECT = SAMPLES / "project"
HEADER = re.compile(r"^\ufeff?-- (verdict|because|line|name|edits|recorded): (.+)\n", re.MULTILINE)
SQLSTATE = re.compile(r"\(([0-9A-Z]{5})\)$")
RULE = re.compile(r"\b[A-Z]\d+\b")


@dataclass(frozen=True)
class PullRequest:
    """One file on top of the project, and what must be said of it: at which line, under which clauses."""

    path: Path
    is_red: bool
    because: str
    line: int = 0
    name: str = ""
    edits: str = ""
    is_recorded: bool = False

    @property
    def clauses(self) -> frozenset[str]:
        """The clauses that it breaks."""
        return frozenset(RULE.findall(self.because.partition(":")[0])) if self.is_red else frozenset()

    @property
    def sqlstate(self) -> str | None:
        """The error with which it does not apply, where it does not."""
        found = SQLSTATE.search(self.because) if self.is_red and self.clauses == {"I1"} else None
        return found[1] if found else None

    @property
    def is_refused(self) -> bool:
        """Whether it ends the run by itself: it is not read, does not apply, or reaches beyond its database."""
        try:
            read_file(self.path)
        except BadFile:
            return True
        return self.sqlstate is not None or self.clauses == {"I13"}

    @property
    def file(self) -> str:
        """Its name in the folder of migrations."""
        return self.edits or self.name or self.path.name

    def write(self, folder: Path) -> None:
        """Put it into a folder of migrations; where it edits a file, without its header."""
        text = self.path.read_text(encoding="utf-8")
        (folder / self.file).write_text(HEADER.sub("", text) if self.edits else text, encoding="utf-8")


def read_pull_requests() -> list[PullRequest]:
    """Read the pull requests, in the order of their names."""
    found = []
    for path in sorted((PROJECT / "pull_requests").glob("*.sql")):
        header = dict(HEADER.findall(path.read_text(encoding="utf-8")))
        is_red, is_recorded = header.pop("verdict") == "red", bool(header.pop("recorded", ""))
        line = int(header.pop("line", 0))
        found.append(PullRequest(path, is_red, line=line, is_recorded=is_recorded, **header))
    return found


def write_project(folder: Path, pull_requests: Iterable[PullRequest] = ()) -> Path:
    """Write the project, its files recorded as applied, and the pull requests on top of it."""
    shutil.copytree(PROJECT / "migrations", folder)
    shutil.copy(MIGRATION, folder)
    applied = [*folder.glob("*.sql")]
    for pull_request in pull_requests:
        pull_request.write(folder) if not pull_request.edits else None
        applied += [folder / pull_request.file] * pull_request.is_recorded
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(applied)]
    (folder / "applied.sha256").write_text("".join(lines), encoding="ascii")
    for pull_request in pull_requests:
        if pull_request.edits:
            pull_request.write(folder)
    return folder
