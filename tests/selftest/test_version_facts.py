"""What an older PostgreSQL lacks is found in a migration, at its line, and nothing else is taken for it.

That the table is right is tried on servers of each version, in deliveries/.
"""

from pathlib import Path

import pytest

from tests.harness.core.paths import MIGRATIONS
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.version_facts import FACTS, Fact, needs
from tests.selftest.cases import cases, tables
from tests.upgrade.test_versions import test_no_supported_version_lacks_what_it_uses as judge

# It asks for all versions from 13 on.
OWN = MigrationsFolder(MIGRATIONS)
STATEMENTS = tables("version_facts/facts")


def migration_of(text: str) -> Migration:
    """Make a migration that is only read."""
    return Migration(Path("001_it.sql"), "001", text, ())


@pytest.mark.parametrize("fact", sorted({fact for _, fact in FACTS}), ids=lambda fact: fact.what)
def test_each_fact_is_found(fact: Fact) -> None:
    """In the statement that uses it, with what is older at most."""
    found = {found for _, found in needs(migration_of(str(STATEMENTS[fact.what])))}
    assert fact in found
    assert all(other.since < fact.since for other in found - {fact})


@cases("version_facts/found")
def test_a_use_is_found_at_its_line(text: str, found: list[list[object]]) -> None:
    """In statements, in bodies of functions, and behind a guard where that does not help."""
    assert [[line, fact.what, fact.since] for line, fact in needs(migration_of(text))] == found


@cases("version_facts/not_new", earlier="SELECT 1")
def test_what_looks_new_is_not_taken_for_it(text: str, earlier: str) -> None:
    """Guarded, quoted, of another schema, made by the project itself, or old."""
    files = [migration_of(earlier), migration_of(text)]
    judge(files[1], files, OWN)


def test_a_use_is_told_in_these_words() -> None:
    """Where, since when, on which versions it fails, and what to write."""
    file = migration_of("SELECT 1;\nMERGE INTO t USING u ON true WHEN MATCHED THEN DELETE;\nSELECT uuidv4()")
    with pytest.raises(AssertionError) as failure:
        judge(file, [file], OWN)
    assert str(failure.value) == (
        "001_it.sql:2: MERGE is there since PostgreSQL 15: the file fails on 13 to 14.\n"
        "  Line 3: the function uuidv4 is there since PostgreSQL 18.\n"
        "  What must happen: it applies on PostgreSQL 13 to 18.\n"
        "  Hint: write instead: INSERT … ON CONFLICT, or UPDATE and INSERT; or, in a DO block, look at "
        "server_version_num first and EXECUTE it where it is there."
    )
