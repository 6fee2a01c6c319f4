"""Parse trees: parsed, changed, compared and written as SQL again."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pglast
from pglast import ast
from pglast.enums import RoleSpecType
from pglast.stream import IndentedStream, RawStream

# Changes a tree in place; where it is None, the statement is taken out.
TreeEdit = Callable[[Any], None] | None
# What an operator does: its name, what is changed, and how.
Change = tuple[str, str, TreeEdit]

_POSITIONS = re.compile(r"location|_start$|_end$|^stmt_len$")


def statement(text: str) -> Any:
    """Parse one statement."""
    return pglast.parse_sql(text)[0].stmt


def expression(text: str) -> Any:
    """Parse an expression."""
    return statement(f"SELECT {text}").targetList[0].val


def type_name(text: str) -> Any:
    """Parse a type."""
    return expression(f"NULL::{text}").typeName


def column_constraint(text: str) -> Any:
    """Parse what stands behind a column's type."""
    return statement(f"CREATE TABLE t (c bigint {text})").tableElts[0].constraints[0]


def role(name: str) -> Any:
    """A role in a statement."""
    if name == "PUBLIC":
        return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_PUBLIC)
    return ast.RoleSpec(roletype=RoleSpecType.ROLESPEC_CSTRING, rolename=name)


def put(**values: Any) -> Callable[[Any], None]:
    """Set attributes."""

    def edit(tree: Any) -> None:
        for name, value in values.items():
            setattr(tree, name, value)

    return edit


def append(name: str, *new: Any) -> Callable[[Any], None]:
    """Add to a list."""
    return lambda tree: setattr(tree, name, (*(getattr(tree, name) or ()), *new))


def within(name: str, place: int, edit: TreeEdit) -> Callable[[Any], None]:
    """Edit one element of a list, or take it out."""

    def change(tree: Any) -> None:
        elements = getattr(tree, name)
        if edit is None:
            setattr(tree, name, without(elements, place))
        else:
            edit(elements[place])

    return change


def without(elements: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """Leave one out."""
    return elements[:place] + elements[place + 1 :]


def meaning(node: Any) -> object:
    """A parse tree without its positions, to compare."""
    if isinstance(node, ast.Node):
        fields = [name for name in node if not _POSITIONS.search(name)]
        return type(node).__name__, tuple((name, meaning(getattr(node, name))) for name in fields)
    if isinstance(node, tuple):
        return tuple(meaning(each) for each in node)
    return node


def written(node: Any) -> str:
    """Write a tree as SQL; a copy of it, since the printer leaves its marks."""
    return RawStream()(copy.deepcopy(node)).strip()


def lines(node: Any) -> list[str]:
    """Write a tree as SQL, on several lines."""
    return IndentedStream()(copy.deepcopy(node)).splitlines()
