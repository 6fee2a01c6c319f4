"""Mutants of row-level security and privileges: for other commands, roles and columns, with other expressions."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, UNGRANTED
from tests.selftest.mutation.inputs import TRIED
from tests.selftest.mutation.operators.expressions import variants
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Change, Trial, append, expression, put, role, strings, within, written

SWITCHES = {"DISABLE": AlterTableType.AT_DisableRowSecurity, "FORCE for ENABLE": AlterTableType.AT_ForceRowSecurity}


def of_row_level_security(subject: Subject, tree: Any) -> Iterator[Change]:
    """Leave it off, or switch something else."""
    for place, command in enumerate(tree.cmds):
        if command.subtype == AlterTableType.AT_EnableRowSecurity:
            yield Change("RLS", "the table", "not enabled", None)
            for word, kind in SWITCHES.items():
                yield Change("RLS", "the table", word, within("cmds", place, put(subtype=kind)))


def of_policy(subject: Subject, tree: Any) -> Iterator[Trial]:
    """Change whom a policy is for, and when."""
    yield "DROPPED", "dropped", None
    yield "RENAMED", "renamed", put(policy_name="other")
    yield "RESTRICTIVE", "restrictive", put(permissive=not tree.permissive)
    names = [each.rolename for each in tree.roles]
    yield from _fewer("ROLES", "without", "roles", names, tree.roles)
    yield "ROLES", "PUBLIC", put(roles=(role("PUBLIC"),))
    for more in (*API_ROLES, UNGRANTED):
        if more not in names:
            yield "ROLES", f"{more} too", append("roles", role(more))
            yield "ROLES", f"{more} instead", put(roles=(role(more),))
    for command in TRIED["policy"]["commands"]:
        if command != tree.cmd_name:
            yield "COMMAND", command, put(cmd_name=command, **_expressions(tree, command))
    for operator, prefix, name in (("USING", "", "qual"), ("CHECK", "CHECK-", "with_check")):
        if (held := getattr(tree, name)) is None:
            continue
        yield operator, "dropped", put(**{name: None})
        # A policy that lets everything through is not widened, and has nothing to vary.
        wide = written(held) == "TRUE"
        for text in ("false", *([] if wide else ["true"]), *subject.inputs.conditions.get(tree.policy_name, ())):
            yield operator, text, put(**{name: expression(text)})
        for kind, change, new in variants(held, subject.inputs) if not wide else ():
            yield f"{prefix}{kind}", change, put(**{name: new})


def _expressions(tree: Any, command: str) -> dict[str, Any]:
    """The expressions that PostgreSQL accepts for a command."""
    if command in ("select", "delete"):
        return {"qual": tree.qual or tree.with_check, "with_check": None}
    if command == "insert":
        return {"qual": None, "with_check": tree.with_check or tree.qual}
    return {}


def of_grant(subject: Subject, tree: Any) -> Iterator[Change]:
    """Grant or revoke other privileges, and for others."""
    kind = ObjectType(tree.objtype).name.removeprefix("OBJECT_").lower()
    names = [grantee.rolename or "PUBLIC" for grantee in tree.grantees]
    if tree.is_grant:
        prefix, thing, trials = "GRANT-", f"{kind}, to {', '.join(names)}", _of_grant(tree, kind, names, subject.table)
    else:
        prefix, thing, trials = "REVOKE-", kind, _of_revoke(tree, kind, names)
    return (Change(prefix + operator, thing, change, edit) for operator, change, edit in trials)


def _of_grant(tree: Any, kind: str, names: list[str], table: TableSpec) -> Iterator[Trial]:
    yield "DROPPED", "dropped", None
    yield "OPTION", "WITH GRANT OPTION", put(grant_option=True)
    yield from _fewer("GRANTEE", "without", "grantees", names, tree.grantees)
    for more in ("PUBLIC", UNGRANTED, AUTHENTICATOR):
        if more not in names:
            yield "GRANTEE", f"{more} too", append("grantees", role(more))
    if tree.privileges is None:
        return
    yield "ALL", "ALL", put(privileges=None)
    held = {each.priv_name: [name.sval for name in each.cols or ()] for each in tree.privileges}
    yield from _fewer("NARROWED", "without", "privileges", list(held), tree.privileges)
    if kind != "table":
        return
    for more in TRIED["grant"]["on_tables"]:
        if more not in held:
            yield "WIDENED", f"{more} too", append("privileges", ast.AccessPriv(priv_name=more))
    for name in TRIED["grant"]["on_columns"]:
        others = [each for each in tree.privileges if each.priv_name != name]
        for change, columns in _other_columns(table, name, held.get(name)):
            other = ast.AccessPriv(priv_name=name, cols=strings(*columns) or None)
            yield "COLUMN", f"{name} {change}", put(privileges=(*others, other))


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


def _of_revoke(tree: Any, kind: str, names: list[str]) -> Iterator[Trial]:
    yield "DROPPED", "dropped", None
    yield "FLIPPED", "GRANT for REVOKE", put(is_grant=True)
    yield from _fewer("GRANTEE", "not from", "grantees", names, tree.grantees)
    for privileges in TRIED["revoke"].get(kind, ()) if tree.privileges is None else ():
        alone = tuple(ast.AccessPriv(priv_name=each) for each in privileges.split(", "))
        yield "NARROWED", f"{privileges} alone", put(privileges=alone)


def _fewer(operator: str, word: str, name: str, names: list[str], elements: tuple[Any, ...]) -> Iterator[Trial]:
    """Leave each element of a list out, unless it is the only one."""
    for place, each in enumerate(names):
        if rest := elements[:place] + elements[place + 1 :]:
            yield operator, f"{word} {each}", put(**{name: rest})
