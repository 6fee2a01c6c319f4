"""Mutants of how the file applies: its transaction, settings, lock, guards, comments and notification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from tests.selftest.mutation.source import Mutant, Part, Source, expression, shown, statement

# Settings of the transaction, what each could be, and what falls without it.
SETTINGS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "lock_timeout": (("I8",), {"'0'": ("I8",), "'10min'": ("I8",)}),
    "statement_timeout": (("I8",), {}),
    "search_path": (("I5",), {}),
    "intervalstyle": (("I5",), {}),
    "client_min_messages": (("I2",), {}),
}


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    for part in source.of(ast.TransactionStmt):
        word = shown(part.tree)
        falls = ("I5", "I4") if word == "BEGIN" else ("I5", "I1")
        yield source.mutant("TRANSACTION", "the file", f"no {word}", falls, part, None)
    for part in source.of(ast.VariableSetStmt):
        yield from _of_setting(source, part)
    for part in source.of(ast.SelectStmt):
        yield from _of_lock(source, part)
    for part in source.of(ast.NotifyStmt):
        yield source.mutant("NOTIFY", "the file", "dropped", ("I10",), part, None)
        for name, value in (("conditionname", "postgrest"), ("payload", "reload config"), ("payload", None)):
            yield source.mutant("NOTIFY", "the file", f"{name} {value}", ("I10",), part, _set(name, value))
    yield from _of_guards(source)
    for part in source.of(ast.CommentStmt):
        thing = shown(part.tree).split(" IS ")[0].removeprefix("COMMENT ON ")
        yield source.mutant("COMMENT", thing, "dropped", ("S7",), part, None)
        if part.tree.objtype == ObjectType.OBJECT_TABLE or thing.endswith((".id", ".expires_at")):
            for text in ("", " ", None):
                yield source.mutant("COMMENT", thing, repr(text), ("S7",), part, _set("comment", text))


def _of_setting(source: Source, part: Part) -> Iterator[Mutant]:
    name, thing = part.tree.name, shown(part.tree).removeprefix("SET LOCAL ")
    dropped, others = SETTINGS.get(name, (("I5",), {}))
    # A bound is missed only where it would have been reached.
    shown_by = "writer-again" if name == "lock_timeout" else ""
    yield source.mutant("SETTING", thing, "dropped", dropped, part, None, checked=True, shown_by=shown_by)
    yield source.mutant("SETTING", thing, "for the session", ("S9",), part, _set("is_local", False), checked=True)
    # Where nobody but another applier waits, the bound may be any.
    for value, falls in others.items() if thing != "lock_timeout TO '30s'" else ():
        new = statement(f"SET LOCAL {name} = {value}").args
        change = _set("args", new)
        yield source.mutant("SETTING", thing, f"to {value}", falls, part, change, checked=True, shown_by=shown_by)


def _of_lock(source: Source, part: Part) -> Iterator[Mutant]:
    def mutant(change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        return source.mutant("ADVISORY-LOCK", "the file", change, falls, part, edit)

    def call(name: str) -> Any:
        def edit(tree: Any) -> None:
            tree.targetList[0].val.funcname = tuple(ast.String(sval=each) for each in ("pg_catalog", name))

        return edit

    yield mutant("dropped", ("I6",), None)
    yield mutant("shared", ("I6",), call("pg_advisory_xact_lock_shared"))
    yield mutant("not waited for", ("I6",), call("pg_try_advisory_xact_lock"))
    yield mutant("of the session", ("S9",), call("pg_advisory_lock"))

    def of_each_its_own(tree: Any) -> None:
        tree.targetList[0].val.args = (expression("pg_catalog.pg_backend_pid()"),)

    yield mutant("each its own", ("I6",), of_each_its_own)


def _of_guards(source: Source) -> Iterator[Mutant]:
    for part in source.of(ast.CreateStmt):
        yield source.mutant("GUARD", "the table", "no IF NOT EXISTS", ("I2", "I3"), part, _set("if_not_exists", False))
    for part in source.of(ast.IndexStmt):
        thing = f"index {part.tree.idxname}"
        yield source.mutant("GUARD", thing, "no IF NOT EXISTS", ("I2", "I3"), part, _set("if_not_exists", False))
    for part in source.of(ast.CreateFunctionStmt):
        yield source.mutant("GUARD", "the function", "no OR REPLACE", ("I2", "I3"), part, _set("replace", False))
    for part in source.of(ast.DropStmt):
        yield source.mutant("GUARD", shown(part.tree), "dropped", ("I2", "I3"), part, None)


def _set(name: str, value: object) -> Any:
    return lambda tree: setattr(tree, name, value)
