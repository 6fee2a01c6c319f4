"""Known deviations from the rules for exposed objects, each with its reason, as a TOML file."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.harness.catalog.rules import Finding

WORDS = ["clause", "object", "reason"]


class BadDeviations(Exception):
    """The list of deviations cannot be used; the text says what is wrong, and how to mend it."""


Deviations = Mapping[tuple[str, str], str]


def read_deviations(file: Path, clauses: Iterable[str]) -> dict[tuple[str, str], str]:
    """Read the known deviations: the reason for each clause and object. Raises BadDeviations."""
    known = set(clauses)
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise BadDeviations(f"{file}: not TOML: {fault}.") from None
    deviations: dict[tuple[str, str], str] = {}
    if set(entries) - {"deviation"} or not isinstance(entries.get("deviation", []), list):
        raise BadDeviations(f"{file}: holds {', '.join(entries)}; it must hold [[deviation]] tables alone.")
    for number, entry in enumerate(entries.get("deviation", []), start=1):
        at = f"{file}: deviation {number}"
        if sorted(entry) != WORDS or not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise BadDeviations(f"{at}: must give {', '.join(WORDS)}, each a text, and nothing else.")
        if entry["clause"] not in known:
            raise BadDeviations(f"{at}: there is no clause {entry['clause']} in the contract.")
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
