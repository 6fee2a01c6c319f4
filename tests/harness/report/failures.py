"""The failures of a run, grouped by the statement of a migration that decides them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import dedent

# A sentence that begins with a migration and a line, as those of rules and of access do.
AT_A_LINE = re.compile(r"^(?:E +(?:[\w.]+: )?)?(\S+\.sql):(\d+): (\S.*)$", re.MULTILINE)
# Of a failure with a traceback, what it says at its end.
ERROR = re.compile(r"^E   ?(.*)$", re.MULTILINE)
# How pytest names the exception there, and what it explains of an assert.
EXCEPTION, EXPLAINED = re.compile(r"^(?:AssertionError|Failed|[\w.]+DoesNotApply): "), re.compile(r"^ *\+ ")
HINT = re.compile(r"^ *(Hint: .+)$", re.MULTILINE)
# What may be read without knowing a test comes first: access as it is measured, then the rules, then a table's clauses.
CHAPTERS = "AEI"
# How a clause begins that was written down as it was observed, until somebody says that it is meant.
TO_BE_CONFIRMED = "TO BE CONFIRMED: "
# How the hint of a rule of house style ends.
MAY_STAY = " If it must stay, enter clause, object and reason into gate.toml."


@dataclass(frozen=True)
class Place:
    """A statement of a migration: its file, the line where it begins (from 1), and that line's text."""

    file: str
    line: int
    text: str = field(default="", compare=False)

    def is_at(self, other: "Place") -> bool:
        """Whether both are the same line of the same file, be it named with or without its folder."""
        return (Path(self.file).name, self.line) == (Path(other.file).name, other.line)

    def __str__(self) -> str:
        """Write file and line, as compilers do."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class BrokenClause:
    """A clause that a test failed for: its label, its words, and the statements that define what keeps it."""

    label: str
    words: str
    places: tuple[Place, ...] = ()

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether it was only observed so far, and nobody has said that it is meant."""
        return self.words.startswith(TO_BE_CONFIRMED)


@dataclass(frozen=True)
class Failure:
    """One test that failed.

    `told` is what it says of why, line by line; `sentences` are those of it that name a statement, with their places;
    `counterexample` is SQL to paste into psql, or empty; `text` is the whole failure as pytest writes it.
    """

    nodeid: str
    clauses: tuple[BrokenClause, ...]
    told: tuple[str, ...]
    sentences: tuple[tuple[Place, str], ...]
    counterexample: str
    text: str

    @property
    def says_what_must_be(self) -> bool:
        """Whether it says what must happen, and not only what did not."""
        return any("must " in line for line in self.told)

    @property
    def beside_the_sentences(self) -> list[str]:
        """List what it says beside its sentences and hints."""
        others = (line for line in self.told if not AT_A_LINE.match(line) and not HINT.match(line))
        return [line for line in others if line.strip()]

    @property
    def rank(self) -> tuple[int, bool, bool, int]:
        """Order the clearest first: by chapter, then what says what must be, needs no counterexample, is shorter."""
        rules = [CHAPTERS.find(each.label[0]) for each in self.clauses if " " not in each.label]
        order = min((each for each in rules if each >= 0), default=len(CHAPTERS))
        return order, not self.says_what_must_be, bool(self.counterexample), len(self.told)

    def with_places(self, place: Callable[[Place], Place]) -> "Failure":
        """Return it with the places of its sentences looked up: by their files, with the text of their lines."""
        return replace(self, sentences=tuple((place(at), words) for at, words in self.sentences))


@dataclass
class Cause:
    """What is told once: a statement (or several that could be at fault, or none), and all that is broken by it."""

    places: tuple[Place, ...]
    sentences: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    clauses: dict[BrokenClause, list[Failure]] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, bool, bool, int]:
        """Order the clearest first."""
        return min(each.rank for found in self.clauses.values() for each in found)

    @property
    def witness(self) -> Failure:
        """The failure that shows it best: the one with the shortest counterexample, or else the clearest."""
        failures = [each for found in self.clauses.values() for each in found]
        shown = [each for each in failures if each.counterexample]
        if not shown:
            return min(failures, key=lambda each: each.rank)
        return min(shown, key=lambda each: (not each.says_what_must_be, len(each.counterexample)))


def failure(nodeid: str, text: str, clauses: Iterable[BrokenClause], counterexample: str = "") -> Failure:
    """Read a failure from what pytest writes of it."""
    errors = dedent("\n".join(ERROR.findall(text)) or text).strip().splitlines()
    told = tuple(EXCEPTION.sub("", line) for line in errors if not EXPLAINED.match(line))
    sentences = tuple((Place(file, int(line)), words) for file, line, words in AT_A_LINE.findall(text))
    return Failure(nodeid, tuple(clauses), told, sentences, counterexample, text)


def causes(failures: Sequence[Failure]) -> list[Cause]:
    """Group failures: by the statements that their sentences name, else by those that define what keeps the clause.

    A clause that a sentence has put to a statement is told there alone; one that no sentence has, goes to the first
    cause whose statement defines what keeps it. What no statement defines comes last, but for a rule of an earlier
    chapter than all the others.
    """
    found: dict[tuple[Place, ...], Cause] = {}
    by_clause: dict[BrokenClause, list[Failure]] = defaultdict(list)
    for each in sorted(failures, key=lambda it: it.rank):
        for place, words in each.sentences:
            cause = found.setdefault((place,), Cause((place,)))
            cause.sentences += [words] if words not in cause.sentences else []
            cause.hints += [hint for hint in HINT.findall(each.text) if hint not in cause.hints]
        for clause in each.clauses:
            by_clause[clause].append(each)
    named = list(found.values())
    for clause, broken_by in by_clause.items():
        told_at = {place for each in broken_by for place, _ in each.sentences}
        direct = [cause for cause in named if cause.places[0] in told_at]
        near = [cause for cause in named if any(cause.places[0].is_at(place) for place in clause.places)]
        places = () if clause.is_to_be_confirmed else clause.places
        for cause in direct or near[:1] or [found.setdefault(places, Cause(places))]:
            cause.clauses[clause] = broken_by
    for cause in found.values():
        # The rules for all tables first, then what most tests fail for.
        ordered = sorted(cause.clauses.items(), key=lambda item: (" " in item[0].label, -len(item[1])))
        cause.clauses = dict(ordered)
    # A statement that does not end, say, breaks a rule for all files, and whatever was tried meanwhile.
    first = min((cause.rank[0] for cause in found.values() if cause.places and cause.clauses), default=-1)
    return sorted(found.values(), key=lambda cause: not cause.places and cause.rank[0] >= first)
