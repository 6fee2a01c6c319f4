"""Mutants of the indexes: dropped, unique or not, on other columns, in another order, with another predicate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import SortByDir, SortByNulls

from tests.selftest.mutation.expressions import variants
from tests.selftest.mutation.source import Mutant, Part, Source, expression

TOKEN, EXPIRES, ACTIVE = (f"idx_calculator2_sessions_{name}" for name in ("token", "expires_at", "last_active"))
# What each index is for.
BEHAVIOUR: dict[str, tuple[str, ...]] = {TOKEN: ("C2", "P1", "P2"), EXPIRES: ("P3",), ACTIVE: ("P4",)}
OTHER_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    TOKEN: {"report_token": BEHAVIOUR[TOKEN], "id": BEHAVIOUR[TOKEN]},
    EXPIRES: {"created_at": ("P3",), "last_active_at": ("P3",)},
    ACTIVE: {"created_at": ("P4",), "expires_at": ("P4",)},
}
MORE_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    TOKEN: {"id": ("C2",), "payment_status": ("C2",)},
    EXPIRES: {"id": ()},
    ACTIVE: {"id": ()},
}
EXPRESSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    TOKEN: {
        "lower(session_token)": BEHAVIOUR[TOKEN],
        "md5(session_token)": ("P1", "P2"),
        "left(session_token, 16)": BEHAVIOUR[TOKEN],
        "btrim(session_token)": BEHAVIOUR[TOKEN],
    },
    EXPIRES: {"date_trunc('hour', expires_at, 'UTC')": ("P3",)},
    ACTIVE: {},
}


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them."""
    for part in source.of(ast.IndexStmt):
        yield from _of_index(source, part, part.tree.idxname, BEHAVIOUR[part.tree.idxname])


def _of_index(source: Source, part: Part, name: str, falls: tuple[str, ...]) -> Iterator[Mutant]:
    def mutant(operator: str, change: str, falls: tuple[str, ...], edit: Any) -> Mutant:
        return source.mutant(operator, f"index {name}", change, falls, part, edit)

    def option(**values: Any) -> Any:
        def edit(tree: Any) -> None:
            for value in values.items():
                setattr(tree.indexParams[0], *value)

        return edit

    unique = part.tree.unique
    yield mutant("INDEX-DROPPED", "dropped", ("S3", *falls), None)
    yield mutant("INDEX-RENAMED", "renamed", ("S3", *(("C2",) if unique else ())), _set("idxname", "idx_other"))
    yield mutant("INDEX-UNIQUE", f"unique: {not unique}", ("S3", "C2"), _set("unique", not unique))
    for column, behaviour in OTHER_COLUMNS[name].items():
        yield mutant("INDEX-COLUMN", f"of {column}", ("S3", *behaviour), option(name=column))
    for column, behaviour in MORE_COLUMNS[name].items():
        more = ast.IndexElem(
            name=column, ordering=SortByDir.SORTBY_DEFAULT, nulls_ordering=SortByNulls.SORTBY_NULLS_DEFAULT
        )
        yield mutant("INDEX-COLUMN", f"{column} too", ("S3", *behaviour), lambda t, m=more: _more(t, "indexParams", m))
        yield mutant("INDEX-INCLUDE", column, ("S3",), lambda t, m=more: _more(t, "indexIncludingParams", m))
    for text, behaviour in EXPRESSIONS[name].items():
        yield mutant("INDEX-EXPRESSION", text, ("S3", *behaviour), option(name=None, expr=expression(text)))
    descending = part.tree.indexParams[0].ordering == SortByDir.SORTBY_DESC
    yield mutant(
        "INDEX-ORDER",
        "the other way",
        ("S3", "P4") if descending else ("S3",),
        option(ordering=SortByDir.SORTBY_DEFAULT if descending else SortByDir.SORTBY_DESC),
    )
    yield mutant(
        "INDEX-NULLS",
        "the other end",
        ("P4",) if descending else ("S3",),
        option(nulls_ordering=SortByNulls.SORTBY_NULLS_LAST if descending else SortByNulls.SORTBY_NULLS_FIRST),
    )
    for method in ("hash", "brin"):
        # Neither is ever unique, or knows an order.
        if not unique and not descending:
            yield mutant(
                "INDEX-METHOD", method, ("S3", *(falls if method == "hash" else ())), _set("accessMethod", method)
            )
    if part.tree.whereClause is None:
        for text, behaviour in {
            "payment_status <> 'completed'": (*falls, *(("C2",) if unique else ())),
            "created_at IS NOT NULL": (),
        }.items():
            wanted = tuple(dict.fromkeys(behaviour))
            yield mutant("INDEX-PREDICATE", f"WHERE {text}", ("S3", *wanted), _set("whereClause", expression(text)))
    else:
        yield mutant("INDEX-PREDICATE", "dropped", ("S3",), _set("whereClause", None))
        yield mutant(
            "INDEX-PREDICATE", "IS NOT NULL", ("S3",), _set("whereClause", expression("expires_at IS NOT NULL"))
        )
        for operator, change, new in variants(part.tree.whereClause):
            yield mutant(f"INDEX-PREDICATE-{operator}", change, ("S3", *falls), _set("whereClause", new))


def _set(name: str, value: object) -> Any:
    return lambda tree: setattr(tree, name, value)


def _more(tree: Any, name: str, element: Any) -> None:
    setattr(tree, name, (*(getattr(tree, name) or ()), element))
