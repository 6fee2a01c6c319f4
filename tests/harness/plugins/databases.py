"""Fixtures of databases, copied from the migrated template, and of sessions on them."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing

import pytest

from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import creating_migration
from tests.harness.plugins.options import worker
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

with_and_without_bypassrls = pytest.mark.parametrize(
    "bypassrls", [True, False], ids=["bypassing", "not bypassing"], indirect=True
)
under_both_default_privileges = pytest.mark.parametrize("default_privileges", DEFAULT_PRIVILEGES, indirect=True)


# The sessions that a test has opened.
SESSIONS = pytest.StashKey[list[Session]]()
Clone = Callable[[str], Database]


@pytest.fixture(scope="session")
def databases(
    server: Server, migrations: Sequence[Migration], request: pytest.FixtureRequest
) -> Iterator[DatabaseFactory]:
    """The factory of databases; what it keeps is dropped at the end of the run."""
    keeps = request.config.option.keep is not None
    with closing(DatabaseFactory(server, worker(), migrations, keeps_failures=keeps)) as factory:
        yield factory


@pytest.fixture(scope="session")
def clone(databases: DatabaseFactory) -> Clone:
    """Copy a template, for the whole run; before any migration the copy is the migrator's, as on the platform."""

    def make(template: str) -> Database:
        unmigrated = template in map(templates.unmigrated, DEFAULT_PRIVILEGES)
        return databases.keep(databases.lend(template, MIGRATOR if unmigrated else SUPERUSER))

    return make


@pytest.fixture
def default_privileges(request: pytest.FixtureRequest) -> str:
    """The platform's default privileges: `explicit`, unless the test is marked `under_both_default_privileges`."""
    return str(getattr(request, "param", "explicit"))


@pytest.fixture(scope="session")
def shared(clone: Clone) -> Clone:
    """The migrated database that tests share, one for each default privileges; made when a test first asks for it."""
    return functools.cache(lambda default_privileges: clone(templates.migrated(default_privileges)))


@pytest.fixture
def database(shared: Clone, default_privileges: str) -> Database:
    """A migrated database that other tests use too: nothing may be committed to it."""
    return shared(default_privileges)


class Pool:
    """Connections that are used again, as PostgREST's are: one for each database and user."""

    def __init__(self) -> None:
        self._kept: dict[Database, dict[str, Connection]] = defaultdict(dict)

    def connection(self, database: Database, user: str) -> Connection:
        """Return the connection to a database as a user, open."""
        kept = self._kept[database]
        if user not in kept or kept[user].closed:
            kept[user] = database.connect(user)
        return kept[user]

    def forget(self, database: Database) -> None:
        """Close the connections to a database."""
        for connection in self._kept.pop(database, {}).values():
            connection.close()

    def close(self) -> None:
        """Close every connection."""
        for database in [*self._kept]:
            self.forget(database)


@pytest.fixture(scope="module")
def pool(databases: DatabaseFactory) -> Iterator[Pool]:
    """The pool of a module: a connection that has read the catalog, or prepared much, takes much memory."""
    with closing(Pool()) as pool:
        yield pool


@pytest.fixture
def own_database(databases: DatabaseFactory, pool: Pool, default_privileges: str) -> Iterator[Database]:
    """A migrated database of the test's own, for what must be committed."""
    with databases.lend(templates.migrated(default_privileges), SUPERUSER) as database:
        yield database
        pool.forget(database)


OpenSession = Callable[[Database, str], Session]


@pytest.fixture
def open_session(pool: Pool, request: pytest.FixtureRequest) -> Iterator[OpenSession]:
    """Sessions on any database, as any user; after the test everything done in them is taken back."""
    opened = request.node.stash.setdefault(SESSIONS, [])
    with ExitStack() as ending:

        def start(database: Database, user: str) -> Session:
            session = Session(pool.connection(database, user))
            opened.append(session)
            ending.callback(session.end)
            return session

        yield start


@pytest.fixture
def bypassrls(request: pytest.FixtureRequest) -> bool:
    """Whether service_role has BYPASSRLS, as on Supabase, unless the test is marked `with_and_without_bypassrls`."""
    return bool(getattr(request, "param", True))


@pytest.fixture
def session(open_session: OpenSession, database: Database, bypassrls: bool) -> Session:
    """A session of `authenticator`, as PostgREST's, whose transaction is rolled back after the test."""
    if bypassrls:
        return open_session(database, "authenticator")
    # The attribute is taken away in this transaction alone, by a superuser who becomes authenticator until its end.
    session = open_session(database, SUPERUSER)
    session.run("ALTER ROLE service_role NOBYPASSRLS")
    session.run("SET LOCAL SESSION AUTHORIZATION authenticator")
    return session


@pytest.fixture
def superuser_session(open_session: OpenSession, database: Database) -> Session:
    """A session of the bootstrap superuser, for preparing and reading the catalog only."""
    return open_session(database, SUPERUSER)


CreatedBy = Callable[[TableSpec], int]


@pytest.fixture(scope="session")
def created_by(migrations: Sequence[Migration]) -> CreatedBy:
    """Return which of the migrations (from 0) makes a table; no test that asks is tried where a baseline makes it."""
    return lambda table: creating_migration(migrations, table.name)


AroundCreation = Callable[[TableSpec], tuple[Database, Database]]


@pytest.fixture
def around_creation(
    databases: DatabaseFactory, pool: Pool, created_by: CreatedBy, default_privileges: str
) -> Iterator[AroundCreation]:
    """Databases before and after the migration that makes a table, and no later one, until the test's end."""
    with ExitStack() as lent:

        def make(table: TableSpec) -> tuple[Database, Database]:
            number = created_by(table)
            before, after = (
                lent.enter_context(databases.project(default_privileges, applied)) for applied in (number, number + 1)
            )
            for database in (before, after):
                lent.callback(pool.forget, database)
            return before, after

        yield make
