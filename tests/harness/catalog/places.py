"""Finds where migrations decide that a rule for exposed objects is broken: the last statement that made it so."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pglast
from pglast import ast, enums

from tests.harness.catalog.rules import Finding
from tests.harness.migrations.edits import parse
from tests.harness.migrations.files import Migration, escaped
from tests.harness.migrations.parser import HARMLESS_CHARACTERS
from tests.harness.migrations.version_facts import matches, pieces, walk

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
OBJECT = r'(?P<object>(?:"[^"]*"|,(?! )|[^",:])+)'
# What defines nothing, such as a large seed, is not parsed.
DEFINES = re.compile(r"\b(?:create|alter|drop|grant|revoke|comment|import|do)\b", re.IGNORECASE)
# That fit a screen.
MOST_FINDINGS = 20


@dataclass(frozen=True)
class _Statement:
    """A statement of a file, or of the body of its DO statement: where it begins in a text, and that text's line."""

    tree: Any
    path: Path
    text: str
    start: int
    first_line: int

    def place(self, offset: int) -> tuple[Path, int]:
        return self.path, self.first_line + self.text.count("\n", 0, offset)


def is_found(finding: Finding, migrations: Sequence[Migration]) -> bool:
    """Whether it is one: of some rules, what the catalog holds is none unless a statement made it so."""
    return finding.clause not in TABLE["found_by_statement"] or place_of(finding, migrations) is not None


def told(findings: Sequence[Finding], migrations: Sequence[Migration]) -> str:
    """Say what is wrong, in a line for each finding, by file and line; what is found twice is told once."""
    lines = set()
    for each in findings:
        place = place_of(each, migrations)
        where = f"{place[0]}:{place[1]}" if place else "no statement of these files makes it so"
        what = f"{each.object}{':' * (', ' in each.object)} {each.what} ({each.clause})."
        lines.add((place is None, place or (), escaped(f"{where}: {what}")))
    more = [f"and {len(lines) - MOST_FINDINGS} more."] if len(lines) > MOST_FINDINGS else []
    return "\n".join([text for *_, text in sorted(lines)[:MOST_FINDINGS]] + more)


def place_of(finding: Finding, migrations: Sequence[Migration]) -> tuple[Path, int] | None:
    """Return file and line of the last statement that made what the finding is about as it is; None where none did."""
    statements = [each for migration in migrations for each in _statements(migration)]
    table = {**TABLE, "decides": [one for one in TABLE["decides"] if finding.clause in one["clauses"]]}
    about, place = _about(finding), None
    by_statement, given_again = finding.clause in TABLE["found_by_statement"], None
    patterns = _filled(table, about)
    # Of whatever name: most findings of these clauses are none, and are done with here.
    of_any = _filled(table, about | {"schema": True, "name": True, "column": True})["decides"] if by_statement else ()
    if by_statement and not any(matches(one["where"], each.tree) for each in statements for one in of_any):
        return None
    for number, each in reversed([*enumerate(statements)]):
        tree: Any = each.tree
        made: list[int] = []
        renamed = TABLE["renamed"].get(getattr(getattr(tree, "renameType", None), "name", None))
        if renamed == "constraint" and not about["constraint"]:
            renamed = "name"
        if renamed and tree.newname == about[renamed] and matches(patterns[f"of_{renamed}"], tree):
            old = tree.relation.relname if tree.relation else tree.object.objname[-1].sval
            about[renamed] = tree.subname or old
            patterns = _filled(table, about)
        elif finding.clause == "E9":
            made = [at for name, at in _indexes(tree, each.start) if re.fullmatch(name, about["name"])]
        elif about["constraint"] and matches(patterns["of_constraint"], tree):
            made = [at for name, at in _foreign_keys(tree, each.start) if re.fullmatch(name, about["constraint"])]
        if not made and any(
            matches(one["where"], tree) and re.search(one.get("text", ""), each.text) for one in patterns["decides"]
        ):
            functions = [_types(node) for node, _ in walk(tree, 0) if matches(patterns["function"], node)]
            made = [each.start] if not functions or about["types"] in functions else []
        elif finding.clause == "E4" and isinstance(tree, ast.DropStmt | ast.AlterPolicyStmt):
            policies = [one for one in statements[:number] if matches(patterns["policy"]["made"], one.tree)]
            made = [each.start for one in policies if matches(_filled(table, about, one)["policy"]["lost"], tree)]
        if made and given_again not in (None, each.path):
            return None
        if made:
            place = each.place(max(made))
        # With IF NOT EXISTS, the first one makes it.
        if place and (matches(patterns["gone"], tree) or (made and not getattr(tree, "if_not_exists", False))):
            return place
        if by_statement and matches(patterns["gone"], tree):
            return None
        if by_statement and matches(patterns["given_again"], tree):
            given_again = given_again or each.path
    if by_statement:
        return place
    named = [each for each in statements if isinstance(each.tree, ast.DoStmt) and about["name"] in each.text]
    return place or (named[-1].place(named[-1].text.find(about["name"])) if named else None)


@cache
def _statements(migration: Migration) -> list[_Statement]:
    return [found for each in migration.statements for found in _parsed(each.text, migration.path, each.line)]


def _parsed(text: str, path: Path, line: int) -> Iterator[_Statement]:
    """Yield the statements of a text that define something, and those within a DO statement."""
    with suppress(pglast.parser.ParseError):
        for each in parse(text) if DEFINES.search(text) else ():
            yield (found := _Statement(each.tree, path, text, each.start, line))
            if isinstance(each.tree, ast.DoStmt) and len(text) <= HARMLESS_CHARACTERS:
                options: Any = each.tree.args
                body = next(option.arg.sval for option in options if option.defname == "as")
                for piece, _, at in pieces(body):
                    yield from _parsed(piece, *found.place(max(text.find(body), 0) + at))


def _about(finding: Finding) -> dict[str, Any]:
    """Take apart what a finding is about."""
    rest = TABLE["finding"].get(finding.clause, ".+")
    found = re.fullmatch(OBJECT + rest, f"{finding.object}: {finding.what}", re.DOTALL)
    assert found is not None, f"places.toml: finding.{finding.clause}: does not match {finding}."
    kind = "FUNCTION" if found["object"].endswith(")") else "TABLE"
    parsed: Any = pglast.parse_sql(f"DROP {kind} {found['object']}")
    (named,) = parsed[0].stmt.objects
    # What is in no schema is found by its name alone.
    schema, name = ("", *(each.sval for each in (named.objname if kind == "FUNCTION" else named)))[-2:]
    types = _types(named) if kind == "FUNCTION" else None
    return {
        **dict.fromkeys(("policy", "role", "privileges", "constraint", "column", "trigger"), ""),
        "schema": schema,
        "name": name,
        "types": types,
        **{key: value for key, value in found.groupdict().items() if value is not None},
    }


def _types(function: Any) -> list[tuple[str, bool]]:
    given = function.parameters if isinstance(function, ast.CreateFunctionStmt) else function.objfuncargs
    types = [each.argType for each in given or () if each.mode.name not in TABLE["no_input"]]
    return [(each.names[-1].sval, bool(each.arrayBounds)) for each in types]


def _filled(table: Any, about: dict[str, Any], policy: _Statement | None = None) -> Any:
    """Fill the patterns of a table with what a finding is about, and with a policy that may have been dropped."""
    values = {
        **about,
        "privileges": about["privileges"].lower().split(", "),
        "columns": {"some": {"sval": about["column"]}} if about["column"] else True,
        "role_type": f"ROLESPEC_{about['role']}",
        "primary_key": f"{about['name']}_pkey",
    }
    if policy is not None:
        values |= {"policy": policy.tree.policy_name, "words": re.findall(r"\w+", policy.text)}

    def fill(pattern: Any) -> Any:
        if isinstance(pattern, dict):
            return {key: fill(each) for key, each in pattern.items()}
        if isinstance(pattern, list):
            return [fill(each) for each in pattern]
        name = pattern[1:] if isinstance(pattern, str) and pattern.startswith("$") else ""
        return values[name] if name in values else fill(table[name]) if name in table else pattern

    return fill(table)


def _foreign_keys(tree: Any, start: int) -> Iterator[tuple[str, int]]:
    """Yield what matches the name of each foreign key that a statement makes, like those of _indexes."""
    column = ""
    for node, at in walk(tree, start):
        match node:
            case ast.ColumnDef():
                column = str(node.colname)
        if isinstance(node, ast.Constraint) and node.contype == enums.ConstrType.CONSTR_FOREIGN:
            columns = [each.sval for each in node.fk_attrs or ()] or [column]
            name = "_".join([tree.relation.relname, *columns, "fkey"])
            yield re.escape(node.conname) if node.conname else re.escape(name) + r"\d*", at


def _indexes(tree: Any, start: int) -> Iterator[tuple[str, int]]:
    """Yield what matches the name of each index that a statement makes, PostgreSQL's own choice too, and its offset."""
    # A composite type has columns too.
    for node, at in walk(tree, start) if getattr(tree, "relation", None) else ():
        match node:
            case ast.IndexStmt():
                name, parts = node.idxname, [*(each.name or "expr" for each in node.indexParams or ()), "idx"]
            case ast.Constraint(contype=enums.ConstrType.CONSTR_PRIMARY):
                name, parts = node.conname, ["pkey"]
            case ast.Constraint(contype=enums.ConstrType.CONSTR_UNIQUE):
                name, parts = node.conname, [*(each.sval for each in node.keys or ()), "key"]
            case ast.ColumnDef():
                # Of its UNIQUE, which knows no columns.
                name, parts = None, [str(node.colname), "key"]
            case _:
                continue
        yield re.escape(name) if name else re.escape("_".join([tree.relation.relname, *parts])) + r"\d*", at
