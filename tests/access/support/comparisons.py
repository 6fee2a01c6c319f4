"""What the expressions of a project compare columns with: literals, numbers, and lengths."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.access.support.expressions import COLUMN, CONSTANT, CONSTANTS, LITERAL, Expression, plain, values_of

COMPARED = re.compile(rf"{COLUMN} (?:=|<>|!=|~~|(?:NOT )?IN|(?:NOT )?I?LIKE|<|>|<=|>=) {CONSTANTS}", re.IGNORECASE)
TURNED = re.compile(rf"(?<!->> )(?<!-> )(?P<values>{CONSTANT}) (?:=|<>|<=|>=|<|>) {COLUMN}", re.IGNORECASE)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Of a text, or of what another function makes of it.
MEASURED = rf"\w*length\(\) (?:\w+\(\) )*{COLUMN}(?: , {LITERAL})?"
LENGTHS = (
    re.compile(rf"{MEASURED} (?:=|>=|<=|>|<) (?P<number>\d+)", re.IGNORECASE),
    re.compile(rf"(?P<number>\d+) (?:=|>=|<=|>|<) {MEASURED}", re.IGNORECASE),
)


@dataclass(frozen=True)
class Constants:
    """What the expressions of a project compare columns with, by the column's name; the names in all but checks."""

    values: Mapping[str, Sequence[str]]
    numbers: Mapping[str, Sequence[str]]
    lengths: Mapping[str, Sequence[int]]
    named: frozenset[str]
    in_policies: frozenset[str]


def constants(expressions: Sequence[Expression]) -> Constants:
    """Find what columns are compared with."""
    values: dict[str, list[str]] = {}
    numbers: dict[str, list[str]] = {}
    lengths: dict[str, list[int]] = {}
    named: set[str] = set()
    in_policies: set[str] = set()
    for expression in expressions:
        text = plain(expression.text)
        if expression.kind != "check":
            named |= (words := set(re.findall(r"\w+", expression.text)))
            in_policies |= words if expression.kind == "policy" else set()
        for found in (*COMPARED.finditer(text), *TURNED.finditer(text)):
            for value, is_literal in values_of(found):
                if is_literal:
                    values.setdefault(found["column"], []).append(value)
                if NUMBER.fullmatch(value):
                    numbers.setdefault(found["column"], []).append(value)
        for found in (found for pattern in LENGTHS for found in pattern.finditer(text)):
            lengths.setdefault(found["column"], []).append(int(found["number"]))
    for every in (values, numbers):
        for name in every:
            every[name] = [*dict.fromkeys(every[name])]
    return Constants(values, numbers, lengths, frozenset(named), frozenset(in_policies))
