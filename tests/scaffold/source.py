"""Values and specs as Python source, as a person would write them."""

import datetime
import ipaddress
import textwrap
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from typing import Any

from tests.harness.catalog.objects import Column, Constraint, Domain
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.timestamps import INFINITY, MINUS_INFINITY, Offset, Timestamp

# These stand first in a constructor, without their names.
POSITIONAL = ("name", "type", "definition")
# A number above is written with its exponent.
MOST_DIGITS = 10**12
# A text above is written on several lines.
LONGEST = 80
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE")


def source(value: Any) -> str:
    """Write a value as the expression that makes it."""
    if is_dataclass(value) and not isinstance(value, type):
        given = {each.name: source(getattr(value, each.name)) for each in fields(value) if not _is_default(value, each)}
        bare = [name for name in given if name in POSITIONAL and isinstance(value, (Column, Constraint, Domain))]
        bare = bare or [name for name in ("name",) if not isinstance(value, TableSpec)]
        arguments = [text if name in bare else f"{name}={text}" for name, text in given.items()]
        return f"{type(value).__name__}({', '.join(arguments)})"
    match value:
        case Offset():
            return f"Offset({int(value)})"
        case Timestamp():
            return {INFINITY: "INFINITY", MINUS_INFINITY: "MINUS_INFINITY"}.get(value, f"Timestamp({int(value)})")
        case ipaddress.IPv4Address() | ipaddress.IPv6Address():
            return f"ipaddress.ip_address({str(value)!r})"
        case uuid.UUID():
            return f"uuid.UUID({str(value)!r})"
        case Decimal() if value == value.to_integral_value() and abs(value) < MOST_DIGITS:
            return f"Decimal({int(value)})"
        case datetime.date() | datetime.timedelta() | bool() | None:
            return repr(value)
        case str() if value[-30:] == value[-1:] * 30:
            head = value.rstrip(value[-1])
            return f"{head!r}.ljust({len(value)}, {value[-1]!r})" if head else f"{value[-1]!r} * {len(value)}"
        case str() if len(value) > LONGEST:
            parts = textwrap.wrap(value, LONGEST, expand_tabs=False, replace_whitespace=False, drop_whitespace=False)
            return f"({' '.join(map(repr, parts))})"
        case frozenset():
            return f"frozenset({{{', '.join(map(source, ordered(value)))}}})"
        case tuple() if len(value) == 1:
            return f"({source(value[0])},)"
        case tuple():
            return f"({', '.join(map(source, value))})"
        case list():
            return f"[{', '.join(map(source, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{source(key)}: {source(item)}' for key, item in value.items())}}}"
    return repr(value)


def ordered(privileges: Iterable[str]) -> list[str]:
    """Sort privileges as one says them: SELECT, INSERT, UPDATE, DELETE, then the others."""
    return sorted(privileges, key=lambda each: ([*PRIVILEGES, each].index(each), each))


def _is_default(value: Any, field: Any) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return bool(getattr(value, field.name) == default)
