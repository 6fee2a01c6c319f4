"""Known deviations from the rules for exposed objects, each with its reason: tables of gate.toml."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.harness.catalog.rules import Finding

WORDS = ["clause", "object", "reason"]


class BadDeviations(Exception):
    """The list of deviations cannot be used; the text says what is wrong, and how to mend it."""


Deviations = Mapping[tuple[str, str], str]


def read_deviations(
    file: Path, entries: Iterable[Mapping[str, Any]], clauses: Iterable[str]
) -> dict[tuple[str, str], str]:
    """Read the known deviations that a file enters: the reason for each clause and object. Raises BadDeviations."""
    known = set(clauses)
    deviations: dict[tuple[str, str], str] = {}
    for number, entry in enumerate(entries, start=1):
        at = f"{file}: deviation {number}"
        if sorted(entry) != WORDS or not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise BadDeviations(f"{at}: must give {', '.join(WORDS)}, each a text, and nothing else.")
        if entry["clause"] not in known:
            raise BadDeviations(f"{at}: there is no clause {entry['clause']} in tests/access/RULES.md.")
        if (entry["clause"], entry["object"]) in deviations:
            raise BadDeviations(f"{at}: {entry['clause']} {entry['object']} stands there twice. Keep one.")
        deviations[entry["clause"], entry["object"]] = entry["reason"]
    return deviations


def check_needed(file: Path, deviations: Deviations, findings: Iterable[Finding]) -> None:
    """Raise BadDeviations for one that names nothing, or is no longer needed."""
    needed = {(finding.clause, finding.object) for finding in findings}
    for clause, named in deviations:
        if (clause, named) not in needed:
            raise BadDeviations(
                f"{file}: {clause} {named}: nothing of this name breaks the clause. Take the entry out, or write the "
                "object as the failure does that it is for."
            )
