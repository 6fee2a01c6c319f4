"""Rules for everything in an exposed schema: each is a query for the objects that break it, in exposed_objects/.

PostgREST offers every table, view and function of these schemas to whoever has the project's public key.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.roles import API_ROLES
from tests.harness.server.session import Session

FOLDER = Path(__file__).with_name("exposed_objects")
COMMON = FOLDER.joinpath("common.sql").read_text(encoding="utf-8")
# Its file begins with the rule's name and how to repair what breaks it.
RULE = re.compile(r"-- (?P<name>.+)\n-- Hint: (?P<hint>.+)\n(?P<query>(?s:.+))")


@dataclass(frozen=True)
class Finding:
    """An object that breaks a rule: the clause, the object, and what is wrong with it."""

    clause: str
    object: str
    what: str


@dataclass(frozen=True)
class Rule:
    """One rule: its clause, its name, how to repair what breaks it, and the query for objects and what is wrong.

    It may also return a table and a test of its rows: then it is wrong only if that is always true.
    """

    clause: str
    name: str
    hint: str
    query: str

    def broken_by(self, session: Session, schemas: Sequence[str]) -> list[Finding]:
        """Find what breaks it in these schemas, as a superuser; leaves the transaction with another search_path."""
        session.run("SET LOCAL search_path = ''")
        cursor = session.connection.execute(
            f"{COMMON} {self.query}".encode(), {"schemas": list(schemas), "roles": list(API_ROLES)}
        )
        rows = sorted(tuple(map(str, row)) for row in cursor)
        return [Finding(self.clause, *row[:2]) for row in rows if len(row) == 2 or _always_true(session, *row[2:])]


def _always_true(session: Session, table: str, test: str) -> bool:
    """Whether the planner drops the test, or would from PostgreSQL 17 on: NOT NULL columns are not null."""
    never_null = session.connection.execute(
        "SELECT bool_or(%s = format('(%%I IS NOT NULL)', attname)) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnotnull",
        (test, table),
    ).fetchone()
    if never_null == (True,):
        return True
    plan = session.connection.execute(f"EXPLAIN (COSTS OFF) SELECT FROM {table} WHERE {test}".encode(), prepare=False)
    return not any("Filter:" in str(line) or "Cond:" in str(line) for line in plan)


def _read_rule(file: Path) -> Rule:
    found = RULE.fullmatch(file.read_text(encoding="utf-8"))
    assert found is not None, f"{file}: must begin with the rule's name and its hint, a comment of one line each."
    return Rule(file.stem, **found.groupdict())


RULES = tuple(_read_rule(file) for file in sorted(FOLDER.glob("E*.sql")))
