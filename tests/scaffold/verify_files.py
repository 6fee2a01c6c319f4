"""Write the verify file of each table that has a contract: `tox -e verify-files`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from tests.harness.catalog.contracts import BadContracts, find_contracts, import_file
from tests.harness.catalog.verify_sql import file_name, verify_sql
from tests.harness.core.paths import CONTRACTS, MIGRATIONS, VERIFY_FILES


def verify_files(contracts: Path) -> dict[str, str]:
    """Compose the verify files of the contracts below a folder: each one's text, by its name."""
    texts = {}
    for contract in find_contracts([contracts]):
        declared = contract.folder / "policy_probes.py"
        probes = import_file(declared).PROBES if declared.is_file() else ()
        texts[file_name(contract.table)] = verify_sql(contract.table, probes)
    return texts


def main(arguments: Sequence[str] | None = None) -> None:
    """Write them, and say where."""
    parser = argparse.ArgumentParser(prog="tox -e verify-files --", description=__doc__)
    parser.add_argument("--contracts", metavar="DIR", type=Path, default=CONTRACTS, help="of these tables (all)")
    parser.add_argument("--migrations", metavar="DIR", type=Path, default=MIGRATIONS, help="beside these (migrations/)")
    options = parser.parse_args(arguments)
    folder = options.migrations / VERIFY_FILES.name
    folder.mkdir(exist_ok=True)
    try:
        texts = verify_files(options.contracts)
    except BadContracts as fault:
        parser.error(str(fault))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{folder / name}: written.")


if __name__ == "__main__":
    main()
