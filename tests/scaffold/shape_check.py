"""The shape check of a migration: a DO block that raises an error where what the file makes stands otherwise.

IF NOT EXISTS looks at names only. What must stand is read from a throwaway database on which the file has run.
"""

import re
import textwrap
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pglast

from tests.harness.catalog.sql_text import SqlList, filled, literal, row, values
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations import edits
from tests.harness.migrations.files import Migration
from tests.harness.server.binaries import installation
from tests.harness.server.connection import Connection
from tests.harness.supabase import platform, templates

BLOCK = Path(__file__).parent / "migration" / "shape_check.sql"
FACTS = Path(__file__).with_name("shape_facts.sql").read_text(encoding="utf-8").strip()
# The query of the facts is one of this form, with an arm for each kind.
ARMS, UNION = "actual (relation, object, definition) AS (\n", "\n    UNION ALL\n"
KIND = re.compile(r"format\('(\S+) ")
ALL_TABLES = Path(__file__).with_name("all_tables.sql").read_text(encoding="utf-8")
SETTINGS = b"SET search_path = ''; SET intervalstyle = 'postgres'; SET quote_all_identifiers = off"
# The check stands in a file as the DO block with this tag.
TAG = "$check$"
NO_CHECK = f"DO {TAG} BEGIN END; {TAG}"
DATABASE = "scaffold"


class Refused(Exception):
    """What was asked for cannot be written; the text says why, and what to give instead."""


@dataclass(frozen=True)
class Fact:
    """An object of a table, or a property of it, with its definition as PostgreSQL prints it."""

    table: str
    object: str
    definition: str


def with_check(earlier: Sequence[Migration], migration: Migration) -> str:
    """Return a migration's text with a check of what it makes in the place of the check that stands there.

    Applies the earlier ones first. Starts a throwaway server. Raises Refused, DoesNotApply and CannotStart.
    """
    unchecked = replace(migration, text=_with_block(migration, NO_CHECK))
    before, after = _facts(earlier, unchecked)
    made = [fact for fact in after if fact not in before]
    return _with_block(migration, _block(made, new={each.table for each in made} - {each.table for each in before}))


def _with_block(migration: Migration, block: str) -> str:
    text = migration.text
    for each in edits.parse(text):
        if isinstance(each.tree, pglast.ast.DoStmt) and text[each.start : each.end].count(TAG) == 2:
            return text[: each.start] + block + text[each.end :]
    raise Refused(f"{migration.path}: there is no place for the shape check. Write this before NOTIFY: {NO_CHECK};")


def _facts(earlier: Sequence[Migration], migration: Migration) -> tuple[list[Fact], list[Fact]]:
    """Read all tables before the migration and after it."""
    running = platform.start(installation.find(None))
    try:
        templates.create(running.server, DATABASE, template=templates.unmigrated("explicit"))
        templates.migrate(running.server, DATABASE, earlier)
        with closing(running.server.connect(MIGRATOR, DATABASE)) as connection:
            connection.execute(SETTINGS)
            before = _read(connection)
            templates.migrate(running.server, DATABASE, [migration])
            return before, _read(connection)
    finally:
        running.stop()


def _read(connection: Connection) -> list[Fact]:
    query = f"WITH {FACTS.replace('@tables@', ALL_TABLES)} SELECT relation::text, object, definition FROM actual"
    kinds = KIND.findall(FACTS)
    facts = [Fact(*map(str, row)) for row in connection.execute(query.encode())]
    return sorted(facts, key=lambda fact: (fact.table, kinds.index(fact.object.split()[0]), fact.object))


def _block(made: Sequence[Fact], new: set[str]) -> str:
    """Write the DO block: a new table holds what is expected, and nothing else; another one may hold more."""
    if not made:
        return NO_CHECK
    facts = FACTS if new else _only({fact.object.split()[0] for fact in made})
    tables = ", ".join(f"{literal(each)}::regclass" for each in sorted({fact.table for fact in made}))
    whole = ", ".join(f"{literal(each)}::regclass" for each in sorted(new))
    unexpected = f"\n        AND (e.object IS NOT NULL OR a.relation IN ({whole}))" if new else ""
    parts = {
        "rows": values(map(_row, made), " " * 8),
        "facts": textwrap.indent(facts.replace("@tables@", tables), "    "),
        "join": "FULL" if new else "LEFT",
        "unexpected": unexpected,
    }
    return filled(BLOCK, parts).rstrip()


def _only(kinds: set[str]) -> str:
    """Take out of the query of all facts what is of other kinds: column, constraint, index, ..."""
    head, first, rest = FACTS.partition(ARMS)
    arms = rest.removesuffix("\n)").split(UNION)
    return head + first + UNION.join(arm for arm in arms if KIND.findall(arm)[0] in kinds) + "\n)"


def _row(fact: Fact) -> SqlList:
    # The owner is whoever applies the file.
    owner = fact.object.startswith("owner of ")
    return row(literal(fact.object), "quote_ident(current_user)" if owner else literal(fact.definition))
