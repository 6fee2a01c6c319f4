"""Writes the verify file of each table that has a contract: `tox -e verify-files`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.harness.catalog.verify_sql import file_name, verify_sql
from tests.harness.core.paths import CONTRACTS, ROOT, VERIFY_FILES


def verify_files(contracts: Path = CONTRACTS) -> dict[str, str]:
    """Compose the verify files of the contracts in a folder: each one's text, by its name."""
    texts = {}
    for file in sorted(contracts.glob("*/table.py")):
        package = ".".join(file.parent.relative_to(ROOT).parts)
        table = importlib.import_module(f"{package}.table").TABLE
        tried = file.with_name("policy_probes.py").is_file()
        probes = importlib.import_module(f"{package}.policy_probes").PROBES if tried else ()
        texts[file_name(table)] = verify_sql(table, probes)
    return texts


if __name__ == "__main__":
    VERIFY_FILES.mkdir(exist_ok=True)
    for name, text in verify_files().items():
        (VERIFY_FILES / name).write_text(text, encoding="utf-8")
        print(VERIFY_FILES / name)
