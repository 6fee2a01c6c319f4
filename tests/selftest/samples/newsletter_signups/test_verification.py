"""Verification: the verify file says whether a live database holds the table as the contract has it."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.catalog.structural_changes import structural_changes
from tests.harness.catalog.verify_sql import file_name
from tests.harness.core.roles import MIGRATOR
from tests.harness.core.versions import SUPPORTED
from tests.harness.migrations import verify_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import under_both_default_privileges
from tests.harness.plugins.stash import SERVER
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.table import TABLE


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try the changes that this server knows."""
    if "change" in metafunc.fixturenames:
        running = metafunc.config.stash.get(SERVER, None)
        changes = structural_changes(TABLE, running.major if running else max(SUPPORTED))
        metafunc.parametrize(("change", "says"), changes.values(), ids=changes)


@pytest.fixture
def verification(migrations_folder: MigrationsFolder) -> Path:
    """The table's verify file."""
    return migrations_folder.verify_files / file_name(TABLE)


@pytest.mark.clause("V1", "V2")
@under_both_default_privileges
def test_a_migrated_database_is_found_right(database: Database, verification: Path) -> None:
    """Pasted into the dashboard's editor by the role that migrates, it ends with one row: how many checks held."""
    with closing(database.connect(MIGRATOR)) as connection:
        verify_file.in_the_dashboard(connection, verification).check()


@pytest.mark.clause("V2")
def test_each_change_is_found_and_named(superuser_session: Session, verification: Path, change: str, says: str) -> None:
    """Whatever is changed, it fails with an error that says what is wrong, of which clause, and what must be."""
    superuser_session.connection.execute(change.encode(), prepare=False)
    superuser_session.run("SET LOCAL ROLE postgres")
    assert f"  {says}" in verify_file.inside(superuser_session.connection, verification).deviations
