"""SQL expressions of one row, evaluated in Python: those of CHECKs, defaults, generated columns and index keys.

What is not understood is refused, not guessed: the order of texts is the collation's, a regular expression is
PostgreSQL's own.
"""

import datetime
import operator
import re
import struct
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from enum import Enum
from typing import Any

import pglast
from pglast import ast
from pglast.enums import A_Expr_Kind as How
from pglast.enums import BoolExprType, NullTestType
from pglast.stream import RawStream

from tests.harness.catalog.called_functions import nodes
from tests.harness.core.timestamps import HOUR, SECOND, Timestamp


class Unknown(Enum):
    """Stands for a value that the database alone knows, as the next one of a sequence."""

    UNKNOWN = "whatever the database gives"


UNKNOWN = Unknown.UNKNOWN
Row = Mapping[str, Any]
Evaluate = Callable[[Row], Any]
# The key in a row under which the transaction's time is found.
NOW = "now()"
EXACT = Context(prec=1000)
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# What values of a type are, and so what they are compared with; an enum's kind is `enum`, an array's `array`.
KINDS = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), "number"),
    **dict.fromkeys(("text", "character varying", "varchar"), "text"),
    "timestamp with time zone": "timestamptz",
    **{name: name for name in ("boolean", "date", "uuid", "bytea", "interval")},
}
ORDERED = {"number", "timestamptz", "date", "boolean", "uuid", "bytea"}
EQUALITY: Mapping[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "<>": operator.ne}
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
ARITHMETIC = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
FUNCTIONS: Mapping[tuple[str, str], tuple[str, Callable[[Any], Any]]] = {
    **{(name, "text"): ("number", len) for name in ("char_length", "character_length", "length")},
    ("octet_length", "text"): ("number", lambda text: len(text.encode())),
    ("octet_length", "bytea"): ("number", len),
    ("length", "bytea"): ("number", len),
    ("cardinality", "array"): ("number", len),
    ("btrim", "text"): ("text", lambda text: text.strip(" ")),
    # Beyond ASCII the database's locale decides.
    ("lower", "text"): ("text", lambda text: text.lower() if text.isascii() else UNKNOWN),
    ("upper", "text"): ("text", lambda text: text.upper() if text.isascii() else UNKNOWN),
}


class NotUnderstood(Exception):
    """The expression holds what is not evaluated here; the text is that part of it."""


@dataclass
class Expression:
    """An expression: the columns and the constants in it, and how to evaluate it on a row."""

    kinds: Mapping[str, str]
    columns: set[str] = field(default_factory=set)
    constants: list[Any] = field(default_factory=list)
    value: Evaluate = lambda _: None

    def read(self, node: Any) -> tuple[str, Evaluate]:
        """Read one node of a parse tree: the kind of its value, and how to evaluate it. Raises NotUnderstood."""
        match node:
            case ast.ColumnRef(fields=[ast.String(sval=str(column))]):
                self.columns.add(column)
                return self._known(self.kinds.get(column), node), lambda row: row[column]
            case ast.A_Const():
                return self._constant(*_literal(node))
            case ast.TypeCast(arg=ast.A_Const(val=ast.String(sval=str(text))), typeName=ast.TypeName() as name):
                kind = kind_of(RawStream()(name))
                return self._constant(kind, self._known(PARSERS[kind](text) if kind in PARSERS else None, node))
            case ast.TypeCast(typeName=ast.TypeName(typmods=None) as name):
                target, (inner, value) = RawStream()(name), self.read(node.arg)
                kind = self._known(inner if inner == kind_of(target) else None, node)
                return kind, _strict(CASTS[target], value) if target in CASTS else value
            case ast.A_ArrayExpr(elements=elements):
                items = [self.read(each) for each in elements or ()]
                return "array", lambda row: [item(row) for _, item in items]
            case ast.NullTest():
                _, value = self.read(node.arg)
                wanted = node.nulltesttype == NullTestType.IS_NULL
                return "boolean", lambda row: UNKNOWN if value(row) is UNKNOWN else (value(row) is None) == wanted
            case ast.BoolExpr(boolop=BoolExprType.NOT_EXPR, args=[argument]):
                return "boolean", _strict(operator.not_, self.read(argument)[1])
            case ast.BoolExpr(args=arguments):
                parts = [self.read(each)[1] for each in arguments or ()]
                every = node.boolop == BoolExprType.AND_EXPR
                return "boolean", lambda row: _joined([part(row) for part in parts], every)
            case ast.SQLValueFunction() | ast.FuncCall(args=None):
                called = RawStream()(node).lower()
                kind = self._known("timestamptz" if called in ("now()", "current_timestamp") else None, node)
                return kind, lambda row: row[NOW]
            case ast.FuncCall(funcname=[*_, ast.String(sval=str(called))], args=[argument]):
                kind, value = self.read(argument)
                result, function = self._known(FUNCTIONS.get((called, kind)), node)
                return result, _strict(function, value)
            case ast.A_Expr(lexpr=left, rexpr=right) if left is not None:
                return self._operator(node, self.read(left), self.read(right))
        raise NotUnderstood(RawStream()(node))

    def _operator(self, node: Any, left: tuple[str, Evaluate], right: tuple[str, Evaluate]) -> tuple[str, Evaluate]:
        symbol, (one, a), (other, b) = node.name[-1].sval, left, right
        kinds = {one, other} - {"constant"}
        alike = len(kinds) == 1 and kinds <= set(KINDS.values()) | {"enum", "array"}
        if node.kind in (How.AEXPR_OP_ANY, How.AEXPR_OP_ALL) and symbol in EQUALITY and other == "array":
            each = _strict(lambda value, items: [EQUALITY[symbol](value, item) for item in items], a, b)
            every = node.kind == How.AEXPR_OP_ALL
            return "boolean", lambda row: _joined(found, every) if isinstance(found := each(row), list) else found
        if node.kind != How.AEXPR_OP:
            raise NotUnderstood(RawStream()(node))
        if alike and (compare := EQUALITY.get(symbol) or (ORDER.get(symbol) if kinds <= ORDERED else None)):
            return "boolean", _strict(compare, a, b)
        if kinds == {"number"} and symbol in ARITHMETIC:
            return "number", _strict(lambda x, y: ARITHMETIC[symbol](Decimal(x), Decimal(y)), a, b)
        if kinds == {"text"} and symbol == "||":
            return "text", _strict(operator.add, a, b)
        if (one, other) == ("timestamptz", "interval") and symbol in ("+", "-"):
            return one, _strict(lambda x, y: Timestamp(x + y if symbol == "+" else x - y), a, b)
        raise NotUnderstood(RawStream()(node))

    def _constant(self, kind: str, value: Any) -> tuple[str, Evaluate]:
        self.constants.append(value)
        return kind, lambda _: value

    def _known(self, found: Any, node: Any) -> Any:
        if found is None:
            raise NotUnderstood(RawStream()(node))
        return found


def of_check(definition: str, kinds: Mapping[str, str]) -> Expression:
    """Understand a CHECK as PostgreSQL prints it, with the kinds of its columns. Raises NotUnderstood."""
    return _understood(parse_constraint(definition).raw_expr, kinds)


def of_text(text: str, kinds: Mapping[str, str]) -> Expression:
    """Understand an expression as PostgreSQL prints it, with the kinds of its columns. Raises NotUnderstood."""
    query: Any = pglast.parse_sql(f"SELECT {text}")[0].stmt
    return _understood(query.targetList[0].val, kinds)


def of_index(definition: str, kinds: Mapping[str, str]) -> tuple[list[Expression], Expression, bool]:
    """Understand an index as PostgreSQL prints it: its keys, its predicate, and whether nulls are equal in it.

    Raises NotUnderstood.
    """
    statement: Any = pglast.parse_sql(definition)[0].stmt
    columns = [each.expr or ast.ColumnRef(fields=(ast.String(sval=each.name),)) for each in statement.indexParams]
    where = statement.whereClause or ast.A_Const(val=ast.Boolean(boolval=True))
    return [_understood(each, kinds) for each in columns], _understood(where, kinds), statement.nulls_not_distinct


def _understood(tree: ast.Node, kinds: Mapping[str, str]) -> Expression:
    expression = Expression(kinds)
    _, expression.value = expression.read(tree)
    return expression


def parse_constraint(definition: str) -> Any:
    """Parse a constraint as PostgreSQL prints it."""
    statement: Any = pglast.parse_sql(f"ALTER TABLE t ADD {definition}")[0].stmt
    return statement.cmds[0].def_


def columns_of(definition: str) -> tuple[str, ...]:
    """Name the columns in a CHECK, understood or not."""
    found = nodes(parse_constraint(definition).raw_expr, ast.ColumnRef)
    return tuple(dict.fromkeys(each.fields[-1].sval for each in found))


def kind_of(type_name: str) -> str:
    """Return the kind of a type's values; another type's is its name, and understood by nothing."""
    bare = re.sub(r"\(.*\)", "", type_name.removeprefix("pg_catalog."))
    return "array" if bare.endswith("[]") else KINDS.get(bare, "enum" if "." in bare else bare)


def _literal(node: Any) -> tuple[str, Any]:
    match node.val:
        case _ if node.isnull:
            return "constant", None
        case ast.Integer(ival=value):
            return "number", value
        case ast.Float(fval=str(digits)):
            return "number", Decimal(digits)
        case ast.Boolean(boolval=value):
            return "boolean", value
        case ast.String(sval=value):
            return "constant", value
    raise NotUnderstood(RawStream()(node))


def _timestamp(text: str) -> Timestamp:
    """Read a timestamptz, which is printed in UTC."""
    return Timestamp((datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(microseconds=1))


def _interval(text: str) -> int | None:
    """Read an interval that has as many microseconds in every time zone: without days and months."""
    time = re.fullmatch(r"(\d+):(\d\d):(\d\d)", text)
    return int(time[1]) * HOUR + (int(time[2]) * 60 + int(time[3])) * SECOND if time else None


# How a text is read that stands before a cast; None if it is not understood.
PARSERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("text", "enum"), str),
    "number": Decimal,
    "uuid": uuid.UUID,
    "date": datetime.date.fromisoformat,
    "timestamptz": _timestamp,
    "interval": _interval,
    "array": lambda text: [] if text == "{}" else None,
}
# What a cast does to a value of the same kind; to other types it does nothing.
CASTS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("smallint", "integer", "bigint"), lambda number: number if number == int(number) else UNKNOWN),
    "double precision": float,
    "real": lambda number: struct.unpack("f", struct.pack("f", number))[0],
}


def _strict(function: Callable[..., Any], *arguments: Evaluate) -> Evaluate:
    """Apply a function as SQL does: of null it makes null, and of a value that is not known one that is not."""

    def applied(row: Row) -> Any:
        values = [argument(row) for argument in arguments]
        if UNKNOWN in values:
            return UNKNOWN
        return None if None in values else function(*values)

    return applied


def _joined(parts: list[Any], every: bool) -> Any:
    """Join truths by AND (`every`) or OR, where null is neither true nor false."""
    if (not every) in parts:
        return not every
    return next((part for part in parts if part is None or part is UNKNOWN), every)
