"""Expressions of a project's SQL, brought into a plain form in which comparisons are found by regular expressions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pglast

COMMENTS = {"SQL_COMMENT", "C_COMMENT"}
# Before a parenthesis these words call nothing.
NO_CALLS = {"LIKE", "ILIKE", "BETWEEN", "EXISTS", "VALUES"}
# Of the types of two words or more, those behind the first.
MORE_OF_A_TYPE = {"VARYING", "PRECISION", "WITH", "WITHOUT", "WITH_LA", "WITHOUT_LA", "TIME", "ZONE"}

# The following are of plain expressions.
LITERAL = r"'(?:[^']|'')*'"
CONSTANT = rf"(?:{LITERAL}|-? ?\b\d+(?:\.\d+)?)"
CONSTANTS = rf"(?:(?:ANY|ALL) )?(?:ARRAY )?(?:\[ )?(?P<values>{CONSTANT}(?: , {CONSTANT})*)"
COLUMN = r"(?:\w+ \. )*(?P<column>(?!(?:select|any|all|array|true|false|null|not)\b)[^\W\d]\w*)(?![\w(]| \.)"


@dataclass(frozen=True)
class Expression:
    """An expression of a policy, check, view or function (`kind`), and the table, view or function that it is of."""

    kind: str
    of: str
    text: str


def plain(text: str) -> str:
    """Return an expression without comments, casts, parentheses and AS, a blank between its tokens.

    A function that is called is written `name()`, and a cast to boolean stays as `::bool`. Empty if it is no SQL.
    """
    try:
        tokens = [each for each in pglast.parser.scan(text) if each.name not in COMMENTS]
    except pglast.parser.ParseError:
        return ""
    words = [text[each.start : each.end + 1] for each in tokens]
    found: list[str] = []
    at = 0
    while at < len(words):
        word, token = words[at], tokens[at]
        at += 1
        if token.name in ("TYPECAST", "AS"):
            found += ["::bool"] * (token.name == "TYPECAST" and words[at : at + 1] in (["boolean"], ["bool"]))
            at = _behind_a_name(words, [each.name for each in tokens], at)
        elif word not in ("(", ")"):
            calls = words[at : at + 1] == ["("] and (word.isidentifier() or word.startswith('"'))
            calls = calls and token.kind != "RESERVED_KEYWORD" and token.name not in NO_CALLS
            found.append(word.strip('"') + "()" * calls)
    return " ".join(found)


def _behind_a_name(words: Sequence[str], names: Sequence[str], at: int) -> int:
    """Return where the name of a type or of an output ends that begins there: a.b, character varying(3), text[]."""
    at += 1
    while at < len(words) and (words[at] == "." or names[at] in MORE_OF_A_TYPE or words[at - 1] == "."):
        at += 1
    if words[at : at + 1] == ["("] and words[at - 1] not in (")", "("):
        at = next((each for each in range(at, len(words)) if words[each] == ")"), at) + 1
    while words[at : at + 2] == ["[", "]"]:
        at += 2
    return at


def values_of(found: re.Match[str]) -> list[tuple[str, bool]]:
    """List the constants of a comparison, each with whether it is a literal."""
    return [
        (each[1:-1].replace("''", "'") if each.startswith("'") else each.replace(" ", ""), each.startswith("'"))
        for each in re.findall(CONSTANT, found["values"])
    ]
