"""Mutants of the trigger and of its function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast

from tests.selftest.mutation.source import Edit, Mutant, Part, Source, expression, statement

BEFORE, AFTER = 2, 0
INSERT, DELETE, UPDATE = 4, 8, 16
FUNCTION, TRIGGER = "function update_calculator2_sessions_last_active", "trigger trg_calculator2_sessions_last_active"
ASSIGNMENT = "NEW.last_active_at := GREATEST(pg_catalog.now(), OLD.last_active_at, NEW.created_at);"
# The function's only assignment, and what it could have been.
ASSIGNED: dict[str, tuple[str, ...]] = {
    "GREATEST(OLD.last_active_at, NEW.created_at)": ("T1", "T3"),
    "GREATEST(pg_catalog.now(), NEW.created_at)": ("T2",),
    "GREATEST(pg_catalog.now(), OLD.last_active_at)": ("T3",),
    "GREATEST(pg_catalog.now(), OLD.last_active_at, OLD.created_at)": ("T3",),
    "GREATEST(pg_catalog.now(), NEW.last_active_at, NEW.created_at)": ("T1", "T3"),
    "GREATEST(pg_catalog.now(), OLD.last_active_at, NEW.last_active_at, NEW.created_at)": ("T1", "T3"),
    "GREATEST(pg_catalog.now(), OLD.last_active_at, NEW.expires_at)": ("T1", "T3"),
    "GREATEST(pg_catalog.now(), OLD.expires_at, NEW.created_at)": ("T1", "T3"),
    "LEAST(pg_catalog.now(), OLD.last_active_at, NEW.created_at)": ("T1", "T3"),
    "COALESCE(pg_catalog.now(), OLD.last_active_at, NEW.created_at)": ("T2",),
    "COALESCE(NEW.last_active_at, pg_catalog.now())": ("T1", "T3"),
    "pg_catalog.now()": ("T2",),
    "pg_catalog.clock_timestamp()": ("T2", "T3"),
    "OLD.last_active_at": ("T1",),
    "NEW.created_at": ("T1", "T2"),
    "NEW.last_active_at": ("T1",),
    "NULL": ("T1",),
    "GREATEST(pg_catalog.transaction_timestamp() - interval '1 second', OLD.last_active_at, NEW.created_at)": (
        "T1",
        "T3",
    ),
    "GREATEST(pg_catalog.now() + interval '1 second', OLD.last_active_at, NEW.created_at)": ("T3",),
    "GREATEST(date_trunc('second', pg_catalog.now()), OLD.last_active_at, NEW.created_at)": ("T1", "T3"),
    "GREATEST(date_trunc('milliseconds', pg_catalog.now()), OLD.last_active_at, NEW.created_at)": ("T1", "T3"),
}
RETURNED = {"OLD": ("T1", "D3"), "NULL": ("T1", "D3")}

EVENTS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (INSERT, "INSERT", ("S5", "T1")),
    (DELETE, "DELETE", ("S5", "T1")),
    (INSERT | UPDATE, "INSERT OR UPDATE", ("S5", "T1")),
    (DELETE | UPDATE, "DELETE OR UPDATE", ("S5",)),
)


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    yield from _of_body(source)
    for part in source.of(ast.CreateFunctionStmt):
        yield from _of_function(source, part)
    for part in source.of(ast.CreateTrigStmt):
        yield from _of_trigger(source, part)


def _of_body(source: Source) -> Iterator[Mutant]:
    for value, falls in ASSIGNED.items():
        new = f"NEW.last_active_at := {value};"
        yield source.edited("BODY-ASSIGNED", FUNCTION, Edit(ASSIGNMENT, new, f"to {value}", falls))
    yield source.edited("BODY-STATEMENT", FUNCTION, Edit(ASSIGNMENT, "", "no assignment", ("T1", "T3")))
    for column in ("expires_at", "created_at"):
        falls = ("D2",) if column == "expires_at" else ("D2", "T3")
        edit = Edit("NEW.last_active_at := GREATEST", f"NEW.{column} := GREATEST", column, falls)
        yield source.edited("BODY-TARGET", FUNCTION, edit)
    for value, falls in RETURNED.items():
        yield source.edited("BODY-RETURN", FUNCTION, Edit("RETURN NEW;", f"RETURN {value};", value, falls))
    yield source.edited("BODY-STATEMENT", FUNCTION, Edit("    RETURN NEW;\n", "", "no RETURN", ("T1", "D3")))


def _of_function(source: Source, part: Part) -> Iterator[Mutant]:
    options = part.tree.options

    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        return source.mutant(f"FUNCTION-{operator}", FUNCTION, change, falls, part, edit)

    def replaced(name: str, option: Any) -> Any:
        new = tuple(option if each.defname == name else each for each in options)
        return lambda tree: setattr(tree, "options", tuple(each for each in new if each is not None))

    yield mutant("SECURITY", "DEFINER", ("S5",), replaced("security", _option("SECURITY DEFINER")))
    yield mutant("SEARCH-PATH", "dropped", ("S5",), replaced("set", None))
    for path in ("public", "pg_catalog", "pg_temp"):
        yield mutant("SEARCH-PATH", path, ("S5",), replaced("set", _option(f"SET search_path = {path}")))
    yield mutant(
        "SETTING", "timezone", ("S5",), lambda t: setattr(t, "options", (*t.options, _option("SET timezone = 'UTC'")))
    )
    yield mutant("VOLATILITY", "STABLE", ("S5",), lambda t: setattr(t, "options", (*t.options, _option("STABLE"))))


def _of_trigger(source: Source, part: Part) -> Iterator[Mutant]:
    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any, shown_by: str = "") -> Mutant:
        return source.mutant(f"TRIGGER-{operator}", TRIGGER, change, falls, part, edit, shown_by=shown_by)

    yield mutant("DROPPED", "dropped", ("S5", "T1"), None)
    yield mutant("RENAMED", "renamed", ("S5",), _set("trigname", "trg_other"))
    yield mutant("TIMING", "AFTER", ("S5", "T1"), _set("timing", AFTER))
    yield mutant("ROW", "FOR EACH STATEMENT", ("S5", "T1"), _set("row", False))
    for events, words, falls in EVENTS:
        shown_by = "test_neither_insert_nor_select_is_an_update" if events & INSERT else ""
        yield mutant("EVENT", words, falls, _set("events", events), shown_by)
    for condition in (
        "OLD.* IS DISTINCT FROM NEW.*",
        "OLD.form_state IS DISTINCT FROM NEW.form_state",
        "OLD.last_active_at = NEW.last_active_at",
        "OLD.payment_status <> 'completed'",
        "NEW.expires_at > now()",
        "NEW.form_state IS NOT NULL",
        "OLD.last_active_at < now()",
    ):
        falls = ("S5",) if condition.endswith("< now()") else ("S5", "T1")
        yield mutant("WHEN", condition, falls, _set("whenClause", expression(condition)))
    for columns in (
        "form_state",
        "last_active_at",
        "session_token, form_state, pricing_tier, amount_paid, payment_status",
    ):
        names: Any = tuple(ast.String(sval=each) for each in columns.split(", "))
        yield mutant("OF", columns, ("S5", "T1"), _set("columns", names))


def _option(text: str) -> Any:
    return statement(f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql {text} AS ''").options[1]


def _set(name: str, value: object) -> Any:
    return lambda tree: setattr(tree, name, value)
