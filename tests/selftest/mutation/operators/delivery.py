"""Mutants of how the file applies: its transaction, settings, lock, guards, comments and notification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from tests.harness.migrations.edits import ParsedStatement, begins_transaction
from tests.selftest.mutation.mutant import Mutant
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import expression, put, statement, within, written

# What falls without a setting of the transaction; without any other one, names may mean something else (I5).
SETTINGS = {"lock_timeout": "I8", "statement_timeout": "I8", "client_min_messages": "I2"}
LOCK = "pg_advisory_xact_lock"
OTHER_LOCKS = {
    "shared": ("pg_advisory_xact_lock_shared", "I6"),
    "not waited for": ("pg_try_advisory_xact_lock", "I6"),
    "of the session": ("pg_advisory_lock", "I11"),
}
OTHER_NOTIFICATIONS = (("conditionname", "postgrest"), ("payload", "reload config"), ("payload", None))


def mutants(subject: Subject) -> Iterator[Mutant]:
    """All of them."""
    for each in subject.of(ast.TransactionStmt):
        falls = "I5 I4" if begins_transaction(each.tree) else "I5 I1"
        yield subject.mutant("TRANSACTION", "the file", f"no {written(each.tree)}", each, None, falls=falls)
    local = [each for each in subject.of(ast.VariableSetStmt) if each.tree.is_local]
    for each in local:
        last = each is [other for other in local if other.tree.name == each.tree.name][-1]
        yield from _of_setting(subject, each, last=last)
    for each in subject.of(ast.SelectStmt):
        if LOCK in written(each.tree):
            yield from _of_lock(subject, each)
    for each in subject.of(ast.NotifyStmt):
        yield subject.mutant("NOTIFY", "the file", "dropped", each, None, falls="I10")
        for name, value in OTHER_NOTIFICATIONS:
            yield subject.mutant("NOTIFY", "the file", f"{name} {value}", each, put(**{name: value}), falls="I10")
    yield from _of_guards(subject)
    yield from _of_comments(subject)


def _of_setting(subject: Subject, local: ParsedStatement, *, last: bool) -> Iterator[Mutant]:
    name, thing = local.tree.name, written(local.tree).removeprefix("SET LOCAL ")
    falls, first_test = SETTINGS.get(name, "I5"), ""
    changes: dict[str, Any] = {"dropped": None}
    if name == "lock_timeout":
        # A bound is missed only where it would have been reached.
        first_test = "writer-again"
        # Before the last one nobody but another applier waits, and the bound may be any.
        for value in ("'0'", "'10min'") if last else ():
            changes[f"to {value}"] = put(args=statement(f"SET LOCAL {name} = {value}").args)
    for change, edit in changes.items():
        yield subject.mutant(
            "SETTING", thing, change, local, edit, falls=falls, first_test=first_test, keeps_shape_check=True
        )
    for_the_session = put(is_local=False)
    yield subject.mutant(
        "SETTING", thing, "for the session", local, for_the_session, falls="I11", keeps_shape_check=True
    )


def _of_lock(subject: Subject, locking: ParsedStatement) -> Iterator[Mutant]:
    def mutant(change: str, falls: str, **values: Any) -> Mutant:
        edit = within("targetList", 0, lambda target: put(**values)(target.val)) if values else None
        return subject.mutant("ADVISORY-LOCK", "the file", change, locking, edit, falls=falls)

    yield mutant("dropped", "I6")
    yield mutant("each its own", "I6", args=(expression("pg_catalog.pg_backend_pid()"),))
    for change, (name, falls) in OTHER_LOCKS.items():
        yield mutant(change, falls, funcname=tuple(ast.String(sval=each) for each in ("pg_catalog", name)))


def _of_guards(subject: Subject) -> Iterator[Mutant]:
    for each in subject.statements:
        thing, change, edit = "", "no IF NOT EXISTS", put(if_not_exists=False)
        match each.tree:
            case ast.CreateStmt(if_not_exists=True):
                thing = "the table"
            case ast.IndexStmt(if_not_exists=True):
                thing = f"index {each.tree.idxname}"
            case ast.CreateFunctionStmt(replace=True):
                thing, change, edit = "the function", "no OR REPLACE", put(replace=False)
            case ast.DropStmt():
                yield subject.mutant("GUARD", written(each.tree), "dropped", each, None, falls="I2 I3")
        if thing:
            yield subject.mutant("GUARD", thing, change, each, edit, falls="I2 I3")


def _of_comments(subject: Subject) -> Iterator[Mutant]:
    comments = list(subject.of(ast.CommentStmt))
    columns = [each for each in comments if each.tree.objtype == ObjectType.OBJECT_COLUMN]
    for each in comments:
        thing = written(each.tree).split(" IS ")[0].removeprefix("COMMENT ON ")
        yield subject.mutant("COMMENT", thing, "dropped", each, None)
        if each.tree.objtype == ObjectType.OBJECT_TABLE or each in (columns[0], columns[-1]):
            for text in ("", " ", None):
                yield subject.mutant("COMMENT", thing, repr(text), each, put(comment=text))
