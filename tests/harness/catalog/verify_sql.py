"""Writes a table's verify file: SQL that says whether a live database holds the table as its contract has it.

The clauses of structure have the same IDs on every contract's page: S1 the table itself, S2 columns, S3 keys and
indexes, S4 other constraints, S5 triggers, S6 policies, S7 comments, S8 privileges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import API_ROLES, PUBLIC

# As sqlfluff has it for every file of migrations/.
LONGEST_LINE = 120
# A string is broken at a blank, and never within a doubled quote.
_PIECE = re.compile(r"(?:''|[^']){1,80}(?:\s|$)|(?:''|[^']){1,80}")


@dataclass(frozen=True)
class PolicyProbe:
    """A row that is in no table, and whether a policy's expressions must be true of it (`open`) or not (`closed`).

    `what` describes it in the report. `row` gives its columns as SQL expressions; the others are null. `headers` and
    `claims` are the JSON text of the request's headers and of its JWT's claims; without either, the settings were never
    made on the connection.
    """

    clause: str
    policy: str
    what: str
    must: Literal["open", "closed"]
    row: Mapping[str, str]
    headers: str | None = None
    claims: str | None = None


# A clause, a subject, and what the catalog must hold of it; where the same stands twice, so or so.
Fact = tuple[str, str, str]


def file_name(table: TableSpec) -> str:
    """Name the verify file of a table."""
    return f"{table.schema}.{table.name}.sql"


def verify_sql(table: TableSpec, probes: Sequence[PolicyProbe]) -> str:
    """Compose the text of the verify file."""
    parts = {
        "table": table.qualified_name,
        "table_literal": literal(table.qualified_name),
        "expected": _values((_row(*map(literal, each)) for each in facts(table)), " " * 8),
        "functions": _lines(_array(table.functions), " " * 16),
        "roles": _lines(_array(_roles(table)), " " * 16),
        "policies": _policies(probes) if probes else "",
    }
    return _filled("verify.sql", parts)


def facts(table: TableSpec) -> Iterator[Fact]:
    """List what the catalog must hold of a table; that it is owned by whoever verifies goes without saying."""
    yield from _structure(table)
    yield from _privileges(table)


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
        yield "S5", f"trigger {trigger.name}", f"{trigger.definition(table.qualified_name)}, {state}"
    for function, options in {each.function: each.function_options for each in table.triggers}.items():
        yield "S5", f"function {function}", f"{options}, of the table's owner"
    yield "S6", "row-level security", "enabled" if table.row_security else "disabled"
    yield from (("S6", f"policy {policy.name}", str(policy)) for policy in table.policies)
    if table.comments:
        yield "S7", "the comment on the table", "there"
        yield from (("S7", f"the comment on column {name}", "there") for name in table.column_names)


def _privileges(table: TableSpec) -> Iterator[Fact]:
    """Say what each role and the owner may do with the table, its sequences and its triggers' functions."""
    beside = [f"sequence {table.qualified(each.name)}" for each in table.sequences]
    beside += [f"function {each}" for each in table.functions]
    for what in (None, *beside):
        subject = what or "the table"
        yield "S8", f"what the owner may do with {subject}", "all"
        for role in _roles(table):
            yield "S8", f"what {role} may do with {subject}", ", ".join(sorted(table.held(role, what))) or "none"
        if everybody := table.held(PUBLIC, what):
            yield "S8", f"what {PUBLIC} may do with {subject}", ", ".join(sorted(everybody))


def _roles(table: TableSpec) -> list[str]:
    """List the API roles, and who else is granted anything."""
    granted = [table.privileges, *table.other_privileges.values()]
    named = dict.fromkeys([*API_ROLES, *(role for each in granted for role in each)])
    return [role for role in named if role != PUBLIC]


def _policies(probes: Sequence[PolicyProbe]) -> str:
    rows = list(dict.fromkeys(tuple(probe.row.items()) for probe in probes))
    contents = [
        _List("jsonb_build_object(", [f"{literal(column)}, {value}" for column, value in row], ")") for row in rows
    ]
    tried = (
        _row(
            *map(literal, (probe.clause, probe.policy, probe.what, probe.must, probe.headers, probe.claims)),
            str(rows.index(tuple(probe.row.items())) + 1),
        )
        for probe in probes
    )
    numbered = (_row(str(number), content) for number, content in enumerate(contents, start=1))
    parts = {"rows": _values(numbered, " " * 12), "probes": _values(tried, " " * 12)}
    return _filled("verify_policies.sql", parts)


def _filled(name: str, parts: Mapping[str, str]) -> str:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return re.sub("@(" + "|".join(parts) + ")@", lambda found: parts[found[1]], text)


@dataclass(frozen=True)
class _List:
    """SQL expressions between commas; on a line of their own each, where one line is too short for all."""

    opening: str
    items: Sequence[_List | str]
    closing: str

    def __str__(self) -> str:
        return self.opening + ", ".join(map(str, self.items)) + self.closing


def _row(*cells: _List | str) -> _List:
    return _List("(", cells, ")")


def literal(text: str | None) -> str:
    """Write a text as a string of SQL."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def _array(texts: Sequence[str]) -> _List:
    return _List("ARRAY[", [literal(text) for text in texts], "]::text[]")


def _values(rows: Iterable[_List], indent: str) -> str:
    return ",\n".join(_lines(row, indent) for row in rows)


def _lines(expression: _List | str, indent: str) -> str:
    """Write an expression on one line, or on as many as it takes."""
    line = f"{indent}{expression}"
    if len(line) < LONGEST_LINE:
        return line
    if isinstance(expression, _List):
        items = ",\n".join(_lines(item, indent + "    ") for item in expression.items)
        return f"{indent}{expression.opening}\n{items}\n{indent}{expression.closing}"
    # PostgreSQL joins strings that follow each other on lines of their own.
    return "\n".join(f"{indent}'{piece}'" for piece in _PIECE.findall(expression[1:-1]))
