"""Writes a table's verify file: SQL that says whether a live database holds the table as its contract has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.harness.catalog.facts import catalog_facts, facts
from tests.harness.catalog.sql_text import SqlList, filled, literal, row, values
from tests.harness.catalog.table_spec import TableSpec

FOLDER = Path(__file__).parent


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


def file_name(table: TableSpec) -> str:
    """Name the verify file of a table."""
    return f"{table.schema}.{table.name}.sql"


def verify_sql(table: TableSpec, probes: Sequence[PolicyProbe]) -> str:
    """Compose the text of the verify file."""
    parts = {
        "table": table.qualified_name,
        "table_literal": literal(table.qualified_name),
        "expected": values((row(*map(literal, each)) for each in facts(table)), " " * 8),
        "facts": catalog_facts(table, "the_table"),
        "policies": _policies(probes) if probes else "",
    }
    return filled(FOLDER / "verify.sql", parts)


def _policies(probes: Sequence[PolicyProbe]) -> str:
    rows = list(dict.fromkeys(tuple(probe.row.items()) for probe in probes))
    numbered = (
        row(str(at), SqlList("jsonb_build_object(", [f"{literal(name)}, {value}" for name, value in cells], ")"))
        for at, cells in enumerate(rows, start=1)
    )
    tried = (
        row(
            *map(literal, (probe.clause, probe.policy, probe.what, probe.must, probe.headers, probe.claims)),
            str(rows.index(tuple(probe.row.items())) + 1),
        )
        for probe in probes
    )
    return filled(
        FOLDER / "verify_policies.sql", {"rows": values(numbered, " " * 12), "probes": values(tried, " " * 12)}
    )
