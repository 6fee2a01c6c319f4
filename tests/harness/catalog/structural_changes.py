"""Ways in which a table can come to differ from its TableSpec, one change at a time, for tables of any shape.

A superuser makes them, on a table without rows. They stand in structural_changes.toml.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.harness.catalog.facts import facts
from tests.harness.catalog.objects import Column, Enum, Trigger, quoted
from tests.harness.catalog.sql_text import literal
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import API_ROLES, MIGRATOR, PUBLIC, UNGRANTED
from tests.harness.core.versions import MAINTAIN_IS_A_PRIVILEGE

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
GROUPS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# A group of the file, and what its words stand for.
Group = tuple[str, dict[str, str]]


def structural_changes(table: TableSpec, major: int) -> dict[str, tuple[str, str]]:
    """Map each change that this version knows, by what it is, to its SQL and to what its verification must say."""
    must_be = {"S1: the table's owner": [f"{MIGRATOR}, who asks"]}
    for clause, subject, fact in facts(table):
        must_be.setdefault(f"{clause}: {subject}", []).append(fact)
    found = {}
    for group, words in _groups(table, major):
        for told, changes in GROUPS[group].items():
            for each, (sql, is_now, *since) in changes.items():
                subject, what, change, now = (
                    text.format(t=table.qualified_name, **words) for text in (told, each, sql, is_now)
                )
                must = ", or ".join(sorted(must_be.get(subject, ["not there"])))
                if major >= max(since, default=0):
                    found[f"{subject.partition(': ')[2]}: {what}"] = change, f"{subject}: {now}; must be: {must}"
    return found


def _groups(table: TableSpec, major: int) -> Iterator[Group]:
    first, *others = table.columns
    key, last = ", ".join(map(quoted, table.key)), ", ".join(each.name for each in (*others, first))
    yield "table", {"key": key, "column": quoted(table.columns[-1].name)}
    if table.partition_key is None:
        yield "ordinary", {"first": quoted(first.name), "type": first.type, "last": last}
    for kind in table.types:
        more = str(replace(kind, labels=(*kind.labels, "added"))) if isinstance(kind, Enum) else ""
        yield "enum" if more else "domain", {"name": kind.name, "definition": str(kind), "more": more}
    for column in table.columns:
        yield from _of_a_column(table, column)
    for constraint in table.constraints:
        clause = "S4" if constraint.kind in ("CHECK", "FOREIGN KEY") else "S3"
        own = f"(conrelid, conname) = ('{table.qualified_name}'::regclass, {literal(constraint.name)})"
        words = {"clause": clause, "name": constraint.name, "quoted": quoted(constraint.name), "own": own}
        yield "constraint", words
        yield constraint.kind, words | {"definition": constraint.definition}
    for index in table.indexes:
        definition = index.definition(table.qualified_name)
        words = {"name": index.name, "quoted": table.qualified(index.name), "definition": definition}
        yield "index", words
        if index.name not in {each.name for each in table.constraints}:
            yield "index alone", words
    for trigger in table.triggers:
        yield from _of_a_trigger(trigger)
    action, state = ("DISABLE", "disabled") if table.row_security else ("ENABLE", "enabled")
    yield "row-level security", {"action": action, "state": state}
    for policy in table.policies:
        everybody = str(replace(policy, roles=(PUBLIC,)))
        yield "policy", {"name": policy.name, "quoted": quoted(policy.name), "everybody": everybody}
    commented = {f"column {name}": f"COLUMN {table.qualified_name}.{quoted(name)}" for name in table.column_names}
    commented["the table"] = f"TABLE {table.qualified_name}"
    for name, on in commented.items() if table.comments else ():
        yield "comment", {"name": name, "on": on}
    yield from _of_privileges(table, major)


def _of_a_column(table: TableSpec, column: Column) -> Iterator[Group]:
    name, sequence = quoted(column.name), column.sequence
    words = {"name": column.name, "quoted": name, "own": f"ALTER TABLE {table.qualified_name} ALTER COLUMN {name}"}
    (primary_key,) = [each.definition for each in table.constraints if each.kind == "PRIMARY KEY"] or [""]
    yield "column", words
    if name not in (table.partition_key or ""):
        yield "column of no partition key", words
    if column.nullable:
        yield "nullable column", words | {"refused": str(replace(column, nullable=False))}
    elif column.identity is None and name not in re.split(r"[(), ]+", primary_key):
        invalid = str(column).replace("NOT NULL", "NOT NULL NOT VALID", 1)
        yield "column NOT NULL", words | {"accepted": str(replace(column, nullable=True)), "invalid": invalid}
    if column.default is not None:
        yield "column with a default", words | {"no_default": str(replace(column, default=None))}
    if column.generated is not None and not column.virtual:
        yield "generated column", words | {"not_generated": str(replace(column, generated=None))}
    if column.identity is not None and sequence is not None:
        other = "by default" if column.identity == "always" else "always"
        columns = {"otherwise": replace(column, identity=other), "no_identity": replace(column, identity=None)}
        sequences = {"by_two": replace(sequence, increment=2), "again": replace(sequence, cycle=True)}
        changed = {what: str(each) for what, each in (columns | sequences).items()}
        yield "identity", words | {"other": other} | changed


def _of_a_trigger(trigger: Trigger) -> Iterator[Group]:
    words = {"name": trigger.name, "quoted": quoted(trigger.name)}
    yield "trigger", words | {"definition": trigger.definition}
    old, new = ("BEFORE", "AFTER") if trigger.definition.startswith("BEFORE") else ("AFTER", "BEFORE")
    others = {
        "another time": trigger.definition.replace(old, new, 1),
        "another function": trigger.definition.replace(trigger.function.removesuffix(")"), "public.added("),
        "arguments": trigger.definition.removesuffix(")").removesuffix("(") + "('added')",
    }
    for what, definition in others.items():
        yield "another trigger", words | {"what": what, "definition": definition}
    altered = {
        "SECURITY DEFINER": trigger.options.replace("INVOKER", "DEFINER") + ", of the table's owner",
        "RESET ALL": trigger.options.partition(" SET ")[0] + ", of the table's owner",
        "SET work_mem = '1MB'": f"{trigger.options} SET work_mem=1MB, of the table's owner",
        "OWNER TO service_role": f"{trigger.options}, of service_role",
    }
    for what, options in altered.items():
        yield "function", {"name": trigger.function, "what": what, "options": options}


def _of_privileges(table: TableSpec, major: int) -> Iterator[Group]:
    privileges: dict[str | None, tuple[str, ...]]
    privileges = {None: PRIVILEGES[: None if major >= MAINTAIN_IS_A_PRIVILEGE else -1]}
    privileges |= {f"sequence {table.qualified(each.name)}": ("USAGE", "SELECT", "UPDATE") for each in table.sequences}
    privileges |= {f"function {each}": ("EXECUTE",) for each in table.functions}
    for what, known in privileges.items():
        for role in (*API_ROLES, UNGRANTED, PUBLIC):
            held = table.held(role, what)
            for privilege in known:
                words = {"role": role, "privilege": privilege, "name": what or "the table"}
                words["on"] = what or table.qualified_name
                less = _written(each for each in held if each.split()[0] != privilege)
                if privilege not in held:
                    yield "not granted", words | {"more": _written([*held, privilege])}
                elif role != PUBLIC and privilege not in table.held(PUBLIC, what):
                    more = _written([*held, f"{privilege} WITH GRANT OPTION"])
                    yield "granted", words | {"more": more, "less": less}
    for other, role in (("service_role", "anon"), ("anon", "service_role")):
        both, own = table.held(other) | table.held(role), table.held(role)
        # A privilege on the table includes what it is on each column.
        joined = {each for each in both if each == each.split()[0] or each in own or each.split()[0] not in both}
        if joined != own:
            yield "member", {"role": role, "other": other, "joined": _written(joined)}


def _written(privileges: Iterable[str]) -> str:
    return ", ".join(sorted(privileges)) or "none"
