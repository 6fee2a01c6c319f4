"""A second table in the same folder: its contract and the first one's hold together, and findings name their table."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.harness.core.paths import ROOT, VERIFY_FILES
from tests.selftest.runs import RunFolder, candidate

SAMPLE = "tests/selftest/samples/newsletter_signups"
MIGRATION = ROOT / SAMPLE / "migrations" / "015_create_newsletter_signups.sql"


def both(folder: Path) -> Path:
    """Write the migrations of both tables, and their verify files, into a folder."""
    shutil.copy(MIGRATION, candidate(folder))
    for files in (VERIFY_FILES, MIGRATION.parent / VERIFY_FILES.name):
        shutil.copytree(files, folder / VERIFY_FILES.name, dirs_exist_ok=True)
    return folder


def test_both_contracts_hold_in_one_folder(here: RunFolder) -> None:
    """The rooms of the gate, and the second table's contract beside the first one's, are green on both files."""
    rooms = ["tests/contract", "tests/upgrade", "tests/access", SAMPLE]
    status, printed = here.run(
        f"--migrations={both(here.folder / 'migrations')}", "--hypothesis-profile=mutants", "-q", "-n2", *rooms
    )
    assert status == 0, printed


def test_a_broken_clause_is_told_with_its_table(here: RunFolder) -> None:
    """Where the second table breaks a clause, the report names that table, and no clause of the first."""
    folder = both(here.folder / "migrations")
    text = (folder / MIGRATION.name).read_text(encoding="utf-8")
    wider = text.replace("GRANT INSERT (email, consented_at)", "GRANT INSERT")
    assert wider != text
    (folder / MIGRATION.name).write_text(wider.replace("RAISE EXCEPTION E'public", "RAISE NOTICE E'public"), "utf-8")
    rooms = ["tests/contract/calculator2_sessions/test_structure.py", SAMPLE]
    status, printed = here.run(f"--migrations={folder}", "--hypothesis-profile=mutants", "-q", "-n2", *rooms)
    assert status == 1, printed
    assert "newsletter_signups R7 is broken: " in printed
    assert "calculator2_sessions" not in printed.partition(" contract ==")[2], printed
