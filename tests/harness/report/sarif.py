"""The causes of a red run as forges take findings: in SARIF 2.1.0, and as GitLab's report of code quality."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.harness.report.failures import Cause, Place
from tests.harness.report.run import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
NAME = "calculator2-migration-gate"
# What a finding says is read in a box at a line.
MOST_LINES = 20
# A forge shows nothing of a finding that has no place.
NOWHERE = "No single statement decides it."


def as_sarif(report: Report) -> str:
    """Write a rule for each clause, and a result for each cause, at the statement that decides it."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=1) + "\n"


def as_code_quality(report: Report) -> str:
    """Write an issue for each cause, in the form that GitLab reads as its report of code quality."""
    issues = [
        {
            "description": f"{', '.join(labels)}: {_told(cause, MOST_LINES)}",
            "check_name": labels[0],
            "fingerprint": _fingerprint(cause),
            "severity": "critical",
            "location": {"path": place.file, "lines": {"begin": place.line}},
        }
        for cause, labels, (place, *_) in _found(report)
    ]
    return json.dumps(issues, indent=1) + "\n"


def _found(report: Report) -> Iterator[tuple[Cause, list[str], tuple[Place, ...]]]:
    """Yield each cause with the clauses that it breaks, and the places to show it at."""
    newest = next((run.newest for run in report.runs if run.newest), ".")
    for cause, _ in report.causes:
        if cause.clauses:
            yield cause, [each.label for each in cause.clauses], cause.places or (Place(newest, 1),)


def _run(report: Report) -> dict[str, Any]:
    words = {each.label: each.words for run in report.runs for each in run.clauses}
    words |= {each.label: each.words for run in report.runs for cause in run.causes for each in cause.clauses}
    rules = [{"id": label, "shortDescription": {"text": text or label}} for label, text in words.items()]
    number = {label: at for at, label in enumerate(words)}
    results = [
        {
            "ruleId": labels[0],
            "ruleIndex": number[labels[0]],
            "level": "error",
            "message": {"text": f"{_told(cause, MOST_LINES)}\n\nBroken by it: {', '.join(labels)}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(place.file), "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": place.line},
                    }
                }
                for place in places
            ],
            "partialFingerprints": {"cause/v1": _fingerprint(cause)},
        }
        for cause, labels, places in _found(report)
    ]
    told = [{"level": "error", "message": {"text": each}} for run in report.runs for each in run.errors]
    ran = {
        "executionSuccessful": all(run.status in (0, 1) for run in report.runs),
        "toolExecutionNotifications": told,
    }
    return {
        "tool": {"driver": {"name": NAME, "rules": rules}},
        "invocations": [ran],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _told(cause: Cause, most: int) -> str:
    """Say what is wrong: in the sentences that name a statement, or as the clearest failure does."""
    lines = [*cause.sentences] or [*cause.witness.told]
    lines = [*lines[:most], *["…"] * (len(lines) > most)]
    if not cause.places:
        lines.insert(0, NOWHERE)
    if cause.witness.counterexample:
        lines += ["", "To see it:", cause.witness.counterexample]
    return "\n".join(lines)


def _fingerprint(cause: Cause) -> str:
    """Tell a cause from others in any later run: not by its line, which moves with the lines above it."""
    parts = [*(f"{place.file}: {place.text}" for place in cause.places), *sorted(each.label for each in cause.clauses)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
