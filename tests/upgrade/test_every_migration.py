"""Every migration applies once, changes nothing when run again, and completes what an interruption left half done."""

from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.pq import TransactionStatus

from tests.harness.catalog import snapshots
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.deliveries import FAILS, Delivery, Refusal, by_dashboard, by_psql, rewritten
from tests.harness.migrations.files import apply
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.interruption import TRANSACTION, StoppedRun, interrupt, run_in_autocommit, stopped_runs
from tests.upgrade.support.notifications import notifications_during

PLAIN_PROJECT = Path(__file__).with_name("surroundings").joinpath("plain_project.sql").read_bytes()

pytestmark = under_both_default_privileges


@pytest.mark.asked_for
@pytest.mark.clause("I1")
def test_a_plain_project_is_enough(case: MigrationCase) -> None:
    """It applies where there is no extension and no schema `auth`, by an owner who is not a superuser."""
    with case.before() as database, closing(database.connect(MIGRATOR)) as connection:
        with closing(database.connect(SUPERUSER)) as preparing:
            preparing.execute(PLAIN_PROJECT)
        apply(connection, case.migration)
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            case.fail("still_open", case.migration.statements[-1])


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I2")
def test_a_second_run_changes_nothing(case: MigrationCase) -> None:
    """Run again on thousands of rows, it leaves catalog, tables, indexes and every row's version as they were."""
    with case.after(filled=True) as database:
        before = {view: case.read(database, view) for view in (snapshots.catalog, snapshots.identities, snapshots.rows)}
        case.run(database)
        case.run(database)
        for view, was in before.items():
            if (now := case.read(database, view)) != was:
                with case.after(filled=True) as spare:
                    case.check_same(was, now, "second_run", case.changing_statement(spare, view))


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I3")
def test_a_run_completes_what_stopped_after_any_statement(case: MigrationCase) -> None:
    """Stopped after each of its statements in turn, in autocommit, a new run ends as one clean run does.

    After every other one under each default privileges: what is granted by default is not what this hangs on.
    """
    with ExitStack() as stack:
        database = stack.enter_context(case.before())
        halting, again = (stack.enter_context(closing(database.connect(user))) for user in (MIGRATOR, SUPERUSER))
        followed = case.share(range(len(case.work)))
        for number, statement in enumerate(case.work):
            run_in_autocommit(halting, statement)
            if number not in followed:
                continue
            # A session that stopped holds no lock any more.
            halting.execute("SELECT pg_catalog.pg_advisory_unlock_all()")
            again.execute("BEGIN")
            end = case.run_work(again)
            again.execute("ROLLBACK")
            # As a new session begins.
            again.execute("DISCARD ALL")
            if isinstance(end, Refusal):
                case.fail("half_way_fails", end.statement, error=end.error)
            case.check_same(case.catalog_after, end, "half_way_differs", statement)


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I3", "I4")
def test_a_stopped_transaction_leaves_nothing(case: MigrationCase) -> None:
    """Stopped after any statement inside its own transaction, it leaves the database as it was.

    After every other one under each default privileges, and under both where a transaction begins or ends.
    """
    points = {*case.share(range(1, len(case.migration.statements))), *case.transaction_ends}
    attempts = [
        (case.migration.statements[number - 1], partial(interrupt, case, stopped_run=StoppedRun(TRANSACTION, number)))
        for number in sorted(points)
    ]
    case.check_nothing_stays(attempts, "connection_lost")


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I3")
@given(data=st.data())
@settings(max_examples=5)
def test_a_series_of_stopped_runs_does_no_harm(case: MigrationCase, data: st.DataObject) -> None:
    """However many runs stopped, wherever each one did, and with rows written in between, the next one completes it."""
    with case.before() as database:
        for stopped_run in data.draw(st.lists(stopped_runs(case), min_size=1, max_size=3), label="stopped runs"):
            interrupt(case, database, stopped_run)
            if data.draw(st.booleans(), label="then rows"):
                case.databases.fill(database)
        case.run(database)
        case.check_clean(database, "stopped_runs")


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I10")
def test_the_api_is_told_at_commit(case: MigrationCase) -> None:
    """When it commits, and not before, whoever listens on channel `pgrst` hears `reload schema`."""
    last = len(case.migration.statements) - 1
    with case.before() as database:
        early = notifications_during(database, lambda: interrupt(case, database, StoppedRun(TRANSACTION, last)))
        words = notifications_during(database, lambda: case.run(database))
    if (early, words) != ([], ["reload schema"]):
        case.fail("api_not_told", case.migration.statements[-1], words=words, early=early)


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.clause("I10")
@pytest.mark.parametrize("delivery", [pytest.param(by_dashboard, id="dashboard"), pytest.param(by_psql, id="psql")])
def test_the_api_is_not_told_of_a_failure(case: MigrationCase, delivery: Delivery) -> None:
    """When its last statement before the end fails, nothing is sent; not by a psql that goes on after it, either."""
    texts = [each.text for each in case.migration.statements]
    fails = rewritten(case.migration, *texts[:-1], FAILS, texts[-1])
    with case.before() as database:
        words = notifications_during(database, lambda: delivery(database, fails))
    if words:
        case.fail("api_told_of_failure", words=words)
