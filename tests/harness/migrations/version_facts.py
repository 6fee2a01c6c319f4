"""Finds what a migration uses that an older PostgreSQL lacks, as far as the table in version_facts.toml reaches."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pglast
from pglast import ast

from tests.harness.migrations.edits import parse
from tests.harness.migrations.files import Migration
from tests.harness.migrations.parser import HARMLESS_CHARACTERS

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# A block with one of these may be prepared for what is not there.
GUARDS = re.compile(
    r"\bserver_version|\bversion\s*\(|\bexception\s+when\b|\bto_reg|\bpg_(?!catalog\b|notify\b)", re.IGNORECASE
)
# In PL/pgSQL, what a statement or an expression may follow, and what ends an expression.
BEFORE = re.compile(r"^|:=|\b(begin|declare|then|else|loop|if|elsif|while|in|return|query|perform)\b", re.IGNORECASE)
AFTER = re.compile(r"\b(?:then|loop)\b", re.IGNORECASE)
# Of one statement with what stands before it.
MOST_PIECES = 40
INTO = re.compile(r"(?<!insert )(?<!merge )\binto\s+(strict\s+)?[\w.]+(\s*,\s*[\w.]+)*", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Fact:
    """What can be used, the first major version that has it, and what to write instead, where something serves."""

    what: str
    since: int
    instead: str = ""
    # Refused when it is run, and not when it is parsed.
    at_run_time: bool = False


# Each with the nodes, or the token, that it is found by.
FACTS = [
    (each, Fact(each["what"], each["since"], each.get("instead", ""), each.get("at_run_time", False)))
    for each in TABLE["fact"]
]
# By kind of name and name.
NAMES = {
    (kind, name): Fact(f"the {kind} {name}", int(since), TABLE["instead"].get(name, ""), at_run_time=True)
    for kind, versions in TABLE["name"].items()
    for since, names in versions.items()
    for name in names.split()
}


TOKENS = [(re.compile(each["token"]), fact) for each, fact in FACTS if "token" in each]
# By kind of node, what must hold for it.
BY_NODE: dict[str, list[tuple[Any, Fact]]] = {}
for _each, _fact in FACTS:
    for _kind in _each.get("nodes", ()):
        BY_NODE.setdefault(_kind, []).append((_each.get("where", {}), _fact))


def needs(migration: Migration, earlier: Sequence[Migration] = ()) -> list[tuple[int, Fact]]:
    """List what the file uses that PostgreSQL 13 lacks, each with its line (from 1).

    A name does not count where the file, or an earlier one, makes such a thing itself. A file that PostgreSQL's
    grammar does not accept uses nothing: the server says why.
    """
    made: set[str] = set().union(*(_made(each.text) for each in (*earlier, migration)))
    with suppress(pglast.parser.ParseError):
        return sorted({(migration.text.count("\n", 0, at) + 1, fact) for fact, at in _uses(migration.text, made)})
    return []


@cache
def _made(text: str) -> frozenset[str]:
    """Name the functions, types and relations that the statements make, without their schemas."""
    with suppress(pglast.parser.ParseError):
        trees = [each.tree for each in parse(text)]
        named = [(each, TABLE["makes"].get(type(each).__name__)) for each in trees]
        return frozenset(_name(getattr(tree, attribute))[1] for tree, attribute in named if attribute)
    return frozenset()


def _uses(text: str, made: set[str], prefix: str = "") -> Iterator[tuple[Fact, int]]:
    """Yield what a text of SQL uses, and at which offset. Raises pglast.parser.ParseError."""
    whole = prefix + text
    for statement in parse(whole):
        piece = whole[statement.start : statement.end]
        start = max(statement.start + len(piece) - len(piece.lstrip()), len(prefix))
        for node, at in walk(statement.tree, start):
            found = [fact for where, fact in BY_NODE.get(type(node).__name__, ()) if matches(where, node)]
            yield from ((fact, at - len(prefix)) for fact in (*found, *_named(node, made)))
            if isinstance(node, ast.CreateFunctionStmt | ast.DoStmt):
                yield from ((fact, statement.start + at) for fact, at in _used_by_body(node, piece, made))
    for token in pglast.parser.scan(text):
        if token.name in {"ICONST", "FCONST"}:
            word = text[token.start : token.end + 1]
            yield from ((fact, token.start) for pattern, fact in TOKENS if pattern.fullmatch(word))


def _used_by_body(node: Any, text: str, made: set[str]) -> Iterator[tuple[Fact, int]]:
    """Yield what the body of a function or DO statement uses, as far as its pieces are SQL."""
    options = {each.defname: each.arg for each in (node.args if isinstance(node, ast.DoStmt) else node.options) or ()}
    language = options["language"].sval.lower() if "language" in options else "plpgsql"
    written = options.get("as")
    body = getattr(written[0] if isinstance(written, tuple) else written, "sval", "")
    # A body is not tried beforehand for what nests too deep: see parser.py.
    if language not in {"sql", "plpgsql"} or len(text) > HARMLESS_CHARACTERS:
        return
    start, guarded = max(text.find(body), 0), language == "plpgsql" and GUARDS.search(body)
    for piece, prefix, at in pieces(body) if language == "plpgsql" else [(body, "", 0)]:
        with suppress(pglast.parser.ParseError):
            found = list(_uses(piece, made, prefix))
            yield from ((fact, start + at + offset) for fact, offset in found if fact.at_run_time <= (not guarded))


def pieces(body: str) -> Iterator[tuple[str, str, int]]:
    """Yield what may be a statement or, after SELECT, an expression of a body in PL/pgSQL, and its offset.

    Most of these are neither, and no SQL.
    """
    blank = INTO.sub(lambda found: " " * len(found[0]), body)
    at = 0
    ends = [each.start for each in pglast.parser.scan(blank) if each.name == "ASCII_59"]
    for end in (*ends, len(blank)):
        statement = blank[at:end]
        # Each is parsed up to three times.
        for before in islice(BEFORE.finditer(statement), MOST_PIECES):
            rest = statement[before.end() :]
            yield rest, "", at + before.end()
            expression = AFTER.split(rest, 1)[0]
            yield expression, "", at + before.end()
            yield expression, "SELECT ", at + before.end()
        at = end + 1


def walk(tree: Any, at: int) -> Iterator[tuple[Any, int]]:
    """Yield the nodes of a tree, however deep, each with its offset in the text, or that of the nearest one above."""
    below = [(tree, at)]
    while below:
        node, at = below.pop()
        if isinstance(node, ast.Node):
            place = getattr(node, "location", None)
            # 0 and -1 stand for one that is not known.
            at = place if isinstance(place, int) and place > 0 else at
            yield node, at
            below.extend((getattr(node, key), at) for key in node)
        elif isinstance(node, tuple):
            below.extend((each, at) for each in node)


def matches(pattern: Any, value: Any, key: str = "") -> bool:
    """Compare a node, or something of it, with a pattern of the table: see its head."""
    if key == "some":
        return any(matches(pattern, each) for each in value)
    if key == "within":
        return any(matches(pattern, each) for each, _ in walk(value, 0))
    if key == "node":
        return bool(type(value).__name__ == pattern)
    if key:
        found = dict(enumerate(value)).get(int(key)) if key.isdigit() else getattr(value, key, None)
        return matches(pattern, found)
    if isinstance(pattern, list):
        return any(matches(each, value) for each in pattern)
    if isinstance(pattern, dict):
        return value is not None and all(matches(each, value, key) for key, each in pattern.items())
    if isinstance(pattern, bool):
        return bool(value) is pattern
    return bool(pattern == (value.name if isinstance(value, Enum) else value))


def _name(value: Any) -> tuple[str, str]:
    """Return the schema, or nothing, and the name that a node, or an attribute of it, holds."""
    if isinstance(value, ast.RangeVar):
        return value.schemaname or "", str(value.relname)
    parts = [each.sval for each in value] if isinstance(value, tuple) else [value]
    return ".".join(parts[:-1]), parts[-1]


def _named(node: Any, made: set[str]) -> Iterator[Fact]:
    """Yield the facts about the names that a node uses."""
    arguments: tuple[Any, ...] = getattr(node, "args", None) or ()
    for attribute, kind in TABLE["names"].get(type(node).__name__, {}).items():
        if (value := getattr(node, attribute)) is None:
            continue
        schema, name = _name(node if isinstance(node, ast.RangeVar) else value)
        if schema in {"", "pg_catalog", "information_schema"} and name not in made:
            for key in (name, f"{name}/{len(arguments)}"):
                yield from filter(None, [NAMES.get((kind, key))])
            # With true as a second argument, current_setting() demands nothing.
            if (name, len(arguments)) in {("current_setting", 1), ("set_config", 3)}:
                setting = getattr(getattr(arguments[0], "val", None), "sval", None)
                yield from filter(None, [NAMES.get(("setting", setting))])
