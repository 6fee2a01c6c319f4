"""Values for a column of a row that belongs to somebody, the plainest first: text as PostgreSQL reads it, or None."""

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.access.support.comparisons import Constants
from tests.access.support.objects import Column

# What each owner's texts and UUIDs begin with, so that they are recognised wherever they come out.
MARKS = {"A": "aaaaaaaa", "B": "bbbbbbbb", "member": "cccccccc", "nobody": "dddddddd", "shared": "eeeeeeee"}
OWNERS = tuple(MARKS)

GEOMETRIC = {
    "point": "({},{})",
    "line": "{{1,{},{}}}",
    **dict.fromkeys(("box", "lseg", "path", "polygon"), "((0,0),({},{}))"),
    "circle": "<({},{}),1>",
}
# The time of the statement that tries it.
NOW = "now() - interval '0'"
# When something began lies before all else.
BEGINS = re.compile("creat|start|begin|insert|join|issued|from")
SHAPES = (("mail", "{m}@example.org"), ("url|link|website", "https://example.org/{m}"))
PATTERNS = {"@": "{m}@example.org", "http": "https://example.org/{m}", "#": "#888888", r"\+": "+49301234567"}


@dataclass(frozen=True)
class Candidates:
    """What may stand in a column: values on which a rule may turn, each wanted, and others, where these fail."""

    turning: Sequence[str | None]
    others: Sequence[str | None] = ()

    def at(self, number: int) -> str | None:
        """Return the candidate of that number, the turning ones first, round and round."""
        every = [*self.turning, *self.others]
        return every[number % len(every)]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.turning) + len(self.others)


def candidates(column: Column, table: str, owner: str, number: int, known: Constants) -> Candidates:
    """List what may stand in a column of the owner's row of that number, where no key decides it."""
    seed = zlib.crc32(f"{table}.{column.name}".encode()) & 0xFFFF
    mark, whose, base = MARKS[owner], OWNERS.index(owner) + 1, column.base
    text = f"{mark}{number:02x}{seed:04x}"
    given = known.values.get(column.name, ())
    is_named, may_be_null = column.name in known.named, not column.not_null
    if column.labels and column.category != "A":
        return Candidates(column.labels)
    if column.category == "B":
        return Candidates(("true", "false"))
    if base in ("date", "timestamp", "timestamptz"):
        if BEGINS.search(column.name):
            return Candidates([f"now() - interval '{number + 30} days'"], [f"now() - interval '{number + 1} minutes'"])
        future, past, long_ago = (
            f"now() {sign} interval '{number + days} days'" for sign, days in (("+", 1), ("-", 1), ("-", 30))
        )
        unset = [None] * (is_named and may_be_null)
        return Candidates([*unset, future, past, NOW] if is_named else [long_ago], (future, past, long_ago))
    if column.category == "N":
        around = [
            str(float(each) + more).removesuffix(".0")
            for each in known.numbers.get(column.name, ())
            for more in (0, 1, -1)
        ]
        return Candidates(
            [*dict.fromkeys(around), str(whose * 1000 + number)][:6], (str(number), str(whose), "0", "0.5")
        )
    unset = [None] * (is_named and may_be_null)
    if base in ("text", "varchar", "bpchar", "citext", "name"):
        more = list(known.lengths.get(column.name, ()))
        fitting = [text.ljust(length, "0")[:length] for length in more] + [text[:length] for length in more]
        shapes = [each.format(m=text) for each in PATTERNS.values()]
        plain = next((shape for words, shape in SHAPES if re.search(words, column.name)), "{m}").format(m=text)
        cut = slice(column.longest)
        turning = [each if each is None else each[cut] for each in (*given[:6], plain, *unset)]
        return Candidates(turning, [each[cut] for each in (text, *fitting, *shapes, "DE", "EUR", "de", "a")])
    made = {
        "uuid": f"{mark}-{seed:04x}-4000-8000-{number:012x}",
        **dict.fromkeys(("json", "jsonb"), json.dumps({"mark": text})),
        "bytea": f"\\x{text}",
        **dict.fromkeys(("inet", "cidr"), f"10.{whose}.0.{number}/32"),
        **dict.fromkeys(("time", "timetz"), f"{number % 24:02}:00"),
        "interval": f"{number + 1} hours",
        **dict.fromkeys(("vector", "halfvec"), f"[{', '.join(['1'] * _length(column))}]"),
        **dict.fromkeys(("geometry", "geography"), f"POINT({whose} {number % 90})"),
        "macaddr": f"08:00:2b:00:{whose:02x}:{number % 256:02x}",
        "macaddr8": f"08:00:2b:00:00:00:{whose:02x}:{number % 256:02x}",
        "bit": f"{number:b}".zfill(_length(column, 1))[-_length(column, 1) :],
        "varbit": "1",
        "xml": f"<mark>{text}</mark>",
        "hstore": f"mark=>{text}",
        **{name: shape.format(whose, number) for name, shape in GEOMETRIC.items()},
    }
    if base in made:
        # Of bytea, two digits a byte.
        sizes = [2 * length + 2 for length in known.lengths.get(column.name, ())]
        sized = [made[base].ljust(size, "0")[:size] for size in sizes]
        return Candidates([made[base], *unset], ("{}", "[]", *sized))
    if column.category == "A":
        labels = [f"{{{label}}}" for label in (column.labels or ())[:1]]
        return Candidates(["{}", *unset], [*labels, f"{{{text}}}", f"{{{number}}}", f"{{{made['uuid']}}}"])
    if column.category == "R":
        # Of each row others, so that no two overlap.
        first, day = whose * 1000 + 2 * number, date(2030, 1, 1) + timedelta(days=whose * 400 + 2 * number)
        whole = f"[{day},{day + timedelta(days=1)})" if re.match("d|ts", base) else f"[{first},{first + 1})"
        return Candidates([f"{{{whole}}}" if "multi" in base else whole, *unset], ("empty",))
    # Of a composite type, with so many fields, all empty.
    fields = ["()", "(,)", "(,,)", "(,,,)"] if column.category == "C" else []
    return Candidates([None] if may_be_null else [*fields, text], (text, "1", "{}", ""))


def _length(column: Column, otherwise: int = 3) -> int:
    """Return the length that stands in a type's name, such as vector(3)."""
    found = re.search(r"\((\d+)\)", column.type)
    return int(found[1]) if found else otherwise


def trait(value: str | None, known: Iterable[str]) -> str:
    """Say what a policy may see in a value: one that is compared with, that there is none, or when it is."""
    if value is None or value in known:
        return "null" if value is None else value
    return ("in the past" if " - " in value else "in the future") if is_expression(value) else "another"


def is_expression(value: str | None) -> bool:
    """Whether a value is an expression of time, and no literal."""
    return value is not None and value.startswith("now() ")
