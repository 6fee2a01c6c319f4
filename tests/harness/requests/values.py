"""The values of a column's type: which it holds, as what it stores them, and which are worth trying."""

from __future__ import annotations

import datetime
import ipaddress
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.harness.catalog.objects import Domain, Enum
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.outcomes import Refused
from tests.harness.core.timestamps import HOUR, INFINITY, MINUS_INFINITY, SECOND, Offset
from tests.harness.requests.expressions import EXACT, UNKNOWN, kind_of

# All that a PostgreSQL text can hold: no NUL, and no half of a surrogate pair.
CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
BITS = {"smallint": 16, "integer": 32, "bigint": 64}
MISFITS = {**dict.fromkeys((*BITS, "numeric"), "22003"), "character varying": "22001", "enum": "22P02"}

# Of each type the values on which something usually turns, the plainest first.
COMMON: Mapping[str, tuple[Any, ...]] = {
    **{name: (1, 0, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 2 ** (bits - 1)) for name, bits in BITS.items()},
    "numeric": tuple(map(Decimal, ("1", "0", "-1", "0.5", "1E-30", "1E+30"))),
    **dict.fromkeys(("real", "double precision"), (1.0, 0.0, -1.5, 2.0**70, 2.0**-70)),
    **dict.fromkeys(("text", "character varying"), ("x", "", " ", "é", "😀", "%", "\\", "'", "x" * 60)),
    "boolean": (True, False),
    "timestamp with time zone": (*map(Offset, (0, 1, -1, SECOND, -HOUR, 48 * HOUR)), INFINITY, MINUS_INFINITY),
    "date": tuple(map(datetime.date, (2026, 2025, 2024, 1, 9999), (1, 12, 2, 1, 12), (1, 31, 29, 1, 31))),
    "uuid": (uuid.UUID(int=1), uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)),
    **dict.fromkeys(("json", "jsonb"), ({}, [], 0, "x", False, {"a": [1, "é", None]})),
    "bytea": (b"x", b"", b"\0", b"\xff" * 60),
    "inet": tuple(map(ipaddress.ip_address, ("192.0.2.1", "2001:db8::1"))),
    "interval": (datetime.timedelta(hours=1), datetime.timedelta(0), datetime.timedelta(days=-1)),
}


LEAVES = st.one_of(st.integers(-(10**6), 10**6), st.text(CHARACTERS, max_size=4), st.booleans())
ITEMS = st.one_of(st.none(), LEAVES)
OBJECTS = st.dictionaries(st.text(CHARACTERS, max_size=4), ITEMS, max_size=3)
DRAWN: Mapping[str, SearchStrategy[Any]] = {
    **{name: st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in BITS.items()},
    "numeric": st.decimals(-(10**6), 10**6, allow_nan=False, places=2),
    "real": st.floats(allow_nan=False, width=32),
    "double precision": st.floats(allow_nan=False),
    **dict.fromkeys(("text", "character varying"), st.text(CHARACTERS, max_size=8)),
    "uuid": st.uuids(),
    "bytea": st.binary(max_size=8),
    "date": st.dates(),
    **dict.fromkeys(("json", "jsonb"), st.one_of(LEAVES, st.lists(ITEMS, max_size=3), OBJECTS)),
}


@dataclass(frozen=True)
class Type:
    """A type: its name without modifiers (of a domain, that beneath it), its modifiers, its labels if it is an enum."""

    name: str
    modifiers: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    element: Type | None = None
    domains: tuple[Domain, ...] = ()

    @property
    def kind(self) -> str:
        """What its values are compared with (see expressions.KINDS)."""
        return "enum" if self.labels else "array" if self.element else kind_of(self.name)

    @property
    def misfit(self) -> Refused:
        """How a value is refused that it does not hold."""
        return self.element.misfit if self.element else Refused(MISFITS.get("enum" if self.labels else self.name, ""))

    def stored(self, value: Any) -> Any:
        """Return the value that is kept of one: PostgreSQL rounds half away from zero, and cuts blanks off."""
        if value is None or value is UNKNOWN or not self.modifiers:
            return value
        if self.name == "numeric":
            return Decimal(value).quantize(Decimal(1).scaleb(-self.modifiers[1]), ROUND_HALF_UP, EXACT)
        return value[: self.modifiers[0]] if self.name == "character varying" else value

    def holds(self, value: Any) -> bool:
        """Whether a value is one of the type's."""
        if value is None or value is UNKNOWN:
            return True
        if self.element is not None:
            return all(map(self.element.holds, value))
        if self.name in BITS:
            return bool(-(2 ** (BITS[self.name] - 1)) <= value < 2 ** (BITS[self.name] - 1))
        if self.name == "numeric" and self.modifiers:
            return bool(abs(self.stored(value)) < 10 ** (self.modifiers[0] - self.modifiers[1]))
        if self.name == "character varying" and self.modifiers:
            return not value[self.modifiers[0] :].strip(" ")
        return not self.labels or value in self.labels

    def common(self) -> list[Any]:
        """List values on which something usually turns, the plainest first; some of them it does not hold."""
        if self.labels:
            return [*self.labels, "no label"]
        if self.element is not None:
            return [[], *([each] for each in self.element.common()), self.element.common()[:2] * 2]
        found = list(COMMON.get(self.name, ()))
        if self.name == "numeric" and self.modifiers:
            whole, last = 10 ** (self.modifiers[0] - self.modifiers[1]), Decimal(1).scaleb(-self.modifiers[1])
            found += [whole - last, last - whole, Decimal(whole), last / 2, -last / 2]
        if self.name == "character varying" and self.modifiers:
            found += [each * (self.modifiers[0] + more) for more in (0, 1) for each in "xé"]
        return found

    def around(self, constant: Any) -> list[Any]:
        """List values on either side of a constant that a rule compares a value of the type with, or its length."""
        if type(constant) not in (int, Decimal):
            return [constant] if type(constant) in map(type, self.common()) else []
        if self.kind == "text":
            return [each * max(0, int(constant) + more) for more in (0, 1, -1) for each in "xé"]
        if self.element is not None:
            return [self.element.common()[:1] * max(0, int(constant) + more) for more in (0, 1, -1)]
        if self.kind == "number":
            step = Decimal(1).scaleb(-self.modifiers[1]) if self.name == "numeric" and self.modifiers else 1
            number = {"numeric": Decimal, "real": float, "double precision": float}.get(self.name, int)
            return [number(constant + more) for more in (0, step, -step)]
        return []

    def drawn(self) -> SearchStrategy[Any] | None:
        """Return values drawn at random; None if the common ones are all that is known of the type."""
        if self.element is not None:
            inner = self.element.drawn()
            return st.sampled_from(self.common()) if inner is None else st.lists(inner, max_size=3)
        return None if self.labels else DRAWN.get(self.name)


def type_of(name: str, table: TableSpec) -> Type:
    """Return the type of that name, as PostgreSQL prints it, with what the table's spec says of it."""
    declared = {each.name: each for each in table.types}
    if name.endswith("[]"):
        return Type(name, element=type_of(name.removesuffix("[]"), table))
    match declared.get(name):
        case Enum(labels=labels):
            return Type(name, labels=labels)
        case Domain(type=beneath) as domain:
            inner = type_of(beneath, table)
            return Type(inner.name, inner.modifiers, inner.labels, inner.element, (*inner.domains, domain))
    modifiers = re.search(r"\(([\d,]+)\)", name)
    bare = re.sub(r"\([\d,]+\)", "", name)
    return Type(bare, tuple(map(int, modifiers[1].split(","))) if modifiers else ())
