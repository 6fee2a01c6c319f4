"""Begin the contract of a table that the migrations make: python -m tests.scaffold.new_contract public.TABLE.

Everything in it is what was observed on a throwaway database, and is to be confirmed.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.harness.catalog import structure
from tests.harness.catalog.contracts import BadContracts, check_package, package_of
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.paths import CONTRACTS, MIGRATIONS, ROOT
from tests.harness.core.roles import SERVICE_ROLE, SUPERUSER
from tests.harness.migrations import files
from tests.harness.migrations.files import BadMigrations, DoesNotApply, Migration
from tests.harness.migrations.statements import creating_migration
from tests.harness.requests.expressions import NotUnderstood
from tests.harness.server.binaries import installation
from tests.harness.server.process import CannotStart
from tests.harness.server.session import Session
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.scaffold.clauses import Clauses
from tests.scaffold.observation import Observation
from tests.scaffold.read_table import CannotRead, read_table
from tests.scaffold.source import ordered, source

USAGE = 2
NOT_UNDERSTOOD = (
    "the model does not understand {reason}, in a unique index or in the CHECK of a domain, and these cannot be judged "
    "by hand. Teach it to tests/harness/requests/expressions.py."
)
TEMPLATES = Path(__file__).parent / "contract"
THERE_IS_ONE = "there is a contract already. Change it, or take the folder away to begin anew."
PRIVILEGES_DIFFER = (
    "what is granted on {name} depends on the platform's default privileges, and S8 is red until the migration takes "
    "it back: REVOKE ALL ON … FROM public, anon, authenticated, service_role, then GRANT."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the contracts, and say what to do next. Return the exit status."""
    parser = argparse.ArgumentParser(prog="tox -e new-contract --", description=__doc__)
    parser.add_argument("tables", metavar="SCHEMA.TABLE", nargs="+", help="the table, as in public.newsletter_signups")
    parser.add_argument("--migrations", metavar="DIR", type=Path, default=MIGRATIONS, help="the folder (migrations/)")
    parser.add_argument("--into", metavar="DIR", type=Path, default=CONTRACTS, help="where to (tests/contract/)")
    options = parser.parse_args(arguments)
    into = options.into.resolve()
    given = f" --contracts {options.into} --migrations {options.migrations}" if into != CONTRACTS.resolve() else ""
    gate = given or f" {CONTRACTS.relative_to(ROOT)} --migrations {options.migrations}"
    try:
        for name in options.tables:
            if (folder := into / name.rpartition(".")[2]).exists():
                raise CannotRead(f"{folder}: {THERE_IS_ONE}")
        _begin_package(into)
        for table, texts in compose(options.tables, files.read_folder(options.migrations), package_of(into)):
            _write(into / table.name, texts)
            print(
                f"{into / table.name}: written, and red until it is confirmed.\n"
                f"Write the file that verifies it: tox -e verify-files{given and f' --{given}'}\n"
                "Read CONTRACT.md, clause by clause: take out TO BE CONFIRMED, or correct migration and clause.\n"
                f"Try it: tox -e gate --{gate}"
            )
    except (NotUnderstood, CannotRead, BadContracts, BadMigrations, DoesNotApply, CannotStart) as reason:
        told = NOT_UNDERSTOOD.format(reason=reason) if isinstance(reason, NotUnderstood) else reason
        print(told, file=sys.stderr)
        return USAGE
    return 0


def compose(
    names: Sequence[str], migrations: Sequence[Migration], package: str
) -> Iterator[tuple[TableSpec, dict[str, str]]]:
    """Compose the texts of each table's contract, by file name. Raises CannotRead, DoesNotApply and CannotStart."""
    running = platform.start(installation.find(None))
    try:
        templates.build(running.server, migrations)
        with closing(DatabaseFactory(running.server, "scaffold", migrations)) as databases, ExitStack() as ending:

            def look(default_privileges: str, applied: int) -> Session:
                project = ending.enter_context(databases.project(default_privileges, applied))
                return Session(ending.enter_context(project.connect(SUPERUSER)))

            every = len(migrations)
            for name in names:
                session = look("explicit", every)
                table = read_table(session, name)
                if read_table(look("granting", every), name) != table:
                    print(PRIVILEGES_DIFFER.format(name=name), file=sys.stderr)
                number = creating_migration(migrations, table.name)
                also = structure.made_beside(look("explicit", number), look("explicit", number + 1), table)
                yield table, _texts(Observation(session, table), migrations[number], also, package)
    finally:
        running.stop()


def _texts(seen: Observation, migration: Migration, also: frozenset[str], package: str) -> dict[str, str]:
    table = seen.table
    written = {role for role, may in seen.allowed.items() if all(may[command] == 1 for command in may)}
    facts: dict[str, Any] = {
        "table": table,
        "package": f"{package}.{table.name}",
        "migration": migration.path.name,
        "also": also,
        "clauses": Clauses(seen),
        "seen": seen,
        "by_service": SERVICE_ROLE in written,
        "given": [name for name in table.column_names if name not in table.written_columns],
        "computed": [name for name, expression in seen.model().generated.items() if expression is not None],
    }
    # Not HTML: Python, SQL and Markdown.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # A page's cells end at a bar.
    environment.filters |= {"source": source, "ordered": ordered, "cell": lambda text: text.replace("|", "\\|")}
    used = {"conftest.py": seen.references, "references.sql": seen.referred, "test_triggers.py": seen.set_by_trigger}
    names = (each.stem for each in sorted(TEMPLATES.glob("*.jinja")))
    return {name: environment.get_template(f"{name}.jinja").render(facts) for name in names if used.get(name, True)}


def _begin_package(into: Path) -> None:
    """Make the folder of contracts where there is none. Raises BadContracts."""
    if not into.exists():
        into.mkdir(parents=True)
        (into / "__init__.py").write_text('"""What the tables promise."""\n', encoding="utf-8")
    check_package(into)


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Write a contract's files, as ruff formats them."""
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for arguments in (["check", "--fix", "--select=F401,I"], ["format"]):
        style = f"--config={ROOT / 'pyproject.toml'}"
        subprocess.run([sys.executable, "-m", "ruff", *arguments, "--quiet", style, folder], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
