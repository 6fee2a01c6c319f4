"""The harness's instruments, each once where it must be silent and once where it must speak."""

from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.deliveries import DeliveryResult
from tests.harness.migrations.files import Statement, split
from tests.harness.plugins.databases import Clone
from tests.harness.plugins.options import worker
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.cases import cases
from tests.selftest.events import GOOD, WORK, case_of, edited
from tests.upgrade.support import hygiene, interruption, locks
from tests.upgrade.support.concurrency import result_of
from tests.upgrade.support.divergence import Divergence, diverge, divergences
from tests.upgrade.support.locks import MODES, Observation

T = "public.calculator2_sessions"


@cases("instruments/transactions")
def test_a_transaction_out_of_its_pair_is_found(text: str, found: str) -> None:
    """The statement is the one to hint, and the reason is said; savepoints begin and end nothing."""
    unpaired = hygiene.find_unpaired(split(text, Path("it.sql")))
    assert (f"{unpaired[0].line}: {unpaired[1]}" if unpaired else "") == found


@cases("instruments/locks")
def test_work_under_a_lock_blocks(lock: str, rewritten: bool, read: int, blocks: bool) -> None:
    """A lock that writers do not mind blocks nobody, nor does one under which nothing is done."""
    seen = Observation("first run", Statement("x", 1), "t", MODES.index(lock), True, rewritten, read, 0, 0)
    assert seen.blocks is blocks


@cases("instruments/reasons")
def test_a_reason_stands_right_above_its_statement(server: Server, tmp_path: Path, text: str, found: bool) -> None:
    """It is words, and not another statement's."""
    with case_of(server, tmp_path, text) as event:
        assert (locks.find_reason(event, event.migration.statements[-1]) is not None) is found


def test_a_statement_that_needs_a_transaction_does_nothing_alone(clone: Clone) -> None:
    """A stopped run in autocommit goes on after a SAVEPOINT; another error is not passed over."""
    with closing(clone(templates.unmigrated("explicit")).connect(MIGRATOR)) as connection:
        interruption.run_in_autocommit(connection, Statement("SAVEPOINT a", 1))
        with pytest.raises(psycopg.errors.DivisionByZero):
            interruption.run_in_autocommit(connection, Statement("SELECT 1 / 0", 1))


def test_an_applier_that_waits_for_ever_is_an_error() -> None:
    """Its result says so; one that has ended has its own."""
    waiting: Future[DeliveryResult] = Future()
    assert result_of(waiting, 0.01).error == "it still waited after 0.01 s, and was ended"
    waiting.set_result(DeliveryResult(error="its own"))
    assert result_of(waiting).error == "its own"


def test_a_session_that_stays_is_told(server: Server) -> None:
    """The wait for a closed session has a bound."""
    with (
        closing(DatabaseFactory(server, worker(), exit_seconds=0.01)) as databases,
        closing(server.connect(SUPERUSER)) as there,
        pytest.raises(AssertionError, match="a session whose connection is closed does not end"),
    ):
        databases.wait_for_exit(there.info.backend_pid)


def test_the_culprit_is_who_settles_it(server: Server, tmp_path: Path) -> None:
    """What made it last, if it was dropped in between; of several things, the first; nobody, if nothing is changed."""
    again = edited((WORK, f"{WORK}\nDROP TABLE public.t;\nCREATE TABLE public.t ();\nCREATE TABLE public.u ();"))
    for text, line in ((again, 6), (edited((WORK, "SELECT 1;")), None)):
        with case_of(server, tmp_path, text) as event, event.before() as database:
            found = event.changing_statement(database, snapshots.catalog)
        assert (found.line if found is not None else None) == line


def test_what_is_made_anew_with_other_oids_is_the_same(superuser_session: Session) -> None:
    """An aggregate over a type of its own too, which the catalog of PostgreSQL knows by OIDs."""
    statements = """
        CREATE TYPE public.pair AS (a int, b int);
        CREATE FUNCTION public.{0}(public.pair, public.pair) RETURNS public.pair LANGUAGE sql AS 'SELECT $2';
        CREATE AGGREGATE public.last (public.pair) (SFUNC = public.{0}, STYPE = public.pair);
    """
    catalogs = []
    for name in ("of_two", "of_two", "of_2"):
        superuser_session.connection.execute(statements.format(name).encode(), prepare=False)
        catalogs.append(snapshots.catalog(superuser_session.connection))
        superuser_session.run("DROP TYPE public.pair CASCADE")
    assert catalogs[0] == catalogs[1]
    told = snapshots.difference(catalogs[0], catalogs[2])
    assert '"aggtransfn": "public.of_two"' in told
    assert '"aggtransfn": "public.of_2"' in told


def test_rows_that_are_taken_back_leave_nothing_to_see(superuser_session: Session) -> None:
    """In a table of the platform's that was empty neither, though its file has grown."""
    before = snapshots.everything(superuser_session.connection)
    superuser_session.run("SAVEPOINT it")
    superuser_session.run("INSERT INTO storage.buckets (id, name) VALUES ('a', 'a')")
    assert snapshots.everything(superuser_session.connection) != before
    superuser_session.run("ROLLBACK TO it")
    assert snapshots.everything(superuser_session.connection) == before


def test_what_an_earlier_migration_made_is_none_of_its_own(server: Server, tmp_path: Path) -> None:
    """Only what the file itself makes can stand otherwise on its account."""
    with case_of(server, tmp_path, GOOD) as event:
        words = [each.words for each in divergences(event)]
    assert words
    assert all("t" in each.split() or "t." in each for each in words), words
    with case_of(server, tmp_path, edited((WORK, "SELECT 1;"))) as event:
        assert divergences(event) == []


def test_a_divergence_that_cannot_be_leaves_the_transaction_open(superuser_session: Session) -> None:
    """What it needs is not there: it says so, and the next one can be tried."""
    assert not diverge(superuser_session.connection, Divergence("x", "x", False, "DROP TABLE public.none_such"))
    assert diverge(superuser_session.connection, Divergence("y", "y", False, f"DROP TABLE {T}"))
    assert superuser_session.run(f"SELECT to_regclass('{T}') IS NULL".encode()).rows == ((True,),)
