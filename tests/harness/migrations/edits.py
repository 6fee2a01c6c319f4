"""Edits of a migration's text, by statement or by a piece of it, for tests that change what they are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pglast


class NotEdited(Exception):
    """An edit found nothing to change, or more than one place where there must be one."""


@dataclass(frozen=True)
class Edit:
    """A piece of text that stands exactly once in a file, and what stands there instead."""

    old: str
    new: str

    def apply(self, text: str) -> str:
        """Return the text with the edit made. Raises NotEdited."""
        if (number := text.count(self.old)) != 1:
            raise NotEdited(f"this text must stand in the file once, and stands there {number} times: {self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class ParsedStatement:
    """One statement of a text: where it begins and ends (without its semicolon), and its parse tree."""

    start: int
    end: int
    tree: Any


def parse(text: str) -> list[ParsedStatement]:
    """Split a text into its statements. Raises pglast.parser.ParseError."""
    parsed: Any = pglast.parse_sql(text)
    return [
        ParsedStatement(start := raw.stmt_location or 0, start + raw.stmt_len if raw.stmt_len else len(text), raw.stmt)
        for raw in parsed
    ]


def splice(text: str, edits: Sequence[tuple[ParsedStatement, str]]) -> str:
    """Put a text in the place of each statement, or take it out with its semicolon where the text is empty.

    What follows keeps its line numbers, if the new text has no more lines than the old one.
    """
    for statement, new in sorted(edits, key=lambda edit: -edit[0].start):
        end = statement.end if new else statement.end + 1
        lines = text.count("\n", statement.start, end) - new.count("\n")
        text = text[: statement.start] + new + "\n" * max(0, lines) + text[end:]
    return text
