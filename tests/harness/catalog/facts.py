"""What the catalog must hold of a table, and what it holds, as facts: a clause, a subject, and what is true of it."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.harness.catalog.objects import quoted
from tests.harness.catalog.sql_text import array, filled, lines
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import API_ROLES, PUBLIC

CLAUSES: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["clauses"]
# A clause, a subject, and what the catalog must hold of it; where the same stands twice, so or so.
Fact = tuple[str, str, str]


def facts(table: TableSpec, also: Iterable[str] = ()) -> Iterator[Fact]:
    """List what the catalog must hold of a table, but for its owner; of what `also` may do too, beside its roles."""
    yield from _structure(table)
    yield from _privileges(table, [*_roles(table), *also])


def catalog_facts(table: TableSpec, table_sql: str, also: Iterable[str] = ()) -> str:
    """Compose the queries of a WITH clause of which the last, `actual`, lists what the catalog holds of that table."""
    parts = {
        "table": table_sql,
        "functions": lines(array(table.functions), " " * 16),
        "roles": lines(array([*_roles(table), *also]), " " * 16),
    }
    return filled(Path(__file__).with_suffix(".sql"), parts).rstrip()


def _structure(table: TableSpec) -> Iterator[Fact]:
    yield "S1", "the table's kind", f"{table.kind} and permanent"
    yield from (("S1", f"partition {partition.name}", str(partition)) for partition in table.partitions)
    yield "S2", "the order of the columns", ", ".join(table.column_names)
    for column in table.columns:
        for default in (column.default, *column.default_same_as):
            yield "S2", f"column {column.name}", str(replace(column, default=default))
        if column.sequence is not None:
            yield "S2", f"the sequence of {column.name}", str(column.sequence)
    yield from (("S2", f"type {each.name}", str(each)) for each in table.types)
    for constraint in table.constraints:
        clause = "S3" if constraint.kind in ("PRIMARY KEY", "UNIQUE", "EXCLUDE") else "S4"
        for definition in (constraint.definition, *constraint.same_as):
            yield clause, f"constraint {constraint.name}", definition
    for index in table.indexes:
        yield "S3", f"index {index.name}", index.definition(table.qualified_name)
    for trigger in table.triggers:
        state = "enabled" if trigger.enabled else "DISABLED"
        yield "S5", f"trigger {trigger.name}", f"CREATE TRIGGER {quoted(trigger.name)} {trigger.definition}, {state}"
    for function, options in {each.function: each.options for each in table.triggers}.items():
        yield "S5", f"function {function}", f"{options}, of the table's owner"
    yield "S6", "row-level security", "enabled" if table.row_security else "disabled"
    yield from (("S6", f"policy {policy.name}", str(policy)) for policy in table.policies)
    if table.comments:
        yield "S7", "the comment on the table", "there"
        yield from (("S7", f"the comment on column {name}", "there") for name in table.column_names)


def _privileges(table: TableSpec, roles: Iterable[str]) -> Iterator[Fact]:
    """Say what each role and the owner may do with the table, its sequences and its triggers' functions."""
    beside = [f"sequence {table.qualified(each.name)}" for each in table.sequences]
    beside += [f"function {each}" for each in table.functions]
    for what in (None, *beside):
        subject = what or "the table"
        yield "S8", f"what the owner may do with {subject}", "all"
        for role in roles:
            yield "S8", f"what {role} may do with {subject}", ", ".join(sorted(table.held(role, what))) or "none"
        if everybody := table.held(PUBLIC, what):
            yield "S8", f"what {PUBLIC} may do with {subject}", ", ".join(sorted(everybody))


def _roles(table: TableSpec) -> list[str]:
    """List the API roles, and who else is granted anything."""
    granted = [table.privileges, *table.other_privileges.values()]
    named = dict.fromkeys([*API_ROLES, *(role for each in granted for role in each)])
    return [role for role in named if role != PUBLIC]
