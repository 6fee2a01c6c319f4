"""Begin a migration that keeps every rule of tests/upgrade as it stands: python -m tests.scaffold.new_migration NAME.

Run again when the file was edited, it writes the shape check anew, from what the file makes now.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pglast
from pglast.keywords import RESERVED_KEYWORDS

from tests.harness.catalog.sql_text import filled
from tests.harness.core.paths import MIGRATIONS
from tests.harness.migrations import files
from tests.harness.migrations.files import BadMigrations, DoesNotApply, Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.process import CannotStart
from tests.scaffold.shape_check import NO_CHECK, Refused, with_check

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
USAGE = 2
TEMPLATES = Path(__file__).parent / "migration"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or its shape check anew, and say what to do next. Return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        path = write(options.migrations, options.name, options.table, options.column, options.check)
    except (Refused, BadMigrations, DoesNotApply, CannotStart) as reason:
        print(reason, file=sys.stderr)
        return USAGE
    print(
        f"{path}: written, with a check of what it makes.\n"
        f"Edit it, then write that check anew: tox -e new-migration -- {options.name}\n"
        "Try it: tox -e gate. Where it changes a table that has a contract, the contract's page says so first."
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tox -e new-migration --", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="what it does, in words, as in add_locale")
    work = parser.add_mutually_exclusive_group()
    work.add_argument("--table", metavar="SCHEMA.TABLE", help="a new table")
    work.add_argument("--column", metavar="SCHEMA.TABLE.COLUMN:TYPE", help="a new column of a table that is there")
    parser.add_argument("--check", metavar="EXPRESSION", help="what must hold of the column's values")
    parser.add_argument("--migrations", metavar="DIR", type=Path, default=MIGRATIONS, help="the folder (migrations/)")
    return parser


def write(
    folder: Path, name: str, table: str | None = None, column: str | None = None, check: str | None = None
) -> Path:
    """Write the migration, or the shape check anew in a file of that name. Raises Refused, and what with_check does."""
    if check is not None and column is None:
        raise Refused("--check says what must hold of a new column: give --column SCHEMA.TABLE.COLUMN:TYPE too.")
    there = list(files.read_folder(folder)) if any(folder.glob("*.sql")) else []
    known = [each for each in there if name in (each.name, each.name.partition("_")[2])]
    if known and (table or column):
        raise Refused(f"{known[0].path}: there is such a file. Edit it, and leave out --table and --column.")
    if known:
        path, text = known[0].path, known[0].text
        _check_not_applied(folder, path)
        there = [each for each in there if each.version < known[0].version]
    else:
        path = folder / f"{_next_number(there)}_{_identifier(name, 'NAME')}.sql"
        text = _filled("file", name=path.stem, work=_work(table, column, check), no_check=NO_CHECK) + "\n"
    migration = Migration(path, path.name.partition("_")[0], text, tuple(files.split(text, path)))
    path.write_text(with_check(there, migration), encoding="utf-8")
    return path


def _check_not_applied(folder: Path, path: Path) -> None:
    record = MigrationsFolder(folder).record
    if record.is_file() and f"  {path.name}\n" in record.read_text(encoding="ascii"):
        raise Refused(
            f"{path}: {record.name} says that it is applied, so it is not edited any more. Begin another file."
        )


def _next_number(there: Sequence[Migration]) -> str:
    digits = there[-1].name.partition("_")[0] if there else "000"
    return str(int(digits) + 1).zfill(len(digits))


def _identifier(text: str, what: str) -> str:
    if not NAME.fullmatch(text) or text in RESERVED_KEYWORDS:
        raise Refused(f"{what} {text!r}: give a name of lower-case letters, digits and _ (50 at most), and no keyword.")
    return text


def _qualified(text: str, parts: int, form: str) -> list[str]:
    names = text.split(".")
    if len(names) != parts:
        raise Refused(f"{text!r}: write it as {form}.")
    return [_identifier(each, form) for each in names]


def _work(table: str | None, column: str | None, check: str | None) -> str:
    if table is not None:
        schema, name = _qualified(table, 2, "SCHEMA.TABLE")
        return _filled("table", schema=schema, table=name)
    if column is None:
        return _filled("anything")
    words, _, kind = column.partition(":")
    schema, name, it = _qualified(words, 3, "SCHEMA.TABLE.COLUMN:TYPE")
    expression = "true" if check is None else check
    try:
        pglast.parse_sql(f"ALTER TABLE t ADD COLUMN c {kind or '?'}, ADD CHECK ({expression})")
    except pglast.parser.ParseError as fault:
        raise Refused(
            f"{column!r} with the check {expression!r}: PostgreSQL cannot read this ({fault.args[0]})."
        ) from None
    parts = {"schema": schema, "table": name, "column": it, "type": kind.strip(), "expression": expression}
    return "\n".join(_filled(each, **parts) for each in ("column", "check")[: 1 if check is None else 2])


def _filled(template: str, **parts: str) -> str:
    return filled(TEMPLATES / f"{template}.sql", parts).rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
