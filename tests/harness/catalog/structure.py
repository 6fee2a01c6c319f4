"""A table in the catalog compared with its TableSpec: what is missing, unexpected or different, by name, in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tests.harness.catalog import objects, snapshots
from tests.harness.catalog.objects import Column, Constraint, Domain, Enum, Partition, Policy, Trigger
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import roles_created
from tests.harness.server.connection import Connection
from tests.harness.server.session import Session
from tests.harness.supabase.templates import PLATFORM_ROLES, PLATFORM_SETTINGS

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

KINDS = {"r": "ordinary", "p": "partitioned", "f": "foreign", "v": "a view", "m": "a materialized view"}
PERSISTENCE = {"p": "permanent", "u": "UNLOGGED", "t": "temporary"}


def compare(subject: str, expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Compare objects by name with their definitions in SQL. Raises AssertionError with a line for each difference."""
    lines = [f"  missing:    {name} {expected[name]}" for name in expected if name not in found]
    lines += [f"  unexpected: {name} {found[name]}" for name in found if name not in expected]
    lines += [
        f"  different:  {name} is {found[name]}, must be {expected[name]}"
        for name in expected
        if name in found and found[name] != expected[name]
    ]
    assert not lines, f"{subject} differ from the contract.\n" + "\n".join(lines)


def check_table(session: Session, table: TableSpec) -> None:
    """It is of the declared kind and partitions, permanent, and owned by the role that migrates.

    Raises AssertionError.
    """
    found = session.run(
        "SELECT relkind::text, relpersistence::text, relowner::regrole::text, pg_get_partkeydef(oid)"
        " FROM pg_class WHERE oid = to_regclass(%s)",
        [table.qualified_name],
    )
    assert found.rows, f"there is no table {table.qualified_name}."
    ((kind, persistence, owner, partition_key),) = found.rows
    is_now = {
        "kind": KINDS.get(str(kind), str(kind)) + (f" by {partition_key}" if partition_key else ""),
        "persistence": PERSISTENCE[str(persistence)],
        "owner": str(owner),
    }
    must_be = {"kind": table.kind, "persistence": "permanent", "owner": MIGRATOR}
    compare(f"{table.qualified_name}: the properties of the table", must_be, is_now)
    partitions = objects.partitions(session, table.qualified_name)
    compare(f"{table.qualified_name}: the partitions", _by_name(table.partitions), _by_name(partitions))


def check_columns(session: Session, table: TableSpec) -> None:
    """It has the declared columns, in their order. Of a default it is asked only whether there is one.

    Raises AssertionError.
    """
    found = objects.columns(session, table.qualified_name)
    compare(f"{table.qualified_name}: the columns", _by_name(table.columns), _by_name(found))
    order = ", ".join(column.name for column in found)
    assert order == ", ".join(table.column_names), (
        f"{table.qualified_name}: the order of the columns is {order}, must be {', '.join(table.column_names)}"
    )
    types = objects.types(session, table.qualified_name)
    compare(f"{table.qualified_name}: the types of the columns", _by_name(table.types), _by_name(types))


def check_sequences(session: Session, table: TableSpec) -> None:
    """Each identity column has its declared sequence. Raises AssertionError."""
    found = {each.name: each.sequence for each in objects.columns(session, table.qualified_name) if each.sequence}
    expected = {each.name: each.sequence for each in table.columns if each.sequence}
    compare(f"{table.qualified_name}: the sequences", _texts(expected), _texts(found))


def check_indexes(session: Session, table: TableSpec) -> None:
    """It has the declared indexes, all valid. Raises AssertionError."""
    found = objects.indexes(session, table.qualified_name)
    expected, actual = (
        {each.name: each.definition(table.qualified_name) + ("" if each.valid else ", invalid") for each in indexes}
        for indexes in (table.indexes, found)
    )
    compare(f"{table.qualified_name}: the indexes", expected, actual)


def check_constraints(session: Session, table: TableSpec) -> None:
    """It has the declared constraints; a CHECK of that name is judged by what it refuses. Raises AssertionError."""
    found = objects.constraints(session, table.qualified_name)
    compare(f"{table.qualified_name}: the constraints", _kinds(table.constraints), _kinds(found))


def check_triggers(session: Session, table: TableSpec) -> None:
    """It has the declared triggers. Raises AssertionError."""
    found = objects.triggers(session, table.qualified_name)
    compare(f"{table.qualified_name}: the triggers", _by_name(table.triggers), _by_name(found))


def check_policies(session: Session, table: TableSpec) -> None:
    """Row-level security is as declared, with the declared policies. Raises AssertionError."""
    enabled = session.run("SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [table.qualified_name])
    words = {True: "enabled", False: "disabled"}
    for (is_enabled,) in enabled.rows:
        assert is_enabled == table.row_security, (
            f"{table.qualified_name}: row-level security is {words[bool(is_enabled)]}, "
            f"must be {words[table.row_security]}"
        )
    found = objects.policies(session, table.qualified_name)
    compare(f"{table.qualified_name}: the policies", _by_name(table.policies), _by_name(found))


def check_comments(session: Session, table: TableSpec) -> None:
    """The table and every column carry a comment with a letter in it. Raises AssertionError."""
    found = session.run(
        "SELECT coalesce(a.attname::text, 'the table') FROM pg_description AS d"
        " LEFT JOIN pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0"
        " WHERE d.objoid = to_regclass(%s) AND d.classoid = 'pg_class'::regclass AND d.description ~ '[[:alpha:]]'",
        [table.qualified_name],
    )
    commented = {str(name) for (name,) in found.rows}
    missing = [name for name in ("the table", *table.column_names) if name not in commented]
    assert not missing, f"{table.qualified_name}: no comment on {', '.join(missing)}"


def check_privileges(session: Session, table: TableSpec, role: str) -> None:
    """The role (or `public`) holds the declared privileges on the table, may pass none on, and holds no other.

    Raises AssertionError.
    """
    held = objects.held(session, role, table.qualified_name)
    _check_set(f"{role} on {table.qualified_name}", table.held(role), held)


def check_privileges_beside(session: Session, table: TableSpec, role: str) -> None:
    """The role (or `public`) holds the declared privileges on the table's sequences and its triggers' functions.

    Raises AssertionError.
    """
    for sequence in table.sequences:
        name = table.qualified(sequence.name)
        held = objects.held_on_sequence(session, role, name)
        _check_set(f"{role} on sequence {name}", table.held(role, f"sequence {name}"), held)
    for function in table.functions:
        held = objects.held_on_function(session, role, function)
        _check_set(f"{role} on function {function}", table.held(role, f"function {function}"), held)


def check_grantees(session: Session, table: TableSpec) -> None:
    """Nobody but the declared roles and the owner was granted anything, and they what is declared.

    Raises AssertionError.
    """
    sequences = [table.qualified(each.name) for each in table.sequences]
    found = objects.grants(session, table.qualified_name, sequences, table.functions)
    declared = {f"table {table.qualified_name}": table.privileges, **table.other_privileges}
    expected = {
        f"{each} on {what} to {role}"
        for what, granted in declared.items()
        for role in granted
        for each in granted[role]
    }
    _check_set("granted", expected, {f"{privilege} on {what} to {role}" for what, role, privilege in found})


def check_owner(session: Session, table: TableSpec) -> None:
    """The owner's own privileges are all there. Raises AssertionError."""
    held = session.run(
        "SELECT privilege_type::text FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))"
        " WHERE oid = to_regclass(%s) AND grantee = relowner",
        [table.qualified_name],
    )
    expected = set(objects.table_privileges(session.major))
    _check_set(f"the owner on {table.qualified_name}", expected, {str(name) for (name,) in held.rows})


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


def _by_name(found: Iterable[Column | Domain | Enum | Partition | Policy | Trigger]) -> dict[str, str]:
    """Map each object's name to its definition in SQL; of a column's default only that there is one."""
    texts = {}
    for each in found:
        if isinstance(each, Column):
            each = replace(each, default="…" if each.default is not None else None)
        texts[each.name] = str(each)
    return texts


def _kinds(found: Iterable[Constraint]) -> dict[str, str]:
    return {
        each.name: "CHECK" + ("" if each.is_enforced_on_all_rows else " that does not hold for every row")
        if each.kind == "CHECK"
        else each.definition
        for each in found
    }


def _texts(found: Mapping[str, object]) -> dict[str, str]:
    return {name: str(each) for name, each in found.items()}
