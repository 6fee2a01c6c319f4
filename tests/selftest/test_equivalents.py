"""The gate does not cry wolf: migrations that keep the contract in other words are green."""

from __future__ import annotations

from pathlib import Path

import pglast
import pytest

from tests.selftest.mutation.judging import mutated_file
from tests.selftest.rewritings import REWRITINGS
from tests.selftest.runs import place

GREEN = 0


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_migration_in_other_words_is_green(name: str, tmp_path: Path) -> None:
    """Each rewriting of the migration keeps every clause of the table's state, in both eras."""
    original = mutated_file().read_text(encoding="utf-8")
    rewritten = REWRITINGS[name](original)
    assert rewritten != original
    assert pglast.parse_sql(rewritten)
    (tmp_path / mutated_file().name).write_bytes(rewritten.encode())
    with place() as here:
        options = ["-x", "--hypothesis-profile=mutants", "--migrations", str(tmp_path)]
        status, printed = here.run(*options, "tests/contract")
    assert status == GREEN, printed
