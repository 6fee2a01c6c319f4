"""A plain dump of a database, read and checked before anything runs it: its statements, their rows, and their lines."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pglast
from pglast import ast, enums
from pglast.visitors import Visitor

from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.files import BadMigrations, Migration, Statement
from tests.harness.migrations.parser import parser_failure

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
LARGEST_BYTES = 64 * 1024 * 1024
# For each so many bytes the parser gets the time that it has for a migration.
PARSED_BYTES = 1_000_000
COMMAND = DATA["commands"]["dump"]
# What is to be found outside of comments, strings, names and bodies: each of these is passed over as a whole.
TOKEN = re.compile(
    r"""
    --[^\n]*
    | (?P<comment>/\*)
    | ^COPY\ (?:[^"';]|"[^"]*")*?\ FROM\ stdin;\n(?P<rows>)
    | ^(?P<meta>\\\S*)[^\n]*
    | [eE]'(?:[^'\\]|\\.)*+'
    | '[^']*'
    | "[^"]*"
    | \$(?P<tag>[^\W\d]\w*|)\$.*?\$(?P=tag)\$
    | [^\W\d][\w$]*
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
COMMENT_END = re.compile(r"/\*|\*/")
MADE_OF = re.compile(r"^-- Dumped from database version (\d+)", re.MULTILINE)
QUALIFIED = re.compile(r'"((?:[^"]|"")+)"\.|(\w+)\.')


class BadDump(BadMigrations):
    """A file that is no usable dump; the text names it, and says in the words of dump.toml how to make one."""

    def __init__(self, place: Path | str, fault: str, **values: object) -> None:
        Exception.__init__(self, f"{place}: {DATA['faults'][fault].format(command=COMMAND, **values)}")


@dataclass(frozen=True)
class DumpStatement(Statement):
    """A statement of a dump, its parse tree, and the rows that follow it, if it is a COPY."""

    tree: Any = field(compare=False, repr=False)
    rows: str = field(compare=False, repr=False)

    @property
    def kind(self) -> str:
        """The name of its kind in PostgreSQL's parse tree."""
        return type(self.tree).__name__

    @cached_property
    def schema(self) -> str | None:
        """The schema that it is about; None if it is about none, or if it is not said."""
        if self.kind == "SelectStmt":
            found = QUALIFIED.match(str(_arguments(self.tree)[0]))
            return (found[1] or found[2]) if found else None
        of_schema = self._object_type == enums.ObjectType.OBJECT_SCHEMA
        for name in DATA["targets"]:
            if (value := getattr(self.tree, name, None)) is not None:
                return _schema(value, of_schema=of_schema)
        return None

    @property
    def is_ignored(self) -> bool:
        """Whether nothing is lost without it: a setting of who restores, or something said of what is not restored."""
        if self.kind in DATA["ignored"]:
            return getattr(self.tree, "name", None) not in DATA["settings"]
        if self.kind == "SelectStmt" and _function(self.tree) == "set_config":
            return _arguments(self.tree)[0] not in DATA["settings"]
        return bool({self._object_type} & {enums.ObjectType.OBJECT_EXTENSION, enums.ObjectType.OBJECT_EVENT_TRIGGER})

    @property
    def is_setting(self) -> bool:
        """Whether it changes what the next statements mean."""
        of_select = self.kind == "SelectStmt" and _function(self.tree) == "set_config"
        return not self.is_ignored and (of_select or self.kind in DATA["ignored"])

    @property
    def _object_type(self) -> Any:
        return getattr(self.tree, "objtype", getattr(self.tree, "objectType", None))

    @property
    def roles(self) -> set[str]:
        """The roles that it names, of those that a dump does not make."""
        if self.kind in {"CopyStmt", "InsertStmt", "SelectStmt"}:
            return set()
        visited = _Roles()
        visited(self.tree)
        return {name for name in visited.found if not name.startswith("pg_")}

    @property
    def new_owner(self) -> str | None:
        """The role that it gives an object to, if it does that alone."""
        if self.kind == "AlterOwnerStmt":
            return str(self.tree.newowner.rolename)
        commands = [*self.tree.cmds] if self.kind == "AlterTableStmt" else []
        if len(commands) != 1 or commands[0].subtype != enums.AlterTableType.AT_ChangeOwner:
            return None
        return str(commands[0].newowner.rolename)

    @property
    def first_line(self) -> str:
        """Its first line, to be shown."""
        return self.text.partition("\n")[0].strip()


@dataclass(frozen=True)
class Dump(Migration):
    """A dump, as history that is applied before every file; its text is without the rows of COPY.

    `made_of` is the major version of PostgreSQL that it says it was made of; `told` is what was done otherwise than it
    says, once it is applied.
    """

    statements: tuple[DumpStatement, ...]
    made_of: int | None = None
    told: list[str] = field(default_factory=list, compare=False, repr=False)


class _Roles(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def visit_RoleSpec(self, _: Any, node: Any) -> None:  # noqa: N802 - pglast's name
        if node.rolename:
            self.found.add(node.rolename)


def read(path: Path) -> Dump:
    """Read a dump. Raises BadDump."""
    text = _text(path)
    sql, rows = _without_rows(path, text)
    if (failure := parser_failure(sql, TIMEOUTS.parser * (1 + len(sql) // PARSED_BYTES))) is not None:
        raise BadDump(path, "too_deep", failure=failure)
    statements = tuple(_statements(path, sql, iter(rows)))
    if not statements:
        raise BadDump(path, "no_statement")
    made_of = MADE_OF.search(text)
    return Dump(path, "0", sql, statements, is_history=True, made_of=int(made_of[1]) if made_of else None)


def _text(path: Path) -> str:
    if path.is_dir():
        what = "a dump in the directory format" if (path / "toc.dat").exists() else "a folder"
        raise BadDump(path, "no_plain_dump", what=what)
    if not path.is_file():
        raise BadDump(path, "no_file", what="not a file" if path.exists() else "no such file")
    try:
        if (size := path.stat().st_size) > LARGEST_BYTES:
            raise BadDump(path, "too_large", size=size, largest=LARGEST_BYTES)
        content = path.read_bytes()
    except OSError as refusal:
        raise BadDump(path, "not_read", why=refusal.strerror) from None
    for what, begin in DATA["formats"].items():
        if content.startswith(begin.encode("latin-1")):
            raise BadDump(path, "no_plain_dump", what=what)
    lines = content.count(b"\n")
    if lines == content.count(b"\r\n"):
        content = content.replace(b"\r\n", b"\n")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise BadDump(f"{path}:{line}", "not_utf8", byte=fault.start) from None
    if "\0" in text:
        raise BadDump(path, "no_plain_dump", what="a file with NUL bytes")
    return text


def _without_rows(path: Path, text: str) -> tuple[str, list[str]]:
    """Take out the rows of each COPY and psql's meta-commands; every statement keeps its line. Raises BadDump."""
    kept, rows, at, position = [], [], 0, 0
    while (token := TOKEN.search(text, position)) is not None:
        position = token.end()
        if token["comment"] is not None:
            position = _comment_end(text, position)
        elif (word := token["meta"]) is not None:
            line = text.count("\n", 0, token.start()) + 1
            if word not in {"\\restrict", "\\unrestrict"}:
                raise BadDump(f"{path}:{line}", "meta_command", word=word)
            kept.append(text[at : token.start()])
            at = position
        elif token["rows"] is not None:
            end = text.find("\n\\.\n", position - 1)
            if end < 0:
                raise BadDump(f"{path}:{text.count(chr(10), 0, token.start()) + 1}", "cut_off")
            rows.append(text[position : end + 1])
            kept += [text[at:position], "\n" * (rows[-1].count("\n") + 1)]
            position = at = end + len("\n\\.\n")
    return "".join([*kept, text[at:]]), rows


def _comment_end(text: str, position: int) -> int:
    """Return where a comment ends, in which others may be."""
    depth = 1
    while depth and (found := COMMENT_END.search(text, position)) is not None:
        depth += 1 if found[0] == "/*" else -1
        position = found.end()
    return len(text) if depth else position


def _statements(path: Path, sql: str, rows: Iterator[str]) -> Iterator[DumpStatement]:
    """Split a dump without its rows; each COPY takes the next ones. Raises BadDump for what a dump never holds."""
    try:
        slices = pglast.parser.split(sql, only_slices=True)
    except pglast.parser.ParseError as fault:
        line = sql.count("\n", 0, fault.args[1] or 0) + 1
        raise BadDump(f"{path}:{line}", "not_parsed", why=fault.args[0]) from None
    line, counted = 1, 0
    for each in slices:
        line, counted = line + sql.count("\n", counted, each.start), each.start
        tree: Any = pglast.parse_sql(sql[each])[0].stmt
        statement = DumpStatement(sql[each], line, tree, "")
        if (what := _never_held(statement)) is not None:
            raise BadDump(f"{path}:{line}", "never_held", what=what)
        yield DumpStatement(sql[each], line, tree, next(rows)) if statement.kind == "CopyStmt" else statement


def _never_held(statement: DumpStatement) -> str | None:
    """Name what pg_dump does not write; None if it may have written this."""
    tree, kind = statement.tree, statement.kind
    if kind not in {name for who in ("loader", "superuser", "ignored", "left_out") for name in DATA[who]}:
        return statement.first_line
    if kind == "CopyStmt":
        return None if tree.is_from and not tree.filename and not tree.is_program else statement.first_line
    if kind == "SelectStmt":
        return None if _function(tree) in DATA["functions"] else statement.first_line
    if kind == "VariableSetStmt":
        value = str(tree.args[0].val.sval) if tree.args and hasattr(tree.args[0].val, "sval") else ""
        wrong = {("standard_conforming_strings", "off"), ("client_encoding", value if value.upper() != "UTF8" else "")}
        return statement.first_line if (tree.name, value) in wrong else None
    if kind == "CreateSchemaStmt" and tree.schemaElts:
        return statement.first_line
    return None


def _function(tree: Any) -> str:
    """Name the function of PostgreSQL's that a SELECT calls on constants, and does nothing else."""
    calls = [target.val for target in tree.targetList or ()]
    if len(calls) != 1 or not isinstance(calls[0], ast.FuncCall) or tree.fromClause or tree.whereClause:
        return ""
    *schema, name = [each.sval for each in calls[0].funcname or ()]
    constants = all(isinstance(each, ast.A_Const) for each in calls[0].args or ())
    return str(name) if schema in ([], ["pg_catalog"]) and constants else ""


def _arguments(tree: Any) -> list[Any]:
    return [getattr(each.val, "sval", "") for each in tree.targetList[0].val.args]


def _schema(value: Any, *, of_schema: bool) -> str | None:
    """Find the schema in a name, in any of the forms that the parse tree has for one."""
    for kind, name in ((ast.CreateStmt, "relation"), (ast.IntoClause, "rel"), (ast.ObjectWithArgs, "objname")):
        if isinstance(value, kind):
            return _schema(getattr(value, name), of_schema=of_schema)
    if isinstance(value, ast.TypeName):
        return _schema(value.names, of_schema=of_schema)
    if isinstance(value, ast.RangeVar):
        return value.schemaname
    if isinstance(value, tuple):
        parts = [each.sval for each in value if isinstance(each, ast.String)]
        if len(parts) != len(value) or (of_schema and parts):
            return _schema(value[0], of_schema=of_schema)
        return str(parts[0]) if len(parts) > 1 else None
    if isinstance(value, ast.String):
        return str(value.sval) if of_schema else None
    return value if isinstance(value, str) else None
