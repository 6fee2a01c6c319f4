"""A mutant: a migration, or a file beside it, with one fault in it."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.paths import ROOT

# Clauses of these letters speak of what the catalog holds (S and E), or of what the verify file says (V); the others
# speak of behaviour.
STATED = frozenset("SEV")


class BadMutant(Exception):
    """A mutant that is not one: it does not parse, is the original, is there twice, or nothing must fall by it."""


@dataclass(frozen=True)
class Mutant:
    """One change, and the clauses that must fall by it."""

    operator: str
    object: str
    change: str
    falls: tuple[str, ...]
    # Which file it stands for, and the line (from 1) of the change.
    path: Path
    line: int
    text: str
    diff: str
    # A part of the id of the test that shows it best: tried first, as where one of a hundred can see it.
    first_test: str = ""
    # The closing check of the shape is in the text: the fault is in it, or it is about another file.
    has_shape_check: bool = False

    @property
    def name(self) -> str:
        """What was done to what."""
        return f"{self.operator} {self.object}: {self.change}"

    @property
    def id(self) -> str:
        """A short name that does not move with the lines of the file."""
        return f"{self.operator}-{self.digest}"

    @property
    def digest(self) -> str:
        """What the name is short for; in this order, neighbours are of unlike operators."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:8]

    @property
    def place(self) -> str:
        """File and line."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}"

    @property
    def changes_behaviour(self) -> bool:
        """Whether a clause that is proved by behaviour must fall."""
        return any(is_behaviour(clause) for clause in self.falls)


def is_behaviour(clause: str) -> bool:
    """Whether a clause speaks of behaviour."""
    return clause[0] not in STATED


def difference(old: list[str], new: list[str]) -> str:
    """Show what was changed, with two lines around it."""
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])
