"""The small changes of an expression: each yields the operator, what was changed, and the changed expression."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType

from tests.selftest.mutation.source import expression, shown

COMPARISONS = {
    "=": ("<>", ">=", "<="),
    "<>": ("=",),
    ">": (">=", "<", "=", "<>"),
    ">=": (">", "<=", "=", "<>"),
}
FUNCTIONS = {"char_length": ("octet_length", "bit_length"), "now": ("clock_timestamp", "statement_timestamp")}
# Columns that could be taken for one another.
COLUMNS = {
    "session_token": ("report_token", "pricing_tier"),
    "payment_status": ("pricing_tier",),
    "created_at": ("last_active_at",),
    "last_active_at": ("expires_at",),
    "expires_at": ("created_at", "last_active_at"),
    "id": (),
}
TEXTS = {
    "request.headers": ("request.header", "request.jwt.claims"),
    "x-session-token": ("X-Session-Token", "x_session_token", "session-token"),
    "completed": ("complete", "Completed", "pending"),
}

Variant = tuple[str, str, Any]


def variants(node: Any) -> Iterator[Variant]:
    """Every expression that differs from this one in one place."""
    yield from _here(node)
    for name in list(node):
        value: Any = getattr(node, name)
        if isinstance(value, tuple):
            for index, each in enumerate(value):
                if isinstance(each, ast.Node):
                    for operator, change, new in variants(each):
                        yield operator, change, _with(node, name, (*value[:index], new, *value[index + 1 :]))
        elif isinstance(value, ast.Node) and not isinstance(value, ast.TypeName | ast.SelectStmt):
            for operator, change, new in variants(value):
                yield operator, change, _with(node, name, new)
        elif isinstance(value, ast.SelectStmt):
            targets: Any = value.targetList
            (target,) = targets
            for operator, change, new in variants(target.val):
                yield operator, change, _with(node, name, _with(value, "targetList", (_with(target, "val", new),)))


def _here(node: Any) -> Iterator[Variant]:
    match type(node).__name__:
        case "BoolExpr":
            other = BoolExprType.OR_EXPR if node.boolop == BoolExprType.AND_EXPR else BoolExprType.AND_EXPR
            yield "LOGIC", "AND to OR", _with(node, "boolop", other)
            for index, gone in enumerate(node.args):
                rest = node.args[:index] + node.args[index + 1 :]
                yield "CONJUNCT", f"without {shown(gone)}", rest[0] if len(rest) == 1 else _with(node, "args", rest)
        case "A_Expr" if node.kind == A_Expr_Kind.AEXPR_OP:
            sign = node.name[-1].sval
            for new in COMPARISONS.get(sign, ()):
                yield "COMPARISON", f"{sign} to {new}", _with(node, "name", (ast.String(sval=new),))
        case "A_Expr" if node.kind == A_Expr_Kind.AEXPR_NULLIF:
            yield "NULLIF", "dropped", node.lexpr
            yield "NULLIF", "of a blank", _with(node, "rexpr", expression("' '"))
        case "SubLink":
            yield "SUBSELECT", "unwrapped", node.subselect.targetList[0].val
        case "FuncCall":
            name = node.funcname[-1].sval
            for new in FUNCTIONS.get(name, ()):
                yield "FUNCTION", f"{name} to {new}", _with(node, "funcname", (ast.String(sval=new),))
        case "ColumnRef":
            name = node.fields[-1].sval
            for new in COLUMNS.get(name, ()):
                yield "COLUMN", f"{name} to {new}", expression(new)
        case "A_Const":
            yield from _of_constant(node.val)


def _of_constant(value: Any) -> Iterator[Variant]:
    match type(value).__name__:
        case "Integer":
            for number in (value.ival - 1, value.ival + 1):
                yield "CONSTANT", f"{value.ival} to {number}", expression(str(number))
        case "Boolean":
            yield "CONSTANT", f"{value.boolval} to {not value.boolval}", expression(str(not value.boolval))
        case "String":
            for text in TEXTS.get(value.sval, ()):
                yield "TEXT", f"{value.sval} to {text}", expression(f"'{text}'")


def _with(node: Any, name: str, value: object) -> Any:
    new = copy.copy(node)
    setattr(new, name, value)
    return new
