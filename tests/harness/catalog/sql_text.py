"""Writes SQL as text: strings, lists that are broken where a line is too long, and files with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# As sqlfluff has it for every file of migrations/.
LONGEST_LINE = 120
# A string is broken at a blank, and never within a doubled quote.
_PIECE = re.compile(r"(?:''|[^']){1,80}(?:\s|$)|(?:''|[^']){1,80}")


def filled(template: Path, parts: Mapping[str, str]) -> str:
    """Fill a template: each `@part@` with its text."""
    text = template.read_text(encoding="utf-8")
    return re.sub("@(" + "|".join(parts) + ")@", lambda found: parts[found[1]], text)


@dataclass(frozen=True)
class SqlList:
    """SQL expressions between commas; on a line of their own each, where one line is too short for all."""

    opening: str
    items: Sequence[SqlList | str]
    closing: str

    def __str__(self) -> str:
        return self.opening + ", ".join(map(str, self.items)) + self.closing


def row(*cells: SqlList | str) -> SqlList:
    """Write a row of VALUES."""
    return SqlList("(", cells, ")")


def literal(text: str | None) -> str:
    """Write a text as a string of SQL."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def array(texts: Sequence[str]) -> SqlList:
    """Write texts as an array of SQL."""
    return SqlList("ARRAY[", [literal(text) for text in texts], "]::text[]")


def values(rows: Iterable[SqlList], indent: str) -> str:
    """Write the rows of VALUES, each on a line of its own."""
    return ",\n".join(lines(each, indent) for each in rows)


def lines(expression: SqlList | str, indent: str) -> str:
    """Write an expression on one line, or on as many as it takes."""
    line = f"{indent}{expression}"
    if len(line) < LONGEST_LINE:
        return line
    if isinstance(expression, SqlList):
        items = ",\n".join(lines(item, indent + "    ") for item in expression.items)
        return f"{indent}{expression.opening}\n{items}\n{indent}{expression.closing}"
    # PostgreSQL joins strings that follow each other on lines of their own.
    return "\n".join(f"{indent}'{piece}'" for piece in _PIECE.findall(expression[1:-1]))
