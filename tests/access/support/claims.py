"""The claims of access tokens on which access turns: the values and the columns that they are compared with."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.access.support.expressions import COLUMN, CONSTANT, CONSTANTS, LITERAL, Expression, plain, values_of

SETTING = r"(?:NULLIF\(\) )?current_setting\(\) 'request\.jwt\.claims'(?: , \w+)?(?: , '')?"
CLAIM = rf"(?:auth \. jwt\(\)|{SETTING})(?P<path>(?: ->>? {LITERAL})+)(?: , (?:{LITERAL}|NULL))?"
LISTED = r"(?:SELECT )?(?P<listed>jsonb?_array_elements(?:_text)?\(\) )?(?:NULLIF\(\) |COALESCE\(\) )?"
OF_CONSTANTS = (
    re.compile(rf"{CLAIM} (?P<operator>=|IN|\?|@>) {CONSTANTS}", re.IGNORECASE),
    re.compile(rf"(?P<values>{CONSTANT}) (?P<operator>=|IN) (?:ANY )?{LISTED}{CLAIM}", re.IGNORECASE),
)
OF_COLUMNS = (
    re.compile(rf"{LISTED}{CLAIM} (?P<operator>=|IN|\?) {COLUMN}", re.IGNORECASE),
    re.compile(rf"{COLUMN} (?P<operator>=|IN) (?:ANY )?{LISTED}{CLAIM}", re.IGNORECASE),
)
TRUTH = re.compile(rf"{CLAIM} (?:::bool|IS (?:NOT )?(?:TRUE|FALSE|DISTINCT))", re.IGNORECASE)
# A function that returns a claim and no more.
RETURNS_A_CLAIM = re.compile(
    rf"(?:BEGIN (?:ATOMIC )?)?(?:RETURN )?{LISTED}(?P<claim>{CLAIM})(?: ::bool)?(?: ;)?(?: END)?(?: ;)?", re.IGNORECASE
)
EMAIL = "auth . email()", "auth . jwt() ->> 'email'"
# What every token has: a user's own, no other value of which makes another identity.
OF_EVERY_TOKEN = {("sub",), ("role",), ("aud",), ("iss",), ("phone",)}


@dataclass(frozen=True)
class Claim:
    """A value that a claim is compared with; `asked_of` are the objects whose access may turn on it."""

    path: tuple[str, ...]
    value: object
    asked_of: frozenset[str]

    def __str__(self) -> str:
        """Write it as the record has it."""
        value = self.value if isinstance(self.value, str) else json.dumps(self.value)
        return f"{'.'.join(self.path)} = {' '.join(value.split())}"


@dataclass(frozen=True)
class ColumnOfClaim:
    """A column that a claim is compared with: of a table, or of any (None) where no policy says so."""

    path: tuple[str, ...]
    table: str | None
    column: str
    is_listed: bool

    def is_of(self, table: str, column: str) -> bool:
        """Whether it is this column."""
        return self.column == column and self.table in (None, table)


@dataclass(frozen=True)
class Claims:
    """The claims that the expressions of a project name; of those of columns, the objects that may turn on each."""

    values: Sequence[Claim]
    columns: Sequence[ColumnOfClaim]
    asked_of: Mapping[tuple[str, ...], frozenset[str]]


def claims(expressions: Sequence[Expression]) -> Claims:
    """Find the claims in expressions, also behind functions that return one."""
    texts = _with_claims([(each, plain(each.text)) for each in expressions])
    columns = [*_columns(texts)]
    of = {path: {name for name, each in columns if each.path == path} for path in {each.path for _, each in columns}}
    asked_of = {path: _asked_of(names, texts) for path, names in sorted(of.items())}
    return Claims([*_values(texts)], [*dict.fromkeys(each for _, each in columns)], asked_of)


def _with_claims(texts: Sequence[tuple[Expression, str]]) -> list[tuple[Expression, str]]:
    """Write the claim where a function that returns it is called."""
    matches = [(each.of, RETURNS_A_CLAIM.fullmatch(text)) for each, text in texts if each.kind == "function"]
    returned = {" . ".join(name.split(".")) + "()": match["claim"] for name, match in matches if match}
    returned |= dict([EMAIL])
    calls = re.compile("|".join(map(re.escape, returned)))
    return [(each, calls.sub(lambda call: returned[call[0]], text)) for each, text in texts]


def _values(texts: Sequence[tuple[Expression, str]]) -> Iterator[Claim]:
    found: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for expression, text in texts:
        for path, value in _compared(text):
            if path not in OF_EVERY_TOKEN:
                found.setdefault((path, json.dumps(value)), set()).add(expression.of)
    for (path, value), of in sorted(found.items()):
        yield Claim(path, json.loads(value), _asked_of(of, texts))


def _compared(text: str) -> Iterator[tuple[tuple[str, ...], object]]:
    for found in TRUTH.finditer(text):
        yield _path(found), True
    for found in (found for pattern in OF_CONSTANTS for found in pattern.finditer(text)):
        for value, _ in values_of(found):
            yield _path(found), [value] if _is_listed(found) else _of_json(value, found)


def _columns(texts: Iterable[tuple[Expression, str]]) -> Iterator[tuple[str, ColumnOfClaim]]:
    for expression, text in texts:
        table = expression.of if expression.kind == "policy" else None
        for found in (found for pattern in OF_COLUMNS for found in pattern.finditer(text)):
            if _path(found) not in OF_EVERY_TOKEN | {("email",)}:
                yield expression.of, ColumnOfClaim(_path(found), table, found["column"], _is_listed(found))


def _path(found: re.Match[str]) -> tuple[str, ...]:
    return tuple(each[1:-1] for each in re.findall(LITERAL, found["path"]))


def _is_listed(found: re.Match[str]) -> bool:
    """Whether the claim holds a list, in which the value is looked for."""
    return found["operator"] == "?" or bool(found.groupdict().get("listed"))


def _of_json(value: str, found: re.Match[str]) -> object:
    """Return what a claim holds that is equal to a constant: `->` compares JSON, `->>` its text."""
    if value in ("true", "false"):
        # Of a claim that is compared with false, true is the value that tokens have not.
        return True
    if found["path"].rpartition(" '")[0].endswith("->>"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _asked_of(of: Iterable[str], texts: Sequence[tuple[Expression, str]]) -> frozenset[str]:
    """Name the objects of expressions, and those whose expressions name one of them, and so on."""
    found, names = set(of), {each.rpartition(".")[2] for each in of}
    while more := {each.of for each, text in texts if each.of not in found and names & {*re.findall(r"\w+", text)}}:
        found |= more
        names |= {each.rpartition(".")[2] for each in more}
    return frozenset(found)
