"""Mutants of the indexes: dropped, unique or not, on other columns, in another order, with another predicate."""

from collections.abc import Iterator
from typing import Any

from pglast.enums import SortByDir, SortByNulls

from tests.selftest.mutation.inputs import IndexInputs
from tests.selftest.mutation.operators.expressions import variants
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Trial, append, expression, put, statement, within, written


def of_index(subject: Subject, tree: Any) -> Iterator[Trial]:
    """Make another index, or none."""
    inputs = subject.inputs
    own = inputs.indexes.get(tree.idxname, IndexInputs())
    first = tree.indexParams[0]
    descending = first.ordering == SortByDir.SORTBY_DESC

    def of_first(**values: Any) -> Any:
        return within("indexParams", 0, put(**values))

    yield "DROPPED", "dropped", None
    yield "RENAMED", "renamed", put(idxname="idx_other")
    yield "UNIQUE", f"unique: {not tree.unique}", put(unique=not tree.unique)
    for name in own.columns:
        yield "COLUMN", f"of {name}", of_first(name=name, expr=None)
    for name in own.more_columns:
        more = statement(f"CREATE INDEX ON t ({name})").indexParams[0]
        yield "COLUMN", f"{name} too", append("indexParams", more)
        yield "INCLUDE", name, append("indexIncludingParams", more)
    for text in own.expressions:
        yield "EXPRESSION", text, of_first(name=None, expr=expression(text))
    order, nulls = SortByDir.SORTBY_DESC, SortByNulls.SORTBY_NULLS_FIRST
    if descending:
        order, nulls = SortByDir.SORTBY_DEFAULT, SortByNulls.SORTBY_NULLS_LAST
    yield "ORDER", "the other way", of_first(ordering=order)
    yield "NULLS", "the other end", of_first(nulls_ordering=nulls)
    # Neither is ever unique, or knows an order.
    for method in ("hash", "brin") if not tree.unique and not descending else ():
        yield "METHOD", method, put(accessMethod=method)
    for text in own.predicates:
        yield "PREDICATE", f"WHERE {text}", put(whereClause=expression(text))
    if tree.whereClause is not None:
        yield "PREDICATE", "dropped", put(whereClause=None)
        key = first.name or f"({written(first.expr)})"
        yield "PREDICATE", "IS NOT NULL", put(whereClause=expression(f"{key} IS NOT NULL"))
        for operator, change, new in variants(tree.whereClause, inputs):
            yield f"PREDICATE-{operator}", change, put(whereClause=new)
