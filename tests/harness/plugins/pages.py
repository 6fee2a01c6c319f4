"""Pages of clauses: each room of the gate has one, found by going up from the file of a test."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.harness.core.paths import ROOT, UPGRADE
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import definitions
from tests.harness.report.failures import TO_BE_CONFIRMED

CONTRACT, RULES = "CONTRACT.md", "RULES.md"
DEFINED = re.compile(r"^Defined by .+$", re.MULTILINE)
NAMES = re.compile(r"`(?:\w+\.)?(\w+)(?:\(\))?`")
# A rule's kind stands before its words.
ROW = re.compile(r"^\| (?P<id>[A-Z]\d+) \|(?: (?P<kind>(?:always|asked for)[^|]*) \|)? (?P<text>.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Clause:
    """One clause: its ID, its words, the objects that keep it, and the table whose contract it is of, if of one.

    `kind` is a rule's: "always", "asked for", or "always; asked for: " with the part that is.
    """

    id: str
    text: str
    objects: frozenset[str] = frozenset()
    table: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        """The ID as reports write it, where several pages have one of the same name: `calculator2_sessions R3`."""
        return f"{self.table} {self.id}".lstrip()

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether nobody has said yet that it is meant."""
        return self.text.startswith(TO_BE_CONFIRMED)

    def places(self, migrations: Sequence[Migration]) -> list[tuple[Path, int, str]]:
        """List file, line and the line's text of each place that defines an object which keeps the clause."""
        return [
            (migration.path, each.line, each.text)
            for migration in migrations
            for each in definitions(migration)
            if each.name in self.objects and each.table in (self.table, None)
        ]


@dataclass(frozen=True)
class Page:
    """The clauses of one room, by ID, in their order."""

    path: Path
    clauses: dict[str, Clause] = field(repr=False, compare=False)


@cache
def read_page(path: Path) -> Page:
    """Read the clauses of a page. What keeps one is named in backticks in it, or what its section is "Defined by"."""
    table = path.parent.name if path.name == CONTRACT else ""
    clauses = {}
    for section in path.read_text(encoding="utf-8").split("\n## "):
        defined = DEFINED.search(section)
        for row in ROW.finditer(section):
            objects = NAMES.findall(row["text"]) + NAMES.findall(defined[0] if defined else "")
            clauses[row["id"]] = Clause(row["id"], row["text"], frozenset(objects), table, row["kind"] or "")
    return Page(path, clauses)


@cache
def find_page(path: Path) -> Page:
    """Find the page of a test's file: the nearest one above it. What is of no room is judged as a new migration is."""
    for folder in path.parents:
        for name in (CONTRACT, RULES):
            if (folder / name).is_file():
                return read_page(folder / name)
        if folder == ROOT:
            break
    return read_page(UPGRADE / RULES)
