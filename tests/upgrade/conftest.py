"""The fixtures of this room: one parameter per migration file, databases for each case, a server that may be killed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from tests.harness.core.paths import ROWS
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.plugins.databases import worker
from tests.harness.plugins.start import MIGRATIONS
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates
from tests.upgrade.support.case import CrashableServer, DatabaseFactory, MigrationCase


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `migration`, or for a case of one, once for each file."""
    if "migration" in metafunc.fixturenames:
        files = metafunc.config.stash[MIGRATIONS]
        metafunc.parametrize("migration", files, ids=[each.name for each in files])


@pytest.fixture(scope="session")
def workshop(the_server: Server, migrations: Sequence[Migration]) -> Iterator[DatabaseFactory]:
    """Where databases are made."""
    with closing(the_server.connect(SUPERUSER)) as admin:
        yield DatabaseFactory(the_server, admin, worker(), migrations, ROWS)


@pytest.fixture
def case(workshop: DatabaseFactory, migration: Migration, default_privileges: str) -> MigrationCase:
    """The migration as an event, under these default privileges."""
    return MigrationCase(workshop, migration, default_privileges)


@pytest.fixture
def crashable_server(
    request: pytest.FixtureRequest, migrations: Sequence[Migration], migration: Migration
) -> Iterator[CrashableServer]:
    """A second server, which may be killed, and keeps its data as one in production does."""
    running = lifecycle.start(
        installation.find(request.config.option.pg),
        # Not fsync: the machine goes on, and with it what the server has handed over to it.
        full_page_writes="on",
        synchronous_commit="on",
        wal_level="replica",
        # One for each statement, and some to look on.
        max_connections=str(len(migration.statements) + 20),
    )
    try:
        templates.build(running.server, migrations)
        workshop = CrashableServer(
            running.server, running.server.connect(SUPERUSER), worker(), migrations, ROWS, running=running
        )
        yield workshop
        workshop.admin.close()
    finally:
        running.stop()
