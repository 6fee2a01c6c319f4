"""The contract's clauses, read from the page that states them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.paths import CONTRACTS
from tests.harness.migrations.files import Migration

PAGE = CONTRACTS / "CONTRACT.md"
ROW = re.compile(r"^\| (?P<id>[A-Z]\d+) \| (?P<text>.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Clause:
    """One clause: its ID and its words."""

    id: str
    text: str

    def promised_at(self, migrations: Sequence[Migration]) -> list[str]:
        """List the lines of the migrations that make this promise.

        They are the ones that cite the clause, as in `(R4)`, or else the first that has one of the names that its
        text sets in backticks.
        """
        cited = re.compile(rf"\((?:\w+, )*{self.id}(?:, \w+)*\)")
        names = [name for name in re.findall(r"`(\w+)`", self.text) if "_" in name]
        found = []
        for migration in migrations:
            lines = list(enumerate(migration.text.splitlines(), start=1))
            hits = [(number, line) for number, line in lines if cited.search(line)]
            for name in names if not hits else ():
                whole = re.compile(rf"\b{name}\b")
                hits += [hit for hit in lines if whole.search(hit[1])][:1]
            found += [f"{migration.path.name}:{number}: {line.strip()}" for number, line in dict.fromkeys(hits)]
        return found


def read(page: Path = PAGE) -> dict[str, Clause]:
    """Read every clause of the contract, in its order."""
    rows = (Clause(row["id"], row["text"]) for row in ROW.finditer(page.read_text(encoding="utf-8")))
    return {clause.id: clause for clause in rows}
