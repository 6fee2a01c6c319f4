"""The contracts of a run: each is a folder with a page, a table.py that declares the table, and chapters."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.paths import ROOT


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
    """Find the contracts in these folders of the repository, and below, in the order of their tables' names."""
    files = {file.resolve() for folder in folders for file in folder.rglob("table.py")}
    found = (Contract(file.parent, _declared_in(file)) for file in files)
    return tuple(sorted(found, key=lambda contract: contract.table.qualified_name))


def import_file(file: Path) -> ModuleType:
    """Import a file of the repository, by the module's name."""
    return importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def _declared_in(file: Path) -> TableSpec:
    table = import_file(file).TABLE
    assert isinstance(table, TableSpec), f"{file}: TABLE is no TableSpec."
    return table
