"""Any migration in other words, which mean the same: the gate must be green on each, or people would switch it off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pglast
from pglast import ast
from pglast.stream import IndentedStream, RawStream

from tests.harness.migrations import edits

Rewriting = Callable[[str], str]


def _in_lower_case(text: str) -> str:
    for token in pglast.parser.scan(text):
        if token.kind.endswith("_KEYWORD") and token.kind != "NO_KEYWORD":
            text = text[: token.start] + text[token.start : token.end + 1].lower() + text[token.end + 1 :]
    return text


def _in_quotes(text: str) -> str:
    for token in reversed(pglast.parser.scan(text)):
        if token.name == "IDENT" and (word := text[token.start : token.end + 1])[0] != '"':
            text = f'{text[: token.start]}"{word.lower()}"{text[token.end + 1 :]}'
    return text


def _printed(stream: Callable[..., RawStream]) -> Rewriting:
    return lambda text: "".join(f"{stream()(each.tree)};\n" for each in edits.parse(text))


def _in_its_other_words(text: str) -> str:
    started = edits.replace(text, ast.TransactionStmt, "START TRANSACTION", edits.begins_transaction)
    return edits.replace(started, ast.TransactionStmt, "END", edits.commits)


def _each_role_alone(text: str) -> str:
    def apart(found: re.Match[str]) -> str:
        return "".join(f"{found[1]}{role.strip()};\n" for role in found[2].split(","))

    return re.sub(r"^((?:GRANT|REVOKE)[^;]*?\s(?:TO|FROM) )([^;]*);\n", apart, text, flags=re.MULTILINE)


REWRITINGS: dict[str, Rewriting] = {
    "keywords in lower case": _in_lower_case,
    "no comments": lambda text: re.sub(r"^ *--.*\n", "", text, flags=re.MULTILINE),
    "comments in blocks": lambda text: re.sub(r"^-- (.*)$", r"/* \1 */", text, flags=re.MULTILINE),
    "lines end with CRLF": lambda text: text.replace("\n", "\r\n"),
    "a byte more of blank everywhere": lambda text: re.sub(r"^(?=[A-Z])", " \t", text, flags=re.MULTILINE),
    "names in quotes": _in_quotes,
    "printed on one line a statement": _printed(RawStream),
    "printed in another layout": _printed(IndentedStream),
    "START TRANSACTION and END": _in_its_other_words,
    "privileges role by role": _each_role_alone,
    "other comments": lambda text: re.sub(r"IS\s+'[^']*';", "IS 'It is what its name says.';", text),
}
