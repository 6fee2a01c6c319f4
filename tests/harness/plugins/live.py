"""The clauses of structure on a live database, for drift: --database-url.

A test that asks for `catalog_session`, and for nothing that needs a server of the gate's own, runs there as well as
here. The rest is deselected, and the run says so. Not S9: it is of what one migration adds, and a live database holds
more than the table.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.harness.catalog import live
from tests.harness.catalog.live import CannotRead, ReadOnlySession
from tests.harness.core.outcomes import Done
from tests.harness.plugins.clauses import ids_of
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.single_report import report_only
from tests.harness.plugins.stash import ADDRESS
from tests.harness.plugins.verdict import cannot_run
from tests.harness.server.connection import Connection
from tests.harness.server.pipeline import SQL
from tests.harness.server.session import Session
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

LIVE = pytest.StashKey[Connection]()
DESCRIPTION = pytest.StashKey[str]()
JUDGED = pytest.StashKey[str]()


class LiveSession(ReadOnlySession):
    """A session whose server may go away, or keep it waiting: that breaks no clause, and ends the run."""

    def run(self, query: SQL, parameters: Sequence[object] | Mapping[str, object] = ()) -> Done:
        """Execute a query, or end the run."""
        try:
            return super().run(query, parameters)
        except psycopg.OperationalError:
            cannot_run(MESSAGES["live_database_lost"])


@contextmanager
def _looking(config: pytest.Config) -> Iterator[LiveSession]:
    """Look at the live database; where it cannot be read, the run ends."""
    try:
        if LIVE not in config.stash:
            config.stash[LIVE] = live.connect(config.stash[ADDRESS])
            config.add_cleanup(config.stash[LIVE].close)
        session = LiveSession(config.stash[LIVE])
        yield session
        session.end()
    except CannotRead as reason:
        cannot_run(f"The gate cannot run: {reason}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Connect to the live database, once."""
    if ADDRESS in session.config.stash and not session.config.option.collectonly:
        with _looking(session.config) as looking:
            session.config.stash[DESCRIPTION] = live.describe(looking)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that reads the catalog under both default privileges, or on the live database as it is."""
    if "catalog_session" in metafunc.fixturenames:
        privileges = ["live"] if ADDRESS in metafunc.config.stash else DEFAULT_PRIVILEGES
        metafunc.parametrize("default_privileges", privileges, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that a live database can be judged by; if there is none among those chosen, that is an error."""
    if ADDRESS not in config.stash:
        return
    chosen = [item for item in items if _judges_what_is_there(item)]
    if not chosen:
        raise pytest.UsageError(MESSAGES["nothing_reads_a_live_database"])
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
    config.stash[JUDGED] = ", ".join(sorted({name for item in chosen for name in ids_of(item)}))
    if LIVE in config.stash:
        _look_for_the_tables(session, items)


def _look_for_the_tables(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Report once that a table is missing. A chapter calls the table that it is about TABLE."""
    tables = {item.module.TABLE.qualified_name for item in items if isinstance(item, pytest.Function)}
    with _looking(session.config) as looking:
        missing = live.missing(looking, tables)
    if missing:
        words = MESSAGES["no_table"].format(tables=", ".join(missing))
        report_only(session, items, "live::table", "the table is there", words, items[0].path, "S1")


def _judges_what_is_there(item: pytest.Item) -> bool:
    names: Sequence[str] = getattr(item, "fixturenames", ())
    return "catalog_session" in names and "server" not in names and all(name.startswith("S") for name in ids_of(item))


@pytest.fixture
def catalog_session(request: pytest.FixtureRequest, default_privileges: str) -> Iterator[Session]:
    """A session that reads the catalog: of a migrated database, or of the live one, which it cannot write to."""
    if LIVE in request.config.stash:
        with _looking(request.config) as looking:
            yield looking
    else:
        yield request.getfixturevalue("superuser_session")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the live database."""
    return [f"live database: {config.stash[DESCRIPTION]}"] if DESCRIPTION in config.stash else []


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was not judged."""
    if JUDGED in config.stash and DESCRIPTION in config.stash:
        terminalreporter.section("live database")
        terminalreporter.line(config.stash[DESCRIPTION])
        terminalreporter.line(MESSAGES["judged"].format(clauses=config.stash[JUDGED]))
