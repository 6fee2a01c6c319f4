"""Mutants of the table: its columns, their types, defaults and nullability, its keys and its checks."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pglast import ast
from pglast.enums import ConstrType

from tests.harness.migrations.edits import ParsedStatement
from tests.selftest.mutation.inputs import TRIED, BadMutants
from tests.selftest.mutation.operators.expressions import variants
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Change, Trial, append, expression, put, statement, strings, within, written

# A column with one of these takes no NULL; with one of those, it has a value of its own.
NOT_NULL = {ConstrType.CONSTR_NOTNULL, ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_IDENTITY}
VALUE = {ConstrType.CONSTR_DEFAULT, ConstrType.CONSTR_IDENTITY, ConstrType.CONSTR_GENERATED}
# Of how many columns one changes places with the next.
EVERY = 4


def of_table(subject: Subject, tree: Any) -> Iterator[Change]:
    """Change the table itself, each column, each constraint. Raises BadMutants where inputs.toml is not whole."""
    if tree.relation.relname != subject.table.name:
        return
    if unsaid := list(_unsaid(subject, {str(getattr(each, "colname", "")) for each in tree.tableElts})):
        where = f"{subject.contract.name}/mutants/inputs.toml"
        raise BadMutants(f"{where} must say what other ones to try ([], if none is worth it): {', '.join(unsaid)}.")
    for operator, change, edit in _of_whole(subject, tree):
        yield Change(operator, "the table", change, edit)
    for place, element in enumerate(tree.tableElts):
        if isinstance(element, ast.ColumnDef):
            name = str(element.colname)
            thing = f"column {name}"
            comment, others = _mentioned(subject, tree, name)
            trials = [
                *([] if others else [("COLUMN-DROPPED", "dropped", None)]),
                *_of_column(subject, tree, element),
                *(
                    (operator, change, within("constraints", index, edit))
                    for index, constraint in enumerate(element.constraints or ())
                    for operator, change, edit in _of_constraint(subject, constraint, name)
                ),
            ]
        else:
            thing = f"{'check' if element.contype == ConstrType.CONSTR_CHECK else 'key'} {element.conname}"
            comment, trials = [], list(_of_constraint(subject, element, None))
        for operator, change, edit in trials:
            also = comment if edit is None else ()
            yield Change(operator, thing, change, within("tableElts", place, edit), element.location, also)


def _of_whole(subject: Subject, tree: Any) -> Iterator[Trial]:
    yield "TABLE-UNLOGGED", "UNLOGGED", lambda tree: put(relpersistence="u")(tree.relation)
    elements = tree.tableElts
    columns = [place for place, element in enumerate(elements) if isinstance(element, ast.ColumnDef)]
    for text in TRIED["table"]["added_columns"]:
        if text.split()[0] not in subject.table.column_names:
            yield "COLUMN-ADDED", text, append("tableElts", *_elements(text))
    for text in subject.inputs.added_constraints:
        yield "CONSTRAINT-ADDED", text, append("tableElts", *_elements(f"CONSTRAINT extra {text}"))
    for one, other in list(pairwise(columns))[::EVERY]:
        swapped = list(elements)
        swapped[one], swapped[other] = elements[other], elements[one]
        change = f"{elements[one].colname} after {elements[other].colname}"
        yield "COLUMN-ORDER", change, put(tableElts=tuple(swapped))


def _of_column(subject: Subject, tree: Any, column: Any) -> Iterator[Trial]:
    name, inputs = column.colname, subject.inputs
    for new in inputs.types[name]:
        yield "TYPE", f"to {new}", put(typeName=expression(f"NULL::{new}").typeName)
    kinds = {each.contype for each in column.constraints or ()}
    if not kinds & NOT_NULL and not any(name in _keys(each) for each in tree.tableElts):
        yield "NOT-NULL-ADDED", "NOT NULL", append("constraints", _column_constraint("NOT NULL"))
    for text in inputs.defaults[name] if not kinds & VALUE else ():
        yield "DEFAULT-ADDED", f"DEFAULT {text}", append("constraints", _column_constraint(f"DEFAULT {text}"))


def _of_constraint(subject: Subject, constraint: Any, column: str | None) -> Iterator[Trial]:
    """The changes of a constraint; `column` is the one beside which it stands, if it does."""
    match constraint.contype:
        case ConstrType.CONSTR_NOTNULL:
            yield "NOT-NULL-DROPPED", "nullable", None
        case ConstrType.CONSTR_DEFAULT:
            yield "DEFAULT-DROPPED", "no default", None
            for text in subject.inputs.defaults[str(column)]:
                yield "DEFAULT", f"{written(constraint.raw_expr)} to {text}", put(raw_expr=expression(text))
        case ConstrType.CONSTR_IDENTITY:
            always = constraint.generated_when == "a"
            yield "IDENTITY", "BY DEFAULT" if always else "ALWAYS", put(generated_when="d" if always else "a")
            for change, options in TRIED["table"]["identities"].items():
                other = _column_constraint(f"GENERATED ALWAYS AS IDENTITY ({options})")
                yield "IDENTITY", change, put(options=other.options)
        case ConstrType.CONSTR_CHECK:
            yield "CHECK-DROPPED", "dropped", None
            for operator, change, new in variants(constraint.raw_expr, subject.inputs):
                yield f"CHECK-{operator}", change, put(raw_expr=new)
            yield "CHECK-ALWAYS", "or true", put(raw_expr=expression(f"{written(constraint.raw_expr)} OR true"))
            yield "CHECK-NEVER", "false", put(raw_expr=expression("false"))
            yield "CHECK-RENAMED", "renamed", put(conname=f"{constraint.conname}_2")
        case ConstrType.CONSTR_PRIMARY | ConstrType.CONSTR_UNIQUE:
            yield "KEY-DROPPED", "dropped", None
            yield "KEY-RENAMED", "renamed", put(conname=f"{constraint.conname}_2")
            if constraint.contype == ConstrType.CONSTR_PRIMARY:
                yield "KEY-UNIQUE", "UNIQUE for PRIMARY KEY", put(contype=ConstrType.CONSTR_UNIQUE)
            others = (each.name for each in subject.table.columns if not each.nullable and each.name != column)
            if constraint.keys and (other := next((name for name in others if name not in _keys(constraint)), "")):
                yield "KEY-COLUMN", "a column more", append("keys", *strings(other))
                yield "KEY-COLUMN", f"of {other}", put(keys=strings(other))
        case ConstrType.CONSTR_FOREIGN:
            yield "FOREIGN-KEY-DROPPED", "dropped", None
            for words, action in TRIED["table"]["on_delete"].items():
                if action != constraint.fk_del_action:
                    yield "FOREIGN-KEY-ACTION", f"ON DELETE {words}", put(fk_del_action=action)


def _unsaid(subject: Subject, made: set[str]) -> Iterator[str]:
    """Name the columns that the file makes, and of which the contract does not say what other types to try."""
    for column in (each for each in subject.table.columns if each.name in made):
        if column.name not in subject.inputs.types:
            yield f"{column.name} in [types]"
        if column.identity is None and column.generated is None and column.name not in subject.inputs.defaults:
            yield f"{column.name} in [defaults]"


def _mentioned(subject: Subject, tree: Any, name: str) -> tuple[list[ParsedStatement], list[Any]]:
    """Find a column's comment, and what else names it, the closing check aside."""
    named = re.compile(rf"\b{name}\b")
    found = [each for each in subject.statements if each.tree is not tree and named.search(written(each.tree))]
    comment = [each for each in found if isinstance(each.tree, ast.CommentStmt) and f".{name} IS" in written(each.tree)]
    others = [each.tree for each in found if each not in comment and not isinstance(each.tree, ast.DoStmt)]
    elements = [each for each in tree.tableElts if getattr(each, "colname", None) != name]
    return comment, [*others, *(each for each in elements if named.search(written(each)))]


def _keys(element: Any) -> list[str]:
    return [each.sval for each in getattr(element, "keys", None) or ()]


def _elements(text: str) -> Any:
    return statement(f"CREATE TABLE t ({text})").tableElts


def _column_constraint(text: str) -> Any:
    return _elements(f"c bigint {text}")[0].constraints[0]
