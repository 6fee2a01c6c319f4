"""Read a table from a database's catalog, as the TableSpec that would declare it."""

import json
from pathlib import Path
from typing import Any

from tests.harness.catalog import objects
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.server.session import Session

QUERY = Path(__file__).with_suffix(".sql").read_bytes()


class CannotRead(Exception):
    """The table cannot be made a contract of; the text says why, and what to do."""


def read_table(session: Session, name: str) -> TableSpec:
    """Read a table, by its name with its schema. Raises CannotRead."""
    session.run("SET LOCAL search_path = ''")
    found = session.run(QUERY, {"table": name}).rows
    if not found or name.count(".") != 1:
        raise CannotRead(
            f"there is no table {name} once the migrations are applied. Give its name with its schema, as in "
            "public.newsletter_signups, and the folder that holds the migration that makes it: --migrations DIR."
        )
    table: TableSpec = json.loads(str(found[0][0]), object_hook=_made)
    # The unique index by which an application would address a row.
    if table.key is None:
        raise CannotRead(f"{name} has no unique index on NOT NULL columns: nothing addresses a row. Give it a key.")
    return table


def _made(found: dict[str, Any]) -> Any:
    """Make what a JSON object says that it is, or else a mapping of privileges."""
    kind = found.pop("is", None)
    many = tuple if kind else frozenset
    values = {name: many(value) if isinstance(value, list) else value for name, value in found.items()}
    return vars(objects).get(kind, TableSpec)(**values) if kind else values
