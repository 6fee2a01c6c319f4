"""The factory of databases: each is a copy under a name of its own, and nothing of it is left."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.plugins.options import worker
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session
from tests.harness.supabase import databases, templates
from tests.harness.supabase.databases import DatabaseFactory

ROW = "INSERT INTO public.calculator2_sessions (session_token) VALUES (repeat('x', 32)) ON CONFLICT DO NOTHING"


def fill(database: Database) -> None:
    """Put a row into the table."""
    with closing(database.connect(MIGRATOR)) as connection:
        connection.execute(ROW)


@pytest.fixture
def factory(server: Server, migrations: Sequence[Migration]) -> Iterator[DatabaseFactory]:
    """A factory that fills a table with one row; a migration more lets it make what the run has no template of."""
    more = [*migrations, migrations[-1]]
    with closing(DatabaseFactory(server, worker(), more, fill)) as made:
        yield made


def names(factory: DatabaseFactory) -> set[str]:
    """The server's databases that other tests do not make meanwhile."""
    rows = factory.superuser.execute("SELECT datname::text FROM pg_database WHERE datname ~ %s", (f"_{worker()}_",))
    return {str(name) for (name,) in rows}


def test_a_session_says_of_which_process_of_the_run_it_is(superuser_session: Session) -> None:
    """Those of a process that hangs are told from the others'."""
    assert superuser_session.run("SHOW application_name").rows == ((f"gate {worker()}",),)


def test_a_database_that_was_lent_is_dropped_with_its_sessions(factory: DatabaseFactory) -> None:
    """A session that is still open does not keep it; two copies of one template have different names."""
    before = names(factory)
    template = templates.unmigrated("explicit")
    with factory.lend(template) as one, factory.lend(template, SUPERUSER) as other:
        left_open = one.connect(MIGRATOR)
        assert names(factory) - before == {one.name, other.name}
    left_open.close()
    assert names(factory) == before


def test_a_database_that_is_lent_has_one_observer(factory: DatabaseFactory) -> None:
    """It is another one once it was closed, and is closed when the database is given back."""
    with factory.lend(templates.unmigrated("explicit")) as lent:
        first = factory.observer(lent)
        assert (first.info.user, first.info.dbname, factory.observer(lent)) == (SUPERUSER, lent.name, first)
        factory.close_observer(lent)
        last = factory.observer(lent)
        assert (first.closed, last.closed) == (True, False)
    assert last.closed


def test_dead_rows_are_not_copied_from_a_large_database(
    server: Server, migrations: Sequence[Migration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that works through its rows again and again would make every later state as large."""

    def churn(database: Database) -> None:
        with closing(database.connect(SUPERUSER)) as connection:
            connection.execute(
                "CREATE TABLE public.churned (a int); INSERT INTO public.churned SELECT generate_series(1, 9999)"
            )
            connection.execute("DELETE FROM public.churned")

    sizes = []
    for large in (databases.LARGE_BYTES, 0):
        monkeypatch.setattr(databases, "LARGE_BYTES", large)
        with (
            closing(DatabaseFactory(server, worker(), migrations, churn)) as factory,
            factory.project("explicit", len(migrations), filled=True) as database,
            closing(database.connect(SUPERUSER)) as connection,
        ):
            sizes.append(connection.execute("SELECT pg_relation_size('public.churned')").fetchone())
    assert sizes[0] != sizes[1] == (0,)


@pytest.mark.parametrize(("filled", "rows"), [(False, 0), (True, 1)], ids=["empty", "filled"])
def test_what_takes_long_is_made_once_and_copied(
    factory: DatabaseFactory, migrations: Sequence[Migration], filled: bool, rows: int
) -> None:
    """A copy has the migrations and the rows; the second one is made of the same template; closing drops it all."""
    before, made = names(factory), []
    for _ in range(2):
        with factory.project("explicit", len(migrations), filled=filled) as database:
            made.append(names(factory) - {database.name})
            with closing(database.connect(SUPERUSER)) as connection:
                found = connection.execute("SELECT FROM public.calculator2_sessions").fetchall()
    assert (len(found), made[0] > before) == (rows, True)
    assert made[0] == made[1]
    factory.close()
    with closing(factory):
        assert names(factory) == before
