"""Mutants of row-level security: off, policies dropped, for other commands and roles, with other expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, RoleSpecType

from tests.selftest.mutation.expressions import variants
from tests.selftest.mutation.source import Mutant, Part, Source, expression

READ, WRITE = "read_calculator2_sessions", "service_role_calculator2_sessions"
# The clauses that each change of the reading policy's expression breaks; else the holder of a token sees no row.
BREAKS = {
    "LOGIC": ("R3", "R4"),
    "CONJUNCT without session_token": ("R1", "R2", "R3"),
    "CONJUNCT without expires_at": ("R4",),
    "COMPARISON = to": ("R2", "R3"),
    "COMPARISON > to >=": ("R4",),
    "COMPARISON > to <": ("R2", "R4"),
    "COMPARISON > to =": ("R2", "R4"),
    "COLUMN session_token to": ("R2",),
    "COLUMN expires_at to": ("R2",),
    "SUBSELECT": ("P2",),
    "NULLIF": ("R1",),
    "CONSTANT True to False": ("R1",),
    "FUNCTION now to clock_timestamp": ("R4",),
    "FUNCTION now to statement_timestamp": ("R4",),
    "TEXT": ("R2",),
}


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    for part in source.of(ast.AlterTableStmt):
        yield source.mutant("RLS", "the table", "not enabled", ("S6", "R1", "R2", "R8"), part, None)
        for word, kind in {
            "DISABLE": AlterTableType.AT_DisableRowSecurity,
            "FORCE for ENABLE": AlterTableType.AT_ForceRowSecurity,
        }.items():
            yield source.mutant("RLS", "the table", word, ("S6", "R1", "R2", "R8"), part, _command(kind))
    for part in source.of(ast.CreatePolicyStmt):
        yield from _of_policy(source, part, part.tree.policy_name)


def _of_policy(source: Source, part: Part, name: str) -> Iterator[Mutant]:
    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        return source.mutant(f"POLICY-{operator}", name, change, falls, part, edit)

    seen = ("R2",) if name == READ else ("R6",)
    yield mutant("DROPPED", "dropped", ("S6", *seen), None)
    yield mutant("RENAMED", "renamed", ("S6",), _set("policy_name", "other"))
    yield mutant("RESTRICTIVE", "restrictive", ("S6", *seen), _set("permissive", False))
    roles = part.tree.roles
    for index, role in enumerate(roles):
        others = roles[:index] + roles[index + 1 :]
        if others:
            yield mutant("ROLES", f"without {role.rolename}", ("S6", *seen), _set("roles", others))
    if name == READ:
        yield from _of_reading(mutant, roles)
        for operator, change, new in variants(part.tree.qual):
            key = f"{operator} {change}"
            falls = next(falls for begin, falls in BREAKS.items() if key.startswith(begin))
            yield mutant(operator, change, falls, _set("qual", new))
        for text, falls in {
            "true": ("R1", "R3", "R4", "R8"),
            "false": ("R2",),
            "session_token IS NOT NULL": ("R1", "R3", "R4"),
        }.items():
            yield mutant("USING", text, falls, _set("qual", expression(text)))
        yield mutant("USING", "dropped", ("R2",), _set("qual", None))
    else:
        yield from _of_writing(mutant, roles)


def _of_reading(mutant: Any, roles: Any) -> Iterator[Mutant]:
    yield mutant("ROLES", "PUBLIC", ("S6", "R7"), _set("roles", (_role("public"),)))
    for more, falls in {"somebody_else": ("S6", "R7"), "service_role": ("S6",)}.items():
        yield mutant("ROLES", f"{more} too", falls, _set("roles", (*roles, _role(more))))
    for command, falls in {"all": ("S6", "R5"), "update": ("S6", "R2"), "delete": ("S6", "R2")}.items():
        yield mutant("COMMAND", command, falls, _set("cmd_name", command))


def _of_writing(mutant: Any, roles: Any) -> Iterator[Mutant]:
    yield mutant("ROLES", "PUBLIC", ("S6", "R1", "R7"), _set("roles", (_role("public"),)))
    for more, falls in {
        "anon": ("S6", "R1", "R3", "R5"),
        "authenticated": ("S6", "R1", "R3", "R5"),
        "somebody_else": ("S6", "R7"),
    }.items():
        yield mutant("ROLES", f"{more} too", falls, _set("roles", (*roles, _role(more))))
        yield mutant("ROLES", f"{more} instead", (*falls, "R6"), _set("roles", (_role(more),)))
    yield mutant("COMMAND", "update", ("S6", "R6"), _set("cmd_name", "update"))
    for command, gone in {"select": "with_check", "delete": "with_check", "insert": "qual"}.items():
        # PostgreSQL accepts the command with one of the two expressions alone.
        yield mutant("COMMAND", command, ("S6", "R6"), _set_both("cmd_name", command, gone))
    yield mutant("USING", "dropped", ("R6",), _set("qual", None))
    yield mutant("CHECK", "dropped", ("R6",), _set("with_check", None))
    for name, clause in (("qual", "USING"), ("with_check", "CHECK")):
        for text in ("false", "expires_at > now()", "payment_status <> 'completed'"):
            falls = ("R6",)
            yield mutant(clause, text, falls, _set(name, expression(text)))


def _set(name: str, value: object) -> Any:
    return lambda tree: setattr(tree, name, value)


def _set_both(name: str, value: object, gone: str) -> Any:
    def edit(tree: Any) -> None:
        setattr(tree, name, value)
        setattr(tree, gone, None)

    return edit


def _role(name: str) -> Any:
    if name == "public":
        return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_PUBLIC)
    return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_CSTRING, rolename=name)


def _command(kind: AlterTableType) -> Any:
    return lambda tree: setattr(tree.cmds[0], "subtype", kind)
