"""The migration as its statements, each of which can be changed alone, and the mutants that come of it."""

from __future__ import annotations

import copy
import difflib
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pglast
from pglast.stream import IndentedStream, RawStream

# Behaviour, as against what the catalogue holds (S) or the verify file says (V).
BEHAVIOURAL = frozenset("CDTRIP")

# Most mutants are made of this one, below the folder of migrations.
MIGRATION = "014_create_calculator2_sessions.sql"
# It would do the killing itself (I9), so it is there in those mutants alone that are about it.
CLOSING_CHECK = re.compile(r"^DO \$check\$.*?^\$check\$;", re.MULTILINE | re.DOTALL)
NO_CHECK = "DO $check$ BEGIN END; $check$;"

_POSITIONS = re.compile(r"location|_start$|_end$|^stmt_len$")


class BadMutant(Exception):
    """A mutant that is not one: it does not parse, is the original, or is there twice."""


@dataclass(frozen=True)
class Mutant:
    """One change of the migration, or of a file beside it, and the clauses that must fall by it."""

    operator: str
    object: str
    change: str
    falls: tuple[str, ...]
    line: int
    text: str
    diff: str
    # Whose text it is, below the folder of migrations.
    file: str = MIGRATION
    # Words of the test's id, of its clauses, that shows it best: tried first, as where one of a hundred can see it.
    shown_by: str = ""

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
        return f"migrations/{self.file}:{self.line}"

    @property
    def changes_behaviour(self) -> bool:
        """Whether a clause that is proved by behaviour must fall."""
        return any(clause[0] in BEHAVIOURAL for clause in self.falls)


@dataclass(frozen=True)
class Edit:
    """A text that stands once in a file, what stands there instead, the fault that this is, and what must fall by it.

    `about_the_check`: the closing check stays, for the fault is in it; `shown_by`: see Mutant.
    """

    old: str
    new: str
    fault: str
    falls: tuple[str, ...]
    about_the_check: bool = False
    shown_by: str = ""

    def made(self, name: str, text: str) -> tuple[str, int, str]:
        """Return that text with the edit made, its line (from 1), and the difference. Raises BadMutant."""
        if text.count(self.old) != 1:
            raise BadMutant(f"{name}, {self.fault}: the text to change stands {text.count(self.old)} times.")
        new = text.replace(self.old, self.new)
        return new, text.count("\n", 0, text.index(self.old)) + 1, difference(text.splitlines(), new.splitlines())


@dataclass(frozen=True)
class Part:
    """One statement: where it stands, and its parse tree."""

    start: int
    end: int
    tree: Any
    lines: list[str]


@dataclass(frozen=True)
class Source:
    """A migration's text."""

    text: str

    @cached_property
    def parts(self) -> list[Part]:
        """The statements, in their order, without the semicolons."""
        found: Any = pglast.parse_sql(self.text)
        return [
            Part(raw.stmt_location, raw.stmt_location + raw.stmt_len, raw.stmt, _laid_out(raw.stmt)) for raw in found
        ]

    def of(self, kind: type[Any]) -> Iterator[Part]:
        """The statements of one kind."""
        return (part for part in self.parts if isinstance(part.tree, kind))

    def line(self, offset: int) -> int:
        """The line (from 1) of an offset."""
        return self.text.count("\n", 0, offset) + 1

    def mutant(
        self,
        operator: str,
        thing: str,
        change: str,
        falls: tuple[str, ...],
        part: Part,
        edit: Callable[[Any], Any] | None,
        *,
        at: int | None = None,
        also: tuple[Part, ...] = (),
        checked: bool = False,
        shown_by: str = "",
    ) -> Mutant:
        """Change one statement's tree; without `edit`, or where it returns False, the statement goes.

        `also` are statements that cannot stay without the first, as a dropped column's comment. Raises BadMutant.
        """
        tree = copy.deepcopy(part.tree)
        kept = edit is not None and edit(tree) is not False
        new = shown(tree) if kept else ""
        line = self.line(part.start if at is None else at)
        text = self._spliced([(part, new)] + [(gone, "") for gone in also])
        diff = difference(part.lines, _laid_out(tree) if kept else [])
        mutant = Mutant(operator, thing, change, falls, line, text, diff, shown_by=shown_by)
        return _checked(mutant, self.text[part.start : part.end], new, checked=checked)

    def edited(self, operator: str, thing: str, edit: Edit) -> Mutant:
        """Change the text in one place. Raises BadMutant."""
        text, line, diff = edit.made(f"{operator} {thing}", self.text)
        mutant = Mutant(operator, thing, edit.fault, edit.falls, line, text, diff, shown_by=edit.shown_by)
        return _checked(mutant, self.text, text, checked=edit.about_the_check)

    def _spliced(self, edits: list[tuple[Part, str]]) -> str:
        text = self.text
        for part, new in sorted(edits, key=lambda edit: -edit[0].start):
            end = part.end if new else part.end + 1
            # As many lines as before, so that those behind it keep their numbers.
            lines = text.count("\n", part.start, end) - new.count("\n")
            text = text[: part.start] + new + "\n" * max(0, lines) + text[end:]
        return text


def _checked(mutant: Mutant, old: str, new: str, *, checked: bool) -> Mutant:
    """Make sure that it parses and differs; take the closing check out unless the mutant is about it."""
    try:
        meaning = _meaning(pglast.parse_sql(new))
    except pglast.parser.ParseError as fault:
        raise BadMutant(f"{mutant.name}: does not parse: {fault}") from None
    if meaning == _meaning(pglast.parse_sql(old)):
        raise BadMutant(f"{mutant.name}: is the original.")
    if not mutant.falls:
        raise BadMutant(f"{mutant.name}: names no clause that must fall.")
    return mutant if checked else replace(mutant, text=without_check(mutant.text))


def without_check(text: str) -> str:
    """Put a statement that does nothing in the place of the closing check."""
    text, number = CLOSING_CHECK.subn(lambda found: NO_CHECK + "\n" * found[0].count("\n"), text)
    if number != 1:
        raise BadMutant("the closing check is not where it was: DO $check$ … $check$;")
    return text


def difference(old: list[str], new: list[str]) -> str:
    """Show what was changed, with two lines around it."""
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])


def _meaning(node: Any) -> object:
    """A parse tree without its positions, to compare."""
    if isinstance(node, pglast.ast.Node):
        fields = [name for name in node if not _POSITIONS.search(name)]
        return type(node).__name__, tuple((name, _meaning(getattr(node, name))) for name in fields)
    if isinstance(node, tuple):
        return tuple(_meaning(each) for each in node)
    return node


def statement(text: str) -> Any:
    """Parse one statement."""
    return pglast.parse_sql(text)[0].stmt


def expression(text: str) -> Any:
    """Parse an expression."""
    return statement(f"SELECT {text}").targetList[0].val


def type_name(text: str) -> Any:
    """Parse a type."""
    return expression(f"NULL::{text}").typeName


def shown(node: Any) -> str:
    """Write a tree as SQL; a copy of it, since the printer leaves its marks."""
    return RawStream()(copy.deepcopy(node)).strip()


def _laid_out(node: Any) -> list[str]:
    return IndentedStream()(copy.deepcopy(node)).splitlines()
