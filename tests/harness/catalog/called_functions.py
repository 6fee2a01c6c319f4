"""The functions that a policy or a function body of the catalog calls, and the settings that it uses."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pglast
from pglast import ast
from pglast.stream import RawStream
from pglast.visitors import Visitor

from tests.harness.server.session import Session

# In the body of a function: what reads or writes settings, and a string that begins with SHOW, for EXECUTE.
SETTINGS = re.compile(r"\b(?:current_setting|set_config|pg_settings|pg_show_all_settings)\b|'\s*SHOW\b", re.IGNORECASE)
POLICIES = Path(__file__).with_name("policy_expressions.sql").read_bytes()
COMMENTS = {"SQL_COMMENT", "C_COMMENT"}


def policy_expressions(session: Session, table: str) -> list[str]:
    """List the USING and WITH CHECK expressions of a table's policies, as PostgreSQL prints them."""
    return [str(expression) for (expression,) in session.run(POLICIES, [table]).rows]


def settings_read(expressions: list[str]) -> set[str]:
    """Name the settings that the expressions read; one whose name is computed is given as that expression."""
    return {_argument(call) for call in _calls(expressions) if call.funcname[-1].sval == "current_setting"}


def settings_used(body: str) -> list[str]:
    """List the words of a function's body that read or write settings; its comments do not count."""
    tokens = [each for each in pglast.parser.scan(body) if each.name not in COMMENTS]
    return SETTINGS.findall(" ".join(body[each.start : each.end + 1] for each in tokens))


def volatile_functions(session: Session, expressions: list[str]) -> set[str]:
    """Name the functions of the expressions that may change something, or differ from call to call (VOLATILE)."""
    names = sorted({call.funcname[-1].sval for call in _calls(expressions)})
    query = "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v' AND proname = ANY (%s)"
    return {str(name) for (name,) in session.run(query, [names]).rows}


def _argument(call: Any) -> str:
    argument: Any = call.args[0]
    while isinstance(argument, ast.TypeCast):
        argument = argument.arg
    constant: Any = getattr(argument, "val", None)
    return str(constant.sval if isinstance(argument, ast.A_Const) else RawStream()(argument))


def _calls(expressions: Iterable[str]) -> list[Any]:
    return [call for each in expressions for call in nodes(pglast.parse_sql(f"SELECT {each}"), ast.FuncCall)]


def nodes(tree: Any, kind: type[ast.Node]) -> list[Any]:
    """List the nodes of one kind in a parse tree."""
    found = []

    class Nodes(Visitor):
        def visit(self, _: object, node: Any) -> None:
            if isinstance(node, kind):
                found.append(node)

    Nodes()(tree)
    return found
