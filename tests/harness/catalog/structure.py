"""A table in the catalog compared with its TableSpec: what is missing, unexpected or different, by name, in SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.harness.catalog import snapshots
from tests.harness.catalog.facts import CLAUSES, catalog_facts, facts
from tests.harness.catalog.objects import Domain
from tests.harness.catalog.sql_text import literal
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import AUTHENTICATOR, MIGRATOR, UNGRANTED
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import roles_altered, roles_created
from tests.harness.server.connection import Connection
from tests.harness.server.session import Session
from tests.harness.supabase.templates import PLATFORM_ROLES, PLATFORM_SETTINGS

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

IDENTITIES, BELONGING, ROLE_SETTINGS = (
    Path(__file__).with_name(f"{each}.sql").read_bytes() for each in ("identities", "belonging", "role_settings")
)
# Of what goes with a table where it is dropped, what S1 to S8 speak of; a rule, statistics, a publication they do not.
KINDS = ("table ", "type ", "index ", "sequence ", "default value ", "trigger ", "policy ")
# Roles that no contract names: what they may do, they may by PUBLIC or by a membership.
OTHERS = (AUTHENTICATOR, UNGRANTED)
# What is not asked here: what a default and a CHECK do is tried with rows, and S1 speaks of the owner.
FREE = {
    "column": re.compile(r"(?<= DEFAULT )(?!AS IDENTITY).*"),
    "constraint": re.compile(r"(?<=^CHECK )\(.*\)"),
    "function": re.compile(r", of .*$"),
}


def check(session: Session, table: TableSpec, clause: str) -> None:
    """Hold the table in the catalog to what is declared by one of CLAUSES. Raises AssertionError."""
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
    if clause == "S7":
        # A comment more is no fault.
        found = {subject: found[subject] for subject in found.keys() & expected.keys()}
    _compare(f"{name}: {CLAUSES[clause]}", expected, found)


def _compare(subject: str, expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Tell what is missing, too much or different, a line each. Raises AssertionError."""
    lines = [f"  missing:    {_told(each, expected)}" for each in sorted(expected.keys() - found.keys())]
    lines += [f"  unexpected: {_told(each, found)}" for each in sorted(found.keys() - expected.keys())]
    lines += [
        f"  different:  {each} is {found[each]}, must be {expected[each]}"
        for each in sorted(expected.keys() & found.keys())
        if _judged(each, found[each]) != _judged(each, expected[each])
    ]
    assert not lines, f"{subject}: not as the contract has it.\n" + "\n".join(lines)


def _told(name: str, among: Mapping[str, str]) -> str:
    return f"{name}: {among[name]}" if among[name] else name


def _judged(name: str, fact: str) -> str:
    kind = name.split()[0]
    return FREE[kind].sub("…", fact) if kind in FREE else fact


def made_beside(before: Session, after: Session, table: TableSpec) -> frozenset[str]:
    """Name what the catalog gained beside a table: other tables, without what belongs to them, and anything else."""
    gained = identities(after) - identities(before) - _own(after, table)
    tables = {each for each in gained if re.match("table (?!constraint |column )", each)}
    return frozenset(gained - _belonging(after, tables) | tables)


def check_nothing_left_behind(
    before: Session, after: Session, table: TableSpec, also: frozenset[str] = frozenset()
) -> None:
    """Over the file that makes the table, the catalog gains nothing but what the table consists of, and loses nothing.

    `also` names what else it gains: of another table, what belongs to it too. Raises AssertionError.
    """
    old, new = identities(before), identities(after)
    file = f"the file that makes {table.qualified_name}"
    expected = ((_own(after, table) | _belonging(after, also)) & new) | also
    _check_names(f"what the catalog gains over {file}", expected - old, new - old)
    _check_names(f"what the catalog loses over {file}", (), old - new)


def check_nothing_changed(before: Connection, after: Connection) -> None:
    """What stood in the first database stands in the second as it did. Raises AssertionError."""
    old, new = snapshots.catalog(before), snapshots.catalog(after)
    # The database itself is a copy, and whose it is was for the suite to say.
    subjects = {line.split(" · ")[0] for line in old} - {"database"}
    kept = [[line for line in lines if line.split(" · ")[0] in subjects] for lines in (old, new)]
    changes = snapshots.difference(*kept)
    assert not changes, f"what was there before is changed:\n{changes}"


def check_no_role_left(session: Session, others: Sequence[Migration]) -> None:
    """The server has the platform's roles and settings, and those that other files make. Raises AssertionError."""
    made = {role for migration in others for role in roles_created(migration)}
    roles = session.run("SELECT rolname::text FROM pg_roles WHERE rolname !~ '^pg_'")
    _check_names("the roles", PLATFORM_ROLES, {str(name) for (name,) in roles.rows} - made)
    theirs = made | {role for migration in others for role in roles_altered(migration)}
    settings = session.run(ROLE_SETTINGS, [sorted(theirs)])
    expected = {setting for setting in PLATFORM_SETTINGS if setting.partition(":")[0] not in theirs}
    _check_names("the settings of roles", expected, {str(setting) for (setting,) in settings.rows})


def _check_names(subject: str, expected: Iterable[str], found: Iterable[str]) -> None:
    _compare(subject, dict.fromkeys(expected, ""), dict.fromkeys(found, ""))


def identities(session: Session) -> set[str]:
    """Name every object of the database, as pg_identify_object does."""
    ((query,),) = session.run(IDENTITIES).rows
    return {str(name) for (name,) in session.run(str(query).encode()).rows}


def _own(session: Session, table: TableSpec) -> set[str]:
    """Name what a table consists of: what goes with it and has a clause, the types of its columns, its functions."""
    found = {each for each in _belonging(session, [f"table {table.qualified_name}"]) if each.startswith(KINDS)}
    found |= {f"function {each}" for each in table.functions}
    for kind in table.types:
        constraints = kind.constraints if isinstance(kind, Domain) else ()
        found |= {f"domain constraint {each.name} on {kind.name}" for each in constraints}
        found |= {f"type {kind.name}", f"type {kind.name}[]"}
    return found


def _belonging(session: Session, names: Iterable[str]) -> set[str]:
    tables = [each.removeprefix("table ") for each in names if each.startswith("table ")]
    return {str(name) for (name,) in session.run(BELONGING, [tables]).rows}
