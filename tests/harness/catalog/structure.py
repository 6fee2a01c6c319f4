"""A table in the catalog compared with its TableSpec: what is missing, unexpected or different, by name, in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.harness.catalog import objects, snapshots
from tests.harness.catalog.facts import CLAUSES, catalog_facts, facts
from tests.harness.catalog.sql_text import literal
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import AUTHENTICATOR, MIGRATOR, UNGRANTED
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import roles_created
from tests.harness.server.connection import Connection
from tests.harness.server.session import Session
from tests.harness.supabase.templates import PLATFORM_ROLES, PLATFORM_SETTINGS

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

# Roles that no contract names: what they may do, they may by PUBLIC or by a membership.
OTHERS = (AUTHENTICATOR, UNGRANTED)
# Of a default and of a CHECK it is asked only whether there is one: what they do is tried with rows.
FREE = re.compile(r"(?<=^CHECK )\(.*\)|(?<= DEFAULT )(?!AS IDENTITY).*")


def check(session: Session, table: TableSpec, clause: str) -> None:
    """The catalog holds of the table what is declared by one of CLAUSES, and nothing else.

    Raises AssertionError with a line for each difference.
    """
    session.run("SET LOCAL search_path = ''")
    name = table.qualified_name
    query = f"WITH {catalog_facts(table, f'to_regclass({literal(name)})', OTHERS)} SELECT * FROM actual"
    actual = [(str(of), str(subject), str(fact)) for of, subject, fact in session.run(query.encode()).rows]
    assert "S1" in {of for of, _, _ in actual}, f"there is no table {name}."
    # Of several spellings the first is told.
    declared = [("S1", "the table's owner", MIGRATOR), *facts(table, OTHERS)][::-1]
    expected, found = (
        {subject: fact.removesuffix(", who asks") for of, subject, fact in each if of == clause and fact != "none"}
        for each in (declared, actual)
    )
    unexpected = found.keys() - expected.keys() if clause != "S7" else ()  # a comment more is no fault
    lines = [f"  missing:    {each}: {expected[each]}" for each in sorted(expected.keys() - found.keys())]
    lines += [f"  unexpected: {each}: {found[each]}" for each in sorted(unexpected)]
    lines += [
        f"  different:  {each} is {found[each]}, must be {expected[each]}"
        for each in sorted(expected.keys() & found.keys())
        if _judged(each, found[each]) != _judged(each, expected[each])
    ]
    assert not lines, f"{name}: {CLAUSES[clause]} differ from the contract.\n" + "\n".join(lines)


def _judged(subject: str, fact: str) -> str:
    return FREE.sub("…", fact) if subject.startswith(("column ", "constraint ")) else fact


def made_beside(before: Session, after: Session, table: TableSpec) -> frozenset[str]:
    """Name what the catalog gained beside a table: other tables, without what belongs to them, and anything else."""
    gained = objects.identities(after) - objects.identities(before) - table.objects(after.major)
    tables = {each for each in gained if re.match("table (?!constraint |column )", each)}
    return frozenset(gained - _belonging(after, tables) | tables)


def check_nothing_left_behind(
    before: Session, after: Session, table: TableSpec, also: frozenset[str] = frozenset()
) -> None:
    """Over the file that makes the table, the catalog gains nothing but what the table consists of, and loses nothing.

    `also` names what else it gains: of another table, what belongs to it too. Raises AssertionError.
    """
    old, new = objects.identities(before), objects.identities(after)
    file = f"the file that makes {table.qualified_name}"
    # What the contract declares and this file does not make, a later file adds: a column, its CHECK, an index.
    expected = ((table.objects(after.major) | _belonging(after, also)) & new) | also
    _check_set(f"what the catalog gains over {file}", expected - old, new - old)
    _check_set(f"what the catalog loses over {file}", (), old - new)


def _belonging(session: Session, names: Iterable[str]) -> set[str]:
    tables = [each.removeprefix("table ") for each in names if each.startswith("table ")]
    return set().union(*(objects.belonging(session, each) for each in tables))


def check_nothing_changed(before: Connection, after: Connection) -> None:
    """What stood in the first database stands in the second as it did. Raises AssertionError."""
    old, new = snapshots.catalog(before), snapshots.catalog(after)
    # The database itself is a copy, and whose it is was for the suite to say.
    subjects = {line.split(" · ")[0] for line in old} - {"database"}
    kept = [[line for line in lines if line.split(" · ")[0] in subjects] for lines in (old, new)]
    changes = snapshots.difference(*kept)
    assert not changes, f"what was there before is changed:\n{changes}"


def check_no_role_left(session: Session, others: Iterable[Migration]) -> None:
    """The server has the platform's roles and settings, and roles that other files create. Raises AssertionError."""
    made = {role for migration in others for role in roles_created(migration)}
    roles = session.run("SELECT rolname::text FROM pg_roles WHERE rolname !~ '^pg_'")
    _check_set("the roles", PLATFORM_ROLES, {str(name) for (name,) in roles.rows} - made)
    settings = session.run(
        "SELECT setrole::regrole::text || ': ' || setting FROM pg_db_role_setting"
        " CROSS JOIN unnest(setconfig) AS setting"
        " WHERE setdatabase = 0 AND (setrole = 0 OR setrole::regrole::text <> ALL (%s))",
        [sorted(made)],
    )
    _check_set("the settings of roles", PLATFORM_SETTINGS, {str(setting) for (setting,) in settings.rows})


def _check_set(subject: str, expected: Iterable[str], found: Iterable[str]) -> None:
    """Compare two sets, and say of each what is too much and what is missing, a line each."""
    wanted, there = set(expected), set(found)
    lines = [f"  missing:    {each}" for each in sorted(wanted - there)]
    lines += [f"  unexpected: {each}" for each in sorted(there - wanted)]
    assert not lines, f"{subject}: differs from the contract.\n" + "\n".join(lines)
