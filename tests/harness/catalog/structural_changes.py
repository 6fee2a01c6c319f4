"""Ways in which a table can come to differ from its TableSpec, one change at a time, for tables of any shape.

A superuser makes them, on a table without rows. `{t}` in a change stands for the table's name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.harness.catalog.facts import facts
from tests.harness.catalog.objects import Column, Enum, Trigger, quoted
from tests.harness.catalog.sql_text import literal
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import API_ROLES, MIGRATOR, PUBLIC, UNGRANTED
from tests.harness.core.versions import CHECKS_CAN_BE_NOT_ENFORCED, MAINTAIN_IS_A_PRIVILEGE, NOT_NULL_IS_A_CONSTRAINT

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
SEQUENCE_PRIVILEGES = ("USAGE", "SELECT", "UPDATE")
GONE, THERE = "not there", "there"
_NOT_VALID = {"NOT VALID": ("convalidated = false", 0)}
_DEFERRABLE = {"DEFERRABLE": ("condeferrable = true", 0)}
CONSTRAINT_WORDS = {
    "CHECK": {**_NOT_VALID, "NOT ENFORCED": ("conenforced = false", CHECKS_CAN_BE_NOT_ENFORCED)},
    "FOREIGN KEY": {**_NOT_VALID, **_DEFERRABLE},
    **dict.fromkeys(("PRIMARY KEY", "UNIQUE", "EXCLUDE"), _DEFERRABLE),
}
FUNCTION = "CREATE FUNCTION public.added() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"


@dataclass(frozen=True)
class Change:
    """What is changed, as SQL; of which subject that must be said, and what the subject is then.

    `since` is the first major version that knows the change.
    """

    what: str
    sql: str
    subject: str
    is_now: str
    since: int = 0


def structural_changes(table: TableSpec, major: int) -> dict[str, tuple[str, str]]:
    """Map each change that this version knows, by what it is, to its SQL and to what its verification must say."""
    must_be = {"S1: the table's owner": [f"{MIGRATOR}, who asks"]}
    for clause, subject, fact in facts(table):
        must_be.setdefault(f"{clause}: {subject}", []).append(fact)
    return {
        f"{each.subject.partition(': ')[2]}: {each.what}": (
            each.sql.replace("{t}", table.qualified_name),
            f"{each.subject}: {each.is_now}; must be: {', or '.join(sorted(must_be.get(each.subject, [GONE])))}",
        )
        for each in _changes(table, major)
        if major >= each.since
    }


def _changes(table: TableSpec, major: int) -> Iterator[Change]:
    yield from _of_the_table(table)
    for column in table.columns:
        yield from _of_a_column(table, column)
    yield from _of_constraints_and_indexes(table)
    for trigger in table.triggers:
        yield from _of_a_trigger(table, trigger)
    yield from _of_policies_and_comments(table)
    yield from _of_privileges(table, major)


def _of_the_table(table: TableSpec) -> Iterator[Change]:
    kind, owner, order = "S1: the table's kind", "S1: the table's owner", "S2: the order of the columns"
    first, *others = table.columns
    yield Change("a view", "DROP TABLE {t} CASCADE; CREATE VIEW {t} AS SELECT 1 AS id", kind, "of kind v and permanent")
    yield Change("another", "ALTER TABLE {t} OWNER TO service_role", owner, "service_role")
    yield Change("added", "CREATE RULE added AS ON DELETE TO {t} DO INSTEAD NOTHING", "S1: rule added", THERE)
    if table.partition_key is None:
        yield Change("unlogged", "ALTER TABLE {t} SET UNLOGGED", kind, f"{table.kind} and UNLOGGED")
        child = "CREATE TABLE public.added () INHERITS ({t})"
        yield Change("added", child, "S1: inheritance by public.added", THERE)
        again = f"DROP COLUMN {quoted(first.name)} CASCADE, ADD COLUMN {quoted(first.name)} {first.type}"
        last = ", ".join(each.name for each in (*others, first))
        yield Change("another", f"ALTER TABLE {{t}} {again}", order, last)
    yield Change("added", "ALTER TABLE {t} ADD COLUMN added text", "S2: column added", "text")
    for each in table.types:
        subject = f"S2: type {each.name}"
        if isinstance(each, Enum):
            labels = replace(each, labels=(*each.labels, "added"))
            yield Change("a label added", f"ALTER TYPE {each.name} ADD VALUE 'added'", subject, str(labels))
        else:
            added = f"ALTER DOMAIN {each.name} ADD CONSTRAINT zzz CHECK (true)"
            yield Change("a CHECK added", added, subject, f"{each} CONSTRAINT zzz CHECK (true)")


def _of_a_column(table: TableSpec, column: Column) -> Iterator[Change]:
    subject, name = f"S2: column {column.name}", quoted(column.name)
    own = f"ALTER TABLE {{t}} ALTER COLUMN {name}"
    (primary_key,) = [each.definition for each in table.constraints if each.kind == "PRIMARY KEY"] or [""]
    if name not in (table.partition_key or ""):
        yield Change("dropped", f"ALTER TABLE {{t}} DROP COLUMN {name} CASCADE", subject, GONE)
    yield Change("renamed", f"ALTER TABLE {{t}} RENAME COLUMN {name} TO renamed", subject, GONE)
    if column.nullable:
        yield Change("null refused", f"{own} SET NOT NULL", subject, str(replace(column, nullable=False)))
    elif column.identity is None and name not in re.split(r"[(), ]+", primary_key):
        yield Change("null accepted", f"{own} DROP NOT NULL", subject, str(replace(column, nullable=True)))
        invalid = f"{own} DROP NOT NULL; ALTER TABLE {{t}} ADD CONSTRAINT added NOT NULL {name} NOT VALID"
        words = str(column).replace("NOT NULL", "NOT NULL NOT VALID", 1)
        yield Change("NOT NULL not validated", invalid, subject, words, NOT_NULL_IS_A_CONSTRAINT)
    if column.default is not None:
        yield Change("no default", f"{own} DROP DEFAULT", subject, str(replace(column, default=None)))
    if column.generated is not None and not column.virtual:
        yield Change("not generated", f"{own} DROP EXPRESSION", subject, str(replace(column, generated=None)))
    if column.identity is not None and column.sequence is not None:
        other = "by default" if column.identity == "always" else "always"
        yield Change(other, f"{own} SET GENERATED {other}", subject, str(replace(column, identity=other)))
        yield Change("no identity", f"{own} DROP IDENTITY", subject, str(replace(column, identity=None)))
        sequence, faster = f"S2: the sequence of {column.name}", replace(column.sequence, increment=2)
        yield Change("by two", f"{own} SET INCREMENT 2", sequence, str(faster))
        yield Change("again", f"{own} SET CYCLE", sequence, str(replace(column.sequence, cycle=True)))


def _of_constraints_and_indexes(table: TableSpec) -> Iterator[Change]:
    key = ", ".join(map(quoted, table.key))
    for each in table.constraints:
        subject = f"{'S4' if each.kind in ('CHECK', 'FOREIGN KEY') else 'S3'}: constraint {each.name}"
        own = f"(conrelid, conname) = ('{{t}}'::regclass, {literal(each.name)})"
        yield Change("dropped", f"ALTER TABLE {{t}} DROP CONSTRAINT {quoted(each.name)} CASCADE", subject, GONE)
        yield Change("renamed", f"ALTER TABLE {{t}} RENAME CONSTRAINT {quoted(each.name)} TO renamed", subject, GONE)
        # To make it anew could print it with other parentheses.
        for words, (property_, since) in CONSTRAINT_WORDS[each.kind].items():
            sql = f"UPDATE pg_constraint SET {property_} WHERE {own}"
            yield Change(words, sql, subject, f"{each.definition} {words}", since)
    for clause, definition in (("S4", "CHECK (true)"), ("S3", f"UNIQUE ({key})")):
        sql = f"ALTER TABLE {{t}} ADD CONSTRAINT added {definition}"
        yield Change(f"{definition.split()[0]} added", sql, f"{clause}: constraint added", definition)
    foreign = f"FOREIGN KEY ({key}) REFERENCES {table.qualified_name}({key})"
    yield Change(
        "FOREIGN KEY added", f"ALTER TABLE {{t}} ADD CONSTRAINT added {foreign}", "S4: constraint added", foreign
    )
    for index in table.indexes:
        subject, name = f"S3: index {index.name}", table.qualified(index.name)
        invalid = f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass"
        yield Change("invalid", invalid, subject, f"{index.definition(table.qualified_name)}, invalid")
        if index.name not in {each.name for each in table.constraints}:
            yield Change("dropped", f"DROP INDEX {name}", subject, GONE)
            yield Change("renamed", f"ALTER INDEX {name} RENAME TO renamed", subject, GONE)
    added = f"CREATE INDEX added ON {table.qualified_name} USING btree ({key})"
    yield Change("added", added, "S3: index added", added)


def _of_a_trigger(table: TableSpec, trigger: Trigger) -> Iterator[Change]:
    subject, name, definition = f"S5: trigger {trigger.name}", quoted(trigger.name), trigger.definition
    yield Change("dropped", f"DROP TRIGGER {name} ON {{t}}", subject, GONE)
    states = {"DISABLE": "DISABLED", "ENABLE ALWAYS": "enabled ALWAYS", "ENABLE REPLICA": "enabled on a REPLICA alone"}
    for action, state in states.items():
        is_now = f"CREATE TRIGGER {name} {definition}, {state}"
        yield Change(action.lower(), f"ALTER TABLE {{t}} {action} TRIGGER {name}", subject, is_now)
    old, new = ("BEFORE", "AFTER") if definition.startswith("BEFORE") else ("AFTER", "BEFORE")
    others = {
        "another time": definition.replace(old, new, 1),
        "another function": definition.replace(trigger.function.removesuffix(")"), "public.added("),
        "arguments": definition.removesuffix(")").removesuffix("(") + "('added')",
    }
    for what, other in others.items():
        again = f"CREATE TRIGGER {name} {other}"
        yield Change(what, f"{FUNCTION}; DROP TRIGGER {name} ON {{t}}; {again}", subject, f"{again}, enabled")
    subject, options = f"S5: function {trigger.function}", trigger.options
    settings = {
        "SECURITY DEFINER": options.replace("INVOKER", "DEFINER"),
        "RESET ALL": options.partition(" SET ")[0],
        "SET work_mem = '1MB'": f"{options} SET work_mem=1MB",
    }
    for action, other in settings.items():
        sql = f"ALTER FUNCTION {trigger.function} {action}"
        yield Change(action, sql, subject, f"{other}, of the table's owner")
    foreign = f"ALTER FUNCTION {trigger.function} OWNER TO service_role"
    yield Change("another owner", foreign, subject, f"{options}, of service_role")


def _of_policies_and_comments(table: TableSpec) -> Iterator[Change]:
    action, state = ("DISABLE", "disabled") if table.row_security else ("ENABLE", "enabled")
    yield Change(state, f"ALTER TABLE {{t}} {action} ROW LEVEL SECURITY", "S6: row-level security", state)
    for policy in table.policies:
        subject, name = f"S6: policy {policy.name}", quoted(policy.name)
        yield Change("dropped", f"DROP POLICY {name} ON {{t}}", subject, GONE)
        everybody = replace(policy, roles=(PUBLIC,))
        yield Change("for everybody", f"ALTER POLICY {name} ON {{t}} TO {PUBLIC}", subject, str(everybody))
    added = "CREATE POLICY added ON {t} FOR INSERT TO anon WITH CHECK (true)"
    yield Change("added", added, "S6: policy added", "AS PERMISSIVE FOR INSERT TO anon")
    commented = {"the table": "TABLE {t}"}
    commented |= {f"column {name}": f"COLUMN {{t}}.{quoted(name)}" for name in table.column_names}
    for subject, on in commented.items() if table.comments else ():
        for what, comment in {"none": "NULL", "blank": "'  '"}.items():
            yield Change(what, f"COMMENT ON {on} IS {comment}", f"S7: the comment on {subject}", GONE)


def _of_privileges(table: TableSpec, major: int) -> Iterator[Change]:
    yield from _granted_and_revoked(table, None, PRIVILEGES[: None if major >= MAINTAIN_IS_A_PRIVILEGE else -1])
    for sequence in table.sequences:
        yield from _granted_and_revoked(table, f"sequence {table.qualified(sequence.name)}", SEQUENCE_PRIVILEGES)
    for function in table.functions:
        yield from _granted_and_revoked(table, f"function {function}", ("EXECUTE",))
    may = "S8: what {} may do with the table"
    less = "REVOKE ALL ON {t} FROM postgres; GRANT SELECT ON {t} TO postgres"
    yield Change("less", less, may.format("the owner"), "SELECT")
    column = quoted(table.columns[-1].name)
    yield Change(
        "one column", f"GRANT SELECT ({column}) ON {{t}} TO {UNGRANTED}", may.format(UNGRANTED), f"SELECT ({column})"
    )
    for passing, taking in (("service_role", "anon"), ("anon", "service_role")):
        both, own = table.held(passing) | table.held(taking), table.held(taking)
        # A privilege on the table includes what it is on each column.
        joined = {each for each in both if each == each.split()[0] or each in own or each.split()[0] not in both}
        if joined != own:
            yield Change("a member", f"GRANT {passing} TO {taking}", may.format(taking), _written(joined))


def _granted_and_revoked(table: TableSpec, what: str | None, privileges: tuple[str, ...]) -> Iterator[Change]:
    on = what.replace("sequence", "SEQUENCE").replace("function", "FUNCTION") if what else "{t}"
    for role in (*API_ROLES, UNGRANTED, PUBLIC):
        subject = f"S8: what {role} may do with {what or 'the table'}"
        held = table.held(role, what)
        for privilege in privileges:
            others = {each for each in held if each.split()[0] != privilege}
            if privilege not in held:
                yield Change(privilege, f"GRANT {privilege} ON {on} TO {role}", subject, _written({*held, privilege}))
            elif role != PUBLIC and privilege not in table.held(PUBLIC, what):
                passed_on = {*held, f"{privilege} WITH GRANT OPTION"}
                yield Change(f"no {privilege}", f"REVOKE {privilege} ON {on} FROM {role}", subject, _written(others))
                yield Change(
                    f"{privilege} to pass on",
                    f"GRANT {privilege} ON {on} TO {role} WITH GRANT OPTION",
                    subject,
                    _written(passed_on),
                )


def _written(privileges: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(privileges)) or "none"
