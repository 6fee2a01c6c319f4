"""Mutants of grants and revokes: dropped, widened, narrowed, to others, to pass on, by column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import AUTHENTICATOR, UNGRANTED
from tests.selftest.mutation.mutant import Mutant
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Change, append, put, role, without

KINDS = {
    ObjectType.OBJECT_TABLE: "table",
    ObjectType.OBJECT_SEQUENCE: "sequence",
    ObjectType.OBJECT_FUNCTION: "function",
}
ON_TABLES = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
ON_COLUMNS = ("select", "insert", "update", "references")
# What alone a REVOKE could take.
NARROWED = {
    "table": ("select", "insert, update, delete", "truncate", "select, insert, update, delete"),
    "sequence": ("usage", "select", "update"),
}


def mutants(subject: Subject) -> Iterator[Mutant]:
    """All of them."""
    for each in subject.of(ast.GrantStmt):
        kind = KINDS.get(each.tree.objtype, "another object")
        names = [grantee.rolename or "PUBLIC" for grantee in each.tree.grantees]
        if each.tree.is_grant:
            thing, changes = f"{kind}, to {', '.join(names)}", _of_grant(each.tree, kind, names, subject.table)
        else:
            thing, changes = kind, _of_revoke(each.tree, kind, names)
        for operator, change, edit in changes:
            yield subject.mutant(operator, thing, change, each, edit)


def _of_grant(tree: Any, kind: str, names: list[str], table: TableSpec) -> Iterator[Change]:
    yield "GRANT-DROPPED", "dropped", None
    yield "GRANT-OPTION", "WITH GRANT OPTION", put(grant_option=True)
    for place, name in enumerate(names):
        if rest := without(tree.grantees, place):
            yield "GRANT-GRANTEE", f"without {name}", put(grantees=rest)
    for more in ("PUBLIC", UNGRANTED, AUTHENTICATOR):
        if more not in names:
            yield "GRANT-GRANTEE", f"{more} too", append("grantees", role(more))
    if tree.privileges is None:
        return
    yield "GRANT-ALL", "ALL", put(privileges=None)
    held = [each.priv_name for each in tree.privileges]
    for place, name in enumerate(held):
        if rest := without(tree.privileges, place):
            yield "GRANT-NARROWED", f"without {name}", put(privileges=rest)
    if kind != "table":
        return
    for more in ON_TABLES:
        if more not in held:
            yield "GRANT-WIDENED", f"{more} too", append("privileges", ast.AccessPriv(priv_name=more))
    on_columns = {each.priv_name: [name.sval for name in each.cols or ()] for each in tree.privileges}
    for name in ON_COLUMNS:
        others = [each for each in tree.privileges if each.priv_name != name]
        for change, columns in _other_columns(table, name, on_columns.get(name)):
            other = ast.AccessPriv(priv_name=name, cols=tuple(ast.String(sval=each) for each in columns) or None)
            yield "GRANT-COLUMN", f"{name} {change}", put(privileges=(*others, other))


def _other_columns(table: TableSpec, privilege: str, held: list[str] | None) -> Iterator[tuple[str, list[str]]]:
    """Other columns than those on which a privilege is held: None, if it is not; none, if it is on the whole table."""
    nullable = next((each.name for each in table.columns if each.nullable), table.column_names[-1])
    if held is None:
        yield f"of {nullable} too", [nullable]
    elif not held:
        columns = [*table.key, nullable] if privilege == "select" else [nullable]
        yield f"of {', '.join(columns)} alone", columns
    else:
        yield "of every column", []
        for more in table.column_names:
            if more not in held:
                yield f"of {more} too", [*held, more]
        for place, less in enumerate(held[1:] and held):
            yield f"without {less}", [*held[:place], *held[place + 1 :]]


def _of_revoke(tree: Any, kind: str, names: list[str]) -> Iterator[Change]:
    yield "REVOKE-DROPPED", "dropped", None
    yield "REVOKE-FLIPPED", "GRANT for REVOKE", put(is_grant=True)
    for place, name in enumerate(names):
        if rest := without(tree.grantees, place):
            yield "REVOKE-GRANTEE", f"not from {name}", put(grantees=rest)
    for privileges in NARROWED.get(kind, ()) if tree.privileges is None else ():
        alone = tuple(ast.AccessPriv(priv_name=each) for each in privileges.split(", "))
        yield "REVOKE-NARROWED", f"{privileges} alone", put(privileges=alone)
