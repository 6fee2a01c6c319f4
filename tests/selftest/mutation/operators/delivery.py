"""Mutants of how the file applies: its transaction, settings, lock, guards, comments and notification."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from tests.selftest.mutation.inputs import TRIED
from tests.selftest.mutation.subject import SETTING, Subject
from tests.selftest.mutation.trees import Change, expression, of, put, statement, strings, within, written

LOCK = "pg_advisory_xact_lock"
OTHER_NOTIFICATIONS = (("conditionname", "postgrest"), ("payload", "reload config"), ("payload", None))


def of_transaction(subject: Subject, tree: Any) -> Iterator[Change]:
    """Neither begin nor commit."""
    yield Change("TRANSACTION", "the file", f"no {written(tree)}", None)


def of_setting(subject: Subject, tree: Any) -> Iterator[Change]:
    """Leave a setting of the transaction out, or make it for the session."""
    if not tree.is_local:
        return
    thing = written(tree).removeprefix("SET LOCAL ")
    yield Change(SETTING, thing, "dropped", None)
    same = [each for each in subject.trees(ast.VariableSetStmt) if each.is_local and each.name == tree.name]
    # Before the last one nobody but another applier waits, and the bound may be any.
    if tree.name == "lock_timeout" and tree is same[-1]:
        for value in ("'0'", "'10min'"):
            other = statement(f"SET LOCAL {tree.name} = {value}")
            yield Change(SETTING, thing, f"to {value}", put(args=other.args))
    yield Change(SETTING, thing, "for the session", put(is_local=False))


def of_lock(subject: Subject, tree: Any) -> Iterator[Change]:
    """Keep other appliers away less, or longer."""
    if LOCK not in written(tree):
        return
    changes: dict[str, dict[str, Any]] = {"each its own": {"args": (expression("pg_catalog.pg_backend_pid()"),)}}
    changes |= {change: {"funcname": strings("pg_catalog", name)} for change, name in TRIED["locks"].items()}
    yield Change("ADVISORY-LOCK", "the file", "dropped", None)
    for change, values in changes.items():
        yield Change("ADVISORY-LOCK", "the file", change, within("targetList", 0, of("val", put(**values))))


def of_notification(subject: Subject, tree: Any) -> Iterator[Change]:
    """Tell the API nothing, or something else."""
    yield Change("NOTIFY", "the file", "dropped", None)
    for name, value in OTHER_NOTIFICATIONS:
        yield Change("NOTIFY", "the file", f"{name} {value}", put(**{name: value}))


def of_guard(subject: Subject, tree: Any) -> Iterator[Change]:
    """Take out what lets the file be applied again."""
    match tree:
        case ast.CreateStmt(if_not_exists=True):
            yield Change("GUARD", "the table", "no IF NOT EXISTS", put(if_not_exists=False))
        case ast.IndexStmt(if_not_exists=True):
            yield Change("GUARD", f"index {tree.idxname}", "no IF NOT EXISTS", put(if_not_exists=False))
        case ast.CreateFunctionStmt(replace=True):
            yield Change("GUARD", "the function", "no OR REPLACE", put(replace=False))
        case ast.DropStmt():
            yield Change("GUARD", written(tree), "dropped", None)


def of_comment(subject: Subject, tree: Any) -> Iterator[Change]:
    """Leave a comment out; those of the table, and of its first and last column, say nothing, too."""
    thing = written(tree).split(" IS ")[0].removeprefix("COMMENT ON ")
    yield Change("COMMENT", thing, "dropped", None)
    columns = [each for each in subject.trees(ast.CommentStmt) if each.objtype == ObjectType.OBJECT_COLUMN]
    if tree.objtype == ObjectType.OBJECT_TABLE or tree in (*columns[:1], *columns[-1:]):
        for text in ("", " ", None):
            yield Change("COMMENT", thing, repr(text), put(comment=text))
