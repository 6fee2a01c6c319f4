"""Mutants of grants and revokes: dropped, widened, narrowed, to others, to pass on, by column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ObjectType, RoleSpecType

from tests.selftest.mutation.source import Mutant, Part, Source, statement

KINDS = {
    ObjectType.OBJECT_TABLE: "table",
    ObjectType.OBJECT_SEQUENCE: "sequence",
    ObjectType.OBJECT_FUNCTION: "function",
}
# Held by no API role.
NEVER = ("truncate", "references", "trigger", "maintain")
WRITES = ("insert", "update", "delete")


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    for part in source.of(ast.GrantStmt):
        kind = KINDS[part.tree.objtype]
        names = [each.rolename or "PUBLIC" for each in part.tree.grantees]
        if part.tree.is_grant:
            yield from _of_grant(source, part, names)
        else:
            yield from _of_revoke(source, part, kind, names)


def _of_grant(source: Source, part: Part, names: list[str]) -> Iterator[Mutant]:
    readers = "anon" in names
    used = "R2" if readers else "R6"

    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        return source.mutant(f"GRANT-{operator}", f"table, to {', '.join(names)}", change, falls, part, edit)

    yield mutant("DROPPED", "dropped", ("S8", used), None)
    yield mutant("OPTION", "WITH GRANT OPTION", ("S8",), _set("grant_option", True))
    yield mutant("ALL", "ALL", ("S8", *(("R5",) if readers else ())), _set("privileges", None))
    held = part.tree.privileges
    for index, privilege in enumerate(held):
        rest = held[:index] + held[index + 1 :]
        if rest:
            yield mutant("NARROWED", f"without {privilege.priv_name}", ("S8", used), _set("privileges", rest))
    for more in (*(WRITES if readers else ()), *NEVER):
        new = ast.AccessPriv(priv_name=more)
        falls = ("S8", "R5") if readers and more in (*WRITES, "truncate") else ("S8",)
        yield mutant("WIDENED", f"{more} too", falls, _set("privileges", (*held, new)))
    for index, role in enumerate(part.tree.grantees):
        rest = part.tree.grantees[:index] + part.tree.grantees[index + 1 :]
        if rest:
            yield mutant("GRANTEE", f"without {role.rolename}", ("S8", used), _set("grantees", rest))
    for other in ("PUBLIC", "somebody_else", "authenticator"):
        yield mutant(
            "GRANTEE",
            f"{other} too",
            ("S8", "R7"),
            lambda t, other=other: setattr(t, "grantees", (*t.grantees, role_named(other))),
        )
    columns = {
        "select": ("session_token, form_state", ("S8", "R2")),
        "update": ("form_state", ("S8", "R6")),
    }
    wanted = "select" if readers else "update"
    text, falls = columns[wanted]
    limited = statement(f"GRANT {wanted} ({text}) ON t TO anon").privileges[0]
    yield mutant(
        "COLUMN",
        f"{wanted} of {text} alone",
        falls,
        _set("privileges", tuple(limited if each.priv_name == wanted else each for each in held)),
    )
    if readers:
        for privilege in ("insert", "update", "references"):
            more = statement(f"GRANT {privilege} (form_state) ON t TO anon").privileges[0]
            falls = ("S8", "R5") if privilege == "update" else ("S8",)
            yield mutant("COLUMN", f"{privilege} of form_state too", falls, _set("privileges", (*held, more)))


def _of_revoke(source: Source, part: Part, kind: str, names: list[str]) -> Iterator[Mutant]:
    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any, shown_by: str = "") -> Mutant:
        return source.mutant(f"REVOKE-{operator}", kind, change, falls, part, edit, shown_by=shown_by)

    writing = ("R5",) if kind == "table" else ()
    held, used = ("", "") if kind == "table" else ("test_no_privilege_reaches_the", "test_no_api_role_uses_the")
    yield mutant("DROPPED", "dropped", ("S8", *writing), None, held)
    yield mutant("FLIPPED", "GRANT for REVOKE", ("S8", *writing), lambda t: _flipped(t), used)
    for index, name in enumerate(names):
        rest = part.tree.grantees[:index] + part.tree.grantees[index + 1 :]
        falls = ("S8", *(writing if name in ("anon", "authenticated") else ()))
        yield mutant("GRANTEE", f"not from {name}", falls, _set("grantees", rest))
    if kind == "table":
        for privileges in ("select", "insert, update, delete", "truncate", "select, insert, update, delete"):
            new = tuple(ast.AccessPriv(priv_name=each) for each in privileges.split(", "))
            yield mutant("NARROWED", f"{privileges} alone", ("S8", "R5"), _set("privileges", new))
    elif kind == "sequence":
        for privilege in ("usage", "select", "update"):
            yield mutant(
                "NARROWED", f"{privilege} alone", ("S8",), _set("privileges", (ast.AccessPriv(priv_name=privilege),))
            )


def _flipped(tree: Any) -> None:
    tree.is_grant = True


def role_named(name: str) -> Any:
    """A role in a statement."""
    if name == "PUBLIC":
        return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_PUBLIC)
    return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_CSTRING, rolename=name)


def _set(name: str, value: object) -> Any:
    return lambda tree: setattr(tree, name, value)
