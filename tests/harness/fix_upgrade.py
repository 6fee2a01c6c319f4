"""The room tests/upgrade: one parameter per migration file, a database for each step, and the option --locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness import platform, server
from tests.harness.fix_database import worker
from tests.harness.fix_gate import MIGRATIONS
from tests.harness.migration import Migration
from tests.harness.step import MortalWorkshop, Step, Workshop

LOCKS = "locks"
ROWS = Path(__file__).parents[1] / "upgrade" / "rows"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("gate").addoption(
        "--locks",
        action="store_true",
        help="print what each statement of each migration locks, rewrites and scans",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `migration`, or for a step of one, once for each file."""
    if "migration" in metafunc.fixturenames:
        files = metafunc.config.stash[MIGRATIONS]
        metafunc.parametrize("migration", files, ids=[each.name for each in files])


@pytest.fixture(scope="session")
def workshop(the_server: server.Server, migrations: Sequence[Migration]) -> Iterator[Workshop]:
    """Where databases are made."""
    with closing(the_server.connect(server.SUPERUSER)) as admin:
        yield Workshop(the_server, admin, worker(), migrations, ROWS)


@pytest.fixture
def step(workshop: Workshop, migration: Migration, era: str) -> Step:
    """The migration as an event, in the era."""
    return Step(workshop, migration, era)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tables of locks."""
    if not config.option.locks:
        return
    terminalreporter.section("locks")
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == LOCKS:
                    terminalreporter.line(str(value))


@pytest.fixture
def mortal(
    request: pytest.FixtureRequest, migrations: Sequence[Migration], migration: Migration
) -> Iterator[MortalWorkshop]:
    """A second server, which may be killed, and keeps its data as one in production does."""
    running = server.start(
        server.binaries(request.config.option.pg),
        # Not fsync: the machine goes on, and with it what the server has handed over to it.
        full_page_writes="on",
        synchronous_commit="on",
        wal_level="replica",
        # One for each statement, and some to look on.
        max_connections=str(len(migration.statements) + 20),
    )
    try:
        platform.build(running.server, migrations)
        workshop = MortalWorkshop(
            running.server, running.server.connect(server.SUPERUSER), worker(), migrations, ROWS, running=running
        )
        yield workshop
        workshop.admin.close()
    finally:
        running.stop()
