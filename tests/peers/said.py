"""What a tool says of a database, and what of it is new once a file more is applied."""

import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from tests.selftest.project.planted import statements


class Kind(Enum):
    """What a statement is: what fails the tool's own gate, what is only reported, and that something is not judged."""

    ALARM = "alarm"
    REPORT = "report"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Statement:
    """One statement, in which words; an object's name is among them."""

    kind: Kind
    words: str


@dataclass
class Said:
    """All that a tool says of a database, how long it took, and why it could not be run, if so."""

    statements: set[Statement] = field(default_factory=set)
    seconds: float = 0
    error: str = ""


class Verdict(Enum):
    """What a tool's words on a file come to."""

    ALARM = "told as a fault"
    REPORT = "told as a change"
    NOT_JUDGED = "not judged"
    NOTHING = "nothing said"


def words(file: Path) -> frozenset[str]:
    """List the words of a file's statements: its tables are among them."""
    return frozenset(re.findall(r"[a-z_]\w*", statements(file).lower()))


def verdict(before: Said, after: Said) -> Verdict:
    """Judge what is new, of whatever object: a file can reach one that it does not name, and nothing else is new."""
    kinds = {each.kind for each in after.statements - before.statements}
    if Kind.ALARM in kinds:
        return Verdict.ALARM
    if Kind.REPORT in kinds:
        return Verdict.REPORT
    return Verdict.NOT_JUDGED if after.error or kinds else Verdict.NOTHING
