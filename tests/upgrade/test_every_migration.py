"""Every migration applies once, changes nothing when run again, and completes what an interruption left half done."""

from __future__ import annotations

from contextlib import closing
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness import fingerprint, platform
from tests.harness.deliveries import FAILS, Delivery, by_dashboard, by_psql, rewritten
from tests.harness.fix_database import in_both_eras
from tests.harness.interruption import (
    TRANSACTION,
    Attempt,
    attempts,
    catalogue_after_a_run,
    interrupt,
    run_alone,
)
from tests.harness.notifications import RELOAD, heard
from tests.harness.step import Step, broken, fill, read

pytestmark = in_both_eras

ORDINARY = """
SELECT rolname FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = 'auth'
UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
"""


@pytest.mark.clause("I1")
def test_a_plain_project_is_enough(step: Step) -> None:
    """It applies where there is no extension and no schema `auth`, by an owner who is not a superuser."""
    with step.before() as database:
        with closing(database.connect(platform.MIGRATOR)) as connection:
            assert connection.execute(ORDINARY).fetchall() == []
        before = read(database, fingerprint.everything)
        step.run(database)
        if read(database, fingerprint.everything) == before:
            broken(
                step.at(),
                "the file says success, and nothing of it is in the database.",
                must="what it makes is there when it has run.",
                mend="end a BEGIN with COMMIT.",
            )


@pytest.mark.clause("I2")
@pytest.mark.parametrize(
    "view", [fingerprint.catalogue, fingerprint.identities, fingerprint.rows], ids=["catalogue", "files", "rows"]
)
def test_a_second_run_changes_nothing(step: Step, view: fingerprint.View) -> None:
    """Run again on thousands of rows, it leaves catalogue, tables, indexes and every row's version as they were."""
    with step.after(filled=True) as database, step.after(filled=True) as spare:
        before = read(database, view)
        step.run(database)
        step.run(database)
        if (after := read(database, view)) != before:
            step.same(
                before,
                after,
                "run again, the file changes what is there.",
                at=step.at(step.culprit(spare, view)),
                must="a second run changes nothing, and drops, makes again or rewrites nothing.",
                mend="guard the statement, so that it does nothing where its work is done.",
            )


@pytest.mark.clause("I3")
def test_a_run_completes_what_stopped_after_any_statement(step: Step) -> None:
    """Stopped after each of its statements in turn, in autocommit, a new run ends as one clean run does.

    After every other one in each era: what is granted by default is not what this hangs on.
    """
    with step.before() as database, closing(database.connect(platform.MIGRATOR)) as halting:
        for number, statement in enumerate(step.work):
            run_alone(halting, statement)
            if number % len(platform.ERAS) != platform.ERAS.index(step.era):
                continue
            step.same(
                step.clean,
                catalogue_after_a_run(step, database),
                "stopped after this statement, and run again, the file ends in another catalogue.",
                at=step.at(statement),
                must="it ends as one clean run does, wherever an earlier run stopped.",
                mend="let each statement look at what is there, and not at whether the one before it ran.",
            )


@pytest.mark.clause("I3", "I4")
def test_a_stopped_transaction_leaves_nothing(step: Step) -> None:
    """Stopped after any statement inside its own transaction, it leaves the database as it was."""
    step.nothing_stays(
        [
            (statement, partial(interrupt, step, attempt=Attempt(TRANSACTION, number)))
            for number, statement in enumerate(step.migration.statements[:-1], start=1)
        ],
        "the connection is lost after this statement, and something of the file stays.",
        must="nothing stays of a run that did not reach its end.",
        mend="begin the file with BEGIN and end it with COMMIT.",
    )


@pytest.mark.clause("I3")
@given(data=st.data())
@settings(max_examples=5)
def test_a_series_of_stopped_runs_does_no_harm(step: Step, data: st.DataObject) -> None:
    """However many runs stopped, wherever each one did, and with rows written in between, the next one completes it."""
    with step.before() as database:
        for attempt in data.draw(st.lists(attempts(step), min_size=1, max_size=3), label="stopped runs"):
            interrupt(step, database, attempt)
            if data.draw(st.booleans(), label="then rows"):
                with closing(database.connect(platform.MIGRATOR)) as connection:
                    fill(connection, step.workshop.rows)
        step.run(database)
        step.same(
            step.clean,
            read(database),
            "after these stopped runs, the file ends in another catalogue.",
            must="it ends as one clean run does.",
            mend="let each statement look at what is there, and not at whether the one before it ran.",
        )


@pytest.mark.clause("I10")
def test_the_api_is_told_at_commit(step: Step) -> None:
    """When it commits, and not before, whoever listens on channel `pgrst` hears `reload schema`."""
    last = len(step.migration.statements) - 1
    with step.before() as database:
        early = heard(database, lambda: interrupt(step, database, Attempt(TRANSACTION, last)))
        words = heard(database, lambda: step.run(database))
    if (early, words) != ([], [RELOAD]):
        broken(
            step.at(step.migration.statements[-1]),
            f"a listener on pgrst heard {words} of a run, and {early} of one that did not commit.",
            must=f"it hears [{RELOAD!r}] of the run, and nothing of the other.",
            mend=f"NOTIFY pgrst, '{RELOAD}', once, inside the file's transaction.",
        )


@pytest.mark.clause("I10")
@pytest.mark.parametrize("delivery", [pytest.param(by_dashboard, id="dashboard"), pytest.param(by_psql, id="psql")])
def test_the_api_is_not_told_of_a_failure(step: Step, delivery: Delivery) -> None:
    """When its last statement before the end fails, nothing is sent; not by a psql that goes on after it, either."""
    texts = [each.text for each in step.migration.statements]
    fails = rewritten(step.migration, *texts[:-1], FAILS, texts[-1])
    with step.before() as database:
        words = heard(database, lambda: delivery(database, fails))
    if words:
        broken(
            step.at(),
            f"the file failed, and a listener on pgrst heard {words}.",
            must="nothing is sent when nothing was done.",
            mend="let NOTIFY be part of the file's transaction.",
        )
