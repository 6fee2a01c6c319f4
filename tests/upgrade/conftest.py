"""The fixtures of this room: one parameter per migration file, databases for each case, a server that may be killed."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.statements import is_alone
from tests.harness.plugins.options import worker
from tests.harness.plugins.stash import CONTRACTS, MIGRATIONS
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import RunningServer, Server
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.rows import Rows


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `migration`, or for a case of one, once for each new file."""
    if "migration" in metafunc.fixturenames:
        files = [each for each in metafunc.config.stash[MIGRATIONS] if each.is_event]
        metafunc.parametrize("migration", files, ids=[each.name for each in files])


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest, migrations_folder: MigrationsFolder) -> Rows:
    """The rows of every table: those of the contracts of this run, and those that come with the migrations."""
    return Rows(
        {each.table.qualified_name: each.rows for each in request.config.stash[CONTRACTS]},
        migrations_folder.rows,
        must_fill=migrations_folder.settings.asks_for("I2"),
    )


@pytest.fixture(scope="session")
def databases(
    server: Server, migrations: Sequence[Migration], rows: Rows, request: pytest.FixtureRequest
) -> Iterator[DatabaseFactory]:
    """The databases of this room, which can have rows in every table."""
    keeps = request.config.option.keep is not None
    with closing(DatabaseFactory(server, worker(), migrations, rows.fill, keeps_failures=keeps)) as factory:
        yield factory


@pytest.fixture
def case(
    databases: DatabaseFactory, migration: Migration, default_privileges: str, migrations_folder: MigrationsFolder
) -> MigrationCase:
    """The migration as an event, under these default privileges."""
    runs_again = migrations_folder.settings.asks_for("I2") and not is_alone(migration)
    return MigrationCase(databases, migration, default_privileges, runs_again)


@pytest.fixture
def crashable_server(
    request: pytest.FixtureRequest, migrations: Sequence[Migration], rows: Rows
) -> Iterator[tuple[RunningServer, DatabaseFactory]]:
    """A second server, which may be killed, and keeps its data as one in production does."""
    running = platform.start(
        installation.find(request.config.option.pg),
        # Not fsync: the machine goes on, and with it what the server has handed over to it.
        full_page_writes="on",
        synchronous_commit="on",
        wal_level="replica",
    )
    try:
        templates.build(running.server, migrations)
        databases = DatabaseFactory(running.server, worker(), migrations, rows.fill)
        yield running, databases
        databases.disconnect()
    finally:
        running.stop()
