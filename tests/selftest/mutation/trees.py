"""Parse trees: parsed, changed, compared and written as SQL again."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pglast
from pglast import ast
from pglast.enums import RoleSpecType
from pglast.stream import IndentedStream, RawStream

from tests.harness.migrations.edits import ParsedStatement

# Changes a tree in place; where it is None, the statement is taken out.
TreeEdit = Callable[[Any], None] | None
# An operator, the change, and how it is made.
Trial = tuple[str, str, TreeEdit]


class Change(NamedTuple):
    """What an operator does to a statement: its name, the thing that it changes, and how."""

    operator: str
    thing: str
    change: str
    edit: TreeEdit
    # Where in the file, if not at the statement's beginning; and what cannot stay, as a dropped column's comment.
    at: int | None = None
    also: Sequence[ParsedStatement] = ()


def statement(text: str) -> Any:
    """Parse one statement."""
    return pglast.parse_sql(text)[0].stmt


def expression(text: str) -> Any:
    """Parse an expression."""
    return statement(f"SELECT {text}").targetList[0].val


def role(name: str) -> Any:
    """A role in a statement."""
    public, named = RoleSpecType.ROLESPEC_PUBLIC, RoleSpecType.ROLESPEC_CSTRING
    return ast.RoleSpec(roletype=public) if name == "PUBLIC" else ast.RoleSpec(roletype=named, rolename=name)


def strings(*texts: str) -> tuple[Any, ...]:
    """Names in a list of a statement."""
    return tuple(ast.String(sval=each) for each in texts)


def put(**values: Any) -> Callable[[Any], None]:
    """Set attributes."""

    def edit(tree: Any) -> None:
        for name, value in values.items():
            setattr(tree, name, value)

    return edit


def append(name: str, *new: Any) -> Callable[[Any], None]:
    """Add to a list."""
    return lambda tree: setattr(tree, name, (*(getattr(tree, name) or ()), *new))


def of(name: str, edit: Callable[[Any], None]) -> Callable[[Any], None]:
    """Edit a part."""
    return lambda tree: edit(getattr(tree, name))


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


def written(node: Any) -> str:
    """Write a tree as SQL; a copy of it, since the printer leaves its marks."""
    return RawStream()(copy.deepcopy(node)).strip()


def lines(node: Any) -> list[str]:
    """Write a tree as SQL, on several lines."""
    return IndentedStream()(copy.deepcopy(node)).splitlines()
