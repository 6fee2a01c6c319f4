"""The contracts of a run: each is a folder with a page, a table.py that declares the table, and chapters.

Those of this repository are below `tests`. A folder of contracts elsewhere is a package of its own, whose chapters
import each other by its name, as in `contracts.posts.table`.
"""

import importlib
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.paths import ROOT
from tests.harness.server.connection import Connection

TABLES = Path(__file__).with_name("tables.sql").read_bytes()
NO_CONTRACTS = (
    "{folder}: there is no contract here: no folder below it has a table.py. Name the folder that holds a folder for "
    "each table, or begin one: tox -e new-contract -- SCHEMA.TABLE --migrations DIR --into {folder}"
)
NO_PACKAGE = (
    "{folder}: the contracts of a folder import each other by its name, so it must be a package of Python. Let "
    "its name be a word, such as contracts, and put an empty __init__.py into it."
)
NAME_TAKEN = "{folder}: another package is called {name}: {other}. Give the folder of contracts another name."
NOT_IMPORTED = "{file}: cannot be imported: {fault!r}"
NOT_DECLARED = "{file}: declares no table: TABLE must be a TableSpec."


class BadContracts(Exception):
    """A folder of contracts cannot be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Contract:
    """One table's contract: its folder, and the structure that it declares."""

    folder: Path
    table: TableSpec

    @property
    def rows(self) -> Path:
        """The file that fills the table with rows in every state, if the contract has one."""
        return self.folder / "rows.sql"


def find_contracts(folders: Iterable[Path]) -> tuple[Contract, ...]:
    """Find the contracts in these folders, and below, in the order of their tables' names. Raises BadContracts."""
    files = {file.resolve() for folder in folders for file in folder.rglob("table.py")}
    found = (Contract(file.parent, _declared_in(file)) for file in files)
    return tuple(sorted(found, key=lambda contract: contract.table.qualified_name))


def tables_without(connection: Connection, contracts: Collection[Contract], schemas: Iterable[str]) -> list[str]:
    """List the tables that the migrations made in these schemas, and that no contract is of, in their order."""
    tables = [str(name) for (name,) in connection.execute(TABLES, {"schemas": list(schemas)})]
    return [name for name in tables if name not in {each.table.qualified_name for each in contracts}]


def without_table(connection: Connection, contracts: Iterable[Contract]) -> list[Contract]:
    """List the contracts whose table is not in a database."""
    query = "SELECT to_regclass(%s) IS NULL"
    return [each for each in contracts if connection.execute(query, (each.table.qualified_name,)).fetchone() == (True,)]


def import_file(file: Path) -> ModuleType:
    """Import a file of a contract, by the module's name. Raises BadContracts."""
    root = import_root(file.parent)
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        return importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))
    except Exception as fault:
        raise BadContracts(NOT_IMPORTED.format(file=file, fault=fault)) from fault


def import_root(folder: Path) -> Path:
    """Return the folder that a module's name begins in: the repository, or where the outermost package is."""
    if folder.is_relative_to(ROOT):
        return ROOT
    return next(each for each in (folder, *folder.parents) if not (each / "__init__.py").is_file())


def package_of(folder: Path) -> str:
    """Return the name of the package that a folder is."""
    return ".".join(folder.relative_to(import_root(folder)).parts)


def check_package(folder: Path) -> None:
    """Raise BadContracts unless the contracts in a folder, which may be elsewhere, can be imported."""
    if folder.is_relative_to(ROOT):
        return
    if not folder.name.isidentifier() or not (folder / "__init__.py").is_file():
        raise BadContracts(NO_PACKAGE.format(folder=folder))
    root, name = import_root(folder), package_of(folder).partition(".")[0]
    found = find_spec(name)
    if found is not None and found.origin not in {None, str(root / name / "__init__.py")}:
        raise BadContracts(NAME_TAKEN.format(folder=folder, name=name, other=found.origin))


def _declared_in(file: Path) -> TableSpec:
    table = getattr(import_file(file), "TABLE", None)
    if not isinstance(table, TableSpec):
        raise BadContracts(NOT_DECLARED.format(file=file))
    return table
