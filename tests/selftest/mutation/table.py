"""Mutants of the table: its columns, their types, defaults and nullability, its key and its checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ConstrType

from tests.selftest.mutation.expressions import variants
from tests.selftest.mutation.source import Mutant, Part, Source, expression, shown, statement, type_name

# Type, and the clauses that must fall: structure alone where no value tells the two apart.
TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "id": {"integer": ("S2",), "smallint": ("S2",)},
    "session_token": {
        "varchar": ("S2",),
        "varchar(32)": ("S2", "C1"),
        "varchar(33)": ("S2", "C1"),
        "char(32)": ("S2", "C1"),
    },
    "form_state": {"json": ("S2", "C7"), "text": ("S2", "C7"), "text[]": ("S2", "C7")},
    "pricing_tier": {"varchar(20)": ("S2",), "char(9)": ("S2", "C1"), "jsonb": ("S2", "C1")},
    "amount_paid": {
        "numeric": ("S2", "C6"),
        "numeric(9, 2)": ("S2", "C6"),
        "numeric(11, 2)": ("S2", "C6"),
        "numeric(10, 1)": ("S2", "C6"),
        "numeric(10, 3)": ("S2", "C6"),
        "integer": ("S2", "C6"),
        "double precision": ("S2", "C6"),
        "money": ("S2", "C6"),
    },
    "payment_status": {"varchar": ("S2",), "varchar(9)": ("S2", "C1"), "name": ("S2",)},
    "report_token": {"varchar(32)": ("S2",), "uuid": ("S2", "C1")},
    "created_at": {
        "timestamp": ("S2", "D1"),
        "timestamptz(0)": ("S2", "D1"),
        "timestamptz(5)": ("S2", "C3"),
        "date": ("S2", "D1"),
    },
    "last_active_at": {"timestamp": ("S2", "D1"), "timestamptz(0)": ("S2", "D1"), "timestamptz(5)": ("S2", "C4")},
    "expires_at": {
        "timestamp": ("S2", "D1"),
        "timestamptz(0)": ("S2", "D1"),
        "timestamptz(3)": ("S2", "C3"),
        "date": ("S2", "D1"),
    },
}
DEFAULTS = {
    "payment_status": ("'completed'", "'Pending'", "''", "NULL"),
    "created_at": ("clock_timestamp()", "statement_timestamp()", "'now'::timestamptz", "now() - interval '1 second'"),
    "last_active_at": (
        "clock_timestamp()",
        "statement_timestamp()",
        "'now'::timestamptz",
        "now() + interval '1 second'",
    ),
    "expires_at": (
        "now() + interval '47 hours'",
        "now() + interval '49 hours'",
        "now() + interval '2 days'",
        "now() + interval '48 minutes'",
        "now() + interval '48:00:00.000001'",
        "now() + interval '24 hours'",
        "clock_timestamp() + interval '48 hours'",
        "'now'::timestamptz + interval '48 hours'",
        "'infinity'::timestamptz",
        "current_date + interval '48 hours'",
        "now()",
    ),
}
IDENTITIES = (
    ("INCREMENT BY -1", "counting down", ("S2", "C8")),
    ("MAXVALUE 1000000 CYCLE", "round again after a million", ("S2",)),
)
ADDED_DEFAULTS = {
    "session_token": "md5(random()::text)",
    "form_state": "'{}'",
    "pricing_tier": "'free'",
    "amount_paid": "0",
    "report_token": "md5(random()::text)",
}
CHECKS = {
    "session_token_length": ("C1",),
    "expiry_after_creation": ("C3",),
    "last_active_after_creation": ("C4",),
}


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    for part in source.of(ast.CreateStmt):
        for place, element in enumerate(part.tree.tableElts):
            if isinstance(element, ast.ColumnDef):
                yield from _of_column(source, part, place, element)
            elif element.contype == ConstrType.CONSTR_CHECK:
                yield from _of_check(source, part, place, element)
            else:
                yield from _of_key(source, part, place, element)
        yield from _of_table(source, part)


def _of_column(source: Source, part: Part, place: int, column: Any) -> Iterator[Mutant]:
    name, thing = column.colname, f"column {column.colname}"

    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        def in_place(tree: Any) -> None:
            edit(tree.tableElts[place])

        return source.mutant(operator, thing, change, falls, part, in_place, at=column.location)

    if name in ("form_state", "pricing_tier", "amount_paid", "report_token"):
        comment = tuple(each for each in source.of(ast.CommentStmt) if shown(each.tree).count(f".{name} IS"))
        yield source.mutant(
            "COLUMN-DROPPED",
            thing,
            "dropped",
            ("S2", "C5"),
            part,
            lambda tree: _without(tree, place),
            at=column.location,
            also=comment,
        )
    for new, falls in TYPES[name].items():
        yield mutant("TYPE", f"to {new}", falls, lambda c, new=new: setattr(c, "typeName", type_name(new)))
    for index, constraint in enumerate(column.constraints or ()):
        rest = column.constraints[:index] + column.constraints[index + 1 :]

        def dropped(c: Any, rest: Any = rest) -> None:
            c.constraints = rest

        match constraint.contype:
            case ConstrType.CONSTR_NOTNULL:
                yield mutant("NOT-NULL-DROPPED", "nullable", ("S2", "C5"), dropped)
            case ConstrType.CONSTR_DEFAULT:
                yield mutant("DEFAULT-DROPPED", "no default", ("S2", "D1"), dropped)
                for text in DEFAULTS[name]:
                    falls = ("S2", "D1") if text == "NULL" else ("D1",)
                    yield mutant(
                        "DEFAULT",
                        f"{shown(constraint.raw_expr)} to {text}",
                        falls,
                        lambda c, text=text, index=index: setattr(c.constraints[index], "raw_expr", expression(text)),
                    )
            case ConstrType.CONSTR_IDENTITY:
                yield mutant(
                    "IDENTITY",
                    "BY DEFAULT",
                    ("S2", "C8"),
                    lambda c, index=index: setattr(c.constraints[index], "generated_when", "d"),
                )
                for options, change, falls in IDENTITIES:
                    other = column_constraint(f"GENERATED ALWAYS AS IDENTITY ({options})")
                    yield mutant("IDENTITY", change, falls, lambda c, other=other: setattr(c, "constraints", (other,)))
    kinds = [each.contype for each in column.constraints or ()]
    if not kinds:
        yield mutant(
            "NOT-NULL-ADDED",
            "NOT NULL",
            ("S2", "C5"),
            lambda c: setattr(c, "constraints", (column_constraint("NOT NULL"),)),
        )
    if name in ADDED_DEFAULTS:
        text = ADDED_DEFAULTS[name]
        default = column_constraint(f"DEFAULT {text}")
        falls = ("S2",) if name == "session_token" else ("S2", "D1")
        yield mutant(
            "DEFAULT-ADDED",
            f"DEFAULT {text}",
            falls,
            lambda c: setattr(c, "constraints", (*(c.constraints or ()), default)),
        )


def _of_check(source: Source, part: Part, place: int, check: Any) -> Iterator[Mutant]:
    thing, falls = f"check {check.conname}", CHECKS[check.conname]
    yield source.mutant(
        "CHECK-DROPPED",
        thing,
        "dropped",
        ("S4", "V1", *falls),
        part,
        lambda tree: _without(tree, place),
        at=check.location,
    )
    for operator, change, new in [
        *variants(check.raw_expr),
        ("ALWAYS", "or true", expression(f"{shown(check.raw_expr)} OR true")),
        ("NEVER", "false", expression("false")),
    ]:
        yield source.mutant(
            f"CHECK-{operator}",
            thing,
            change,
            falls,
            part,
            _put(place, "raw_expr", new),
            at=check.location,
        )
    yield source.mutant(
        "CHECK-RENAMED",
        thing,
        "renamed",
        ("S4", *falls),
        part,
        lambda tree: setattr(tree.tableElts[place], "conname", f"{check.conname}_2"),
        at=check.location,
    )


def _of_key(source: Source, part: Part, place: int, key: Any) -> Iterator[Mutant]:
    thing = f"key {key.conname}"

    def mutant(operator: str, change: str, falls: tuple[str, ...], name: str, value: object) -> Mutant:
        return source.mutant(
            operator,
            thing,
            change,
            falls,
            part,
            lambda tree: setattr(tree.tableElts[place], name, value),
            at=key.location,
        )

    yield source.mutant("KEY-DROPPED", thing, "dropped", ("S3",), part, lambda tree: _without(tree, place))
    yield mutant("KEY-RENAMED", "renamed", ("S3",), "conname", "sessions_pkey")
    yield mutant("KEY-UNIQUE", "UNIQUE for PRIMARY KEY", ("S3", "S4"), "contype", ConstrType.CONSTR_UNIQUE)
    yield mutant("KEY-COLUMN", "a column more", ("S3",), "keys", (*key.keys, ast.String(sval="session_token")))
    yield mutant("KEY-COLUMN", "of session_token", ("S3",), "keys", (ast.String(sval="session_token"),))


def _of_table(source: Source, part: Part) -> Iterator[Mutant]:
    def with_more(text: str) -> Any:
        more = statement(f"CREATE TABLE t ({text})").tableElts
        return lambda tree: setattr(tree, "tableElts", (*tree.tableElts, *more))

    def swapped(one: int) -> Any:
        def edit(tree: Any) -> None:
            elements = list(tree.tableElts)
            elements[one], elements[one + 1] = elements[one + 1], elements[one]
            tree.tableElts = tuple(elements)

        return edit

    yield source.mutant(
        "TABLE-UNLOGGED",
        "the table",
        "UNLOGGED",
        ("S1",),
        part,
        lambda tree: setattr(tree.relation, "relpersistence", "u"),
    )
    for text in ("extra text", "user_id uuid", "updated_at timestamptz NOT NULL DEFAULT now()"):
        yield source.mutant("COLUMN-ADDED", "the table", text, ("S2",), part, with_more(text))
    for text, falls in {
        "UNIQUE (session_token)": ("S3", "S4"),
        "CHECK (amount_paid >= 0)": ("S4", "C6"),
        "CHECK (payment_status IN ('pending', 'completed', 'failed'))": ("S4", "C1"),
        "CHECK (expires_at <= created_at + interval '48 hours')": ("S4", "C3"),
        "CHECK (form_state IS NULL OR jsonb_typeof(form_state) = 'object')": ("S4", "C7"),
        "UNIQUE (report_token)": ("S3", "S4"),
    }.items():
        yield source.mutant("CONSTRAINT-ADDED", "the table", text, falls, part, with_more(f"CONSTRAINT extra {text}"))
    for place in (0, 4, 8):
        first, second = (part.tree.tableElts[place + step].colname for step in (0, 1))
        yield source.mutant("COLUMN-ORDER", "the table", f"{first} after {second}", ("S2",), part, swapped(place))


def _without(tree: Any, place: int) -> None:
    tree.tableElts = tree.tableElts[:place] + tree.tableElts[place + 1 :]


def column_constraint(text: str) -> Any:
    """Parse what stands behind a column's type."""
    return statement(f"CREATE TABLE t (c bigint {text})").tableElts[0].constraints[0]


def _put(place: int, name: str, value: object) -> Any:
    return lambda tree: setattr(tree.tableElts[place], name, value)
