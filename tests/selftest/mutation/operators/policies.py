"""Mutants of row-level security: off, policies dropped, for other commands and roles, with other expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType

from tests.harness.core.roles import API_ROLES, UNGRANTED
from tests.selftest.mutation.inputs import Inputs
from tests.selftest.mutation.mutant import Mutant
from tests.selftest.mutation.operators.expressions import variants
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Change, append, expression, put, role, within, without, written

COMMANDS = ("all", "select", "insert", "update", "delete")
SWITCHES = {"DISABLE": AlterTableType.AT_DisableRowSecurity, "FORCE for ENABLE": AlterTableType.AT_ForceRowSecurity}


def mutants(subject: Subject) -> Iterator[Mutant]:
    """All of them."""
    for altered in subject.of(ast.AlterTableStmt):
        for place, command in enumerate(altered.tree.cmds):
            if command.subtype == AlterTableType.AT_EnableRowSecurity:
                yield subject.mutant("RLS", "the table", "not enabled", altered, None)
                for word, kind in SWITCHES.items():
                    switched = within("cmds", place, put(subtype=kind))
                    yield subject.mutant("RLS", "the table", word, altered, switched)
    for created in subject.of(ast.CreatePolicyStmt):
        for operator, change, edit in _of_policy(created.tree, subject.inputs):
            yield subject.mutant(f"POLICY-{operator}", created.tree.policy_name, change, created, edit)


def _of_policy(tree: Any, inputs: Inputs) -> Iterator[Change]:
    yield "DROPPED", "dropped", None
    yield "RENAMED", "renamed", put(policy_name="other")
    yield "RESTRICTIVE", "restrictive", put(permissive=not tree.permissive)
    names = [each.rolename for each in tree.roles]
    for place, name in enumerate(names):
        if rest := without(tree.roles, place):
            yield "ROLES", f"without {name}", put(roles=rest)
    yield "ROLES", "PUBLIC", put(roles=(role("PUBLIC"),))
    for more in (*API_ROLES, UNGRANTED):
        if more not in names:
            yield "ROLES", f"{more} too", append("roles", role(more))
            yield "ROLES", f"{more} instead", put(roles=(role(more),))
    for command in COMMANDS:
        if command != tree.cmd_name:
            yield "COMMAND", command, put(cmd_name=command, **_expressions(tree, command))
    for operator, prefix, name in (("USING", "", "qual"), ("CHECK", "CHECK-", "with_check")):
        held = getattr(tree, name)
        if held is None:
            continue
        yield operator, "dropped", put(**{name: None})
        # A policy that lets everything through is not widened, and has nothing to vary.
        wide = written(held) == "TRUE"
        for text in ("false", *([] if wide else ["true"]), *inputs.conditions.get(tree.policy_name, ())):
            yield operator, text, put(**{name: expression(text)})
        for kind, change, new in variants(held, inputs) if not wide else ():
            yield f"{prefix}{kind}", change, put(**{name: new})


def _expressions(tree: Any, command: str) -> dict[str, Any]:
    """The expressions that PostgreSQL accepts for a command."""
    if command in ("select", "delete"):
        return {"qual": tree.qual or tree.with_check, "with_check": None}
    if command == "insert":
        return {"qual": None, "with_check": tree.with_check or tree.qual}
    return {}
