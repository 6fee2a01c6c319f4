"""The small changes of an expression: each yields the operator, what was changed, and the changed expression."""

import copy
from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, NullTestType

from tests.selftest.mutation.inputs import Inputs
from tests.selftest.mutation.trees import expression, without, written

Variant = tuple[str, str, Any]


def variants(node: Any, inputs: Inputs) -> Iterator[Variant]:
    """Every expression that differs from this one in one place."""
    yield from _here(node, inputs)
    for name in list(node):
        value: Any = getattr(node, name)
        if isinstance(value, tuple):
            for place, each in enumerate(value):
                for operator, change, new in variants(each, inputs) if isinstance(each, ast.Node) else ():
                    yield operator, change, _with(node, name, (*value[:place], new, *value[place + 1 :]))
        elif isinstance(value, ast.Node) and not isinstance(value, ast.TypeName):
            for operator, change, new in variants(value, inputs):
                yield operator, change, _with(node, name, new)


def _here(node: Any, inputs: Inputs) -> Iterator[Variant]:
    # Known to be of one type, a node's attributes may be None.
    tree: Any = node
    match node:
        case ast.BoolExpr(boolop=BoolExprType.NOT_EXPR):
            yield "LOGIC", "without NOT", tree.args[0]
        case ast.BoolExpr():
            conjunction = tree.boolop == BoolExprType.AND_EXPR
            other = BoolExprType.OR_EXPR if conjunction else BoolExprType.AND_EXPR
            yield "LOGIC", "AND to OR" if conjunction else "OR to AND", _with(node, "boolop", other)
            for place, gone in enumerate(tree.args):
                rest = without(tree.args, place)
                yield "CONJUNCT", f"without {written(gone)}", rest[0] if len(rest) == 1 else _with(node, "args", rest)
        case ast.A_Expr(kind=A_Expr_Kind.AEXPR_OP):
            sign = tree.name[-1].sval
            for new in inputs.other_comparisons.get(sign, ()):
                yield "COMPARISON", f"{sign} to {new}", _with(node, "name", (ast.String(sval=new),))
        case ast.A_Expr(kind=A_Expr_Kind.AEXPR_NULLIF):
            yield "NULLIF", "dropped", tree.lexpr
            yield "NULLIF", "of a blank", _with(node, "rexpr", expression("' '"))
        case ast.A_Expr(kind=A_Expr_Kind.AEXPR_BETWEEN):
            value, (low, high) = written(tree.lexpr), map(written, tree.rexpr)
            yield "BETWEEN", "no lower bound", expression(f"{value} <= {high}")
            yield "BETWEEN", "no upper bound", expression(f"{value} >= {low}")
            yield "BETWEEN", "NOT BETWEEN", expression(f"{value} NOT BETWEEN {low} AND {high}")
        case ast.NullTest():
            negated = written(node).endswith("IS NULL")
            other_test = NullTestType.IS_NOT_NULL if negated else NullTestType.IS_NULL
            yield "NULL", "IS NOT NULL" if negated else "IS NULL", _with(node, "nulltesttype", other_test)
        case ast.SubLink():
            yield "SUBSELECT", "unwrapped", tree.subselect.targetList[0].val
        case ast.FuncCall():
            name = tree.funcname[-1].sval
            for new in inputs.similar_functions.get(name, ()):
                yield "FUNCTION", f"{name} to {new}", _with(node, "funcname", (ast.String(sval=new),))
        case ast.ColumnRef():
            name = tree.fields[-1].sval
            for new in inputs.similar_columns.get(name, ()):
                yield "COLUMN", f"{name} to {new}", expression(new)
        case ast.A_Const(val=ast.Integer()):
            number = tree.val.ival
            for changed in (number - 1, number + 1):
                yield "CONSTANT", f"{number} to {changed}", expression(str(changed))
        case ast.A_Const(val=ast.Boolean()):
            yield "CONSTANT", f"{tree.val.boolval} to {not tree.val.boolval}", expression(str(not tree.val.boolval))
        case ast.A_Const(val=ast.String()):
            text = tree.val.sval
            for new in inputs.similar_texts.get(text, ()):
                yield "TEXT", f"{text} to {new}", expression(f"'{new}'")


def _with(node: Any, name: str, value: object) -> Any:
    new = copy.copy(node)
    setattr(new, name, value)
    return new
