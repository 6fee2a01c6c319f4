"""What a migration makes may stand there already in another shape: it mends that, or refuses; it never says success."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.deliveries import by_dashboard
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support.case import MigrationCase, fail_at, read
from tests.upgrade.support.divergence import Divergence, diverge, divergences, run_in_transaction

pytestmark = under_both_default_privileges

MUST = "it ends as a clean run does, or fails with an error that names the object and says what differs."
HINT = "let the file compare what stands there with what it makes, and RAISE EXCEPTION with the difference."


@pytest.mark.clause("I9")
def test_no_single_difference_is_taken_for_success(case: MigrationCase) -> None:
    """Whichever one thing stands otherwise, of all that it makes, it mends that or fails and names it.

    Of what has no name of its own, such as an owner, it does not say the same as of something else.
    """
    told: dict[tuple[str, str], Divergence] = {}
    with case.after() as database, closing(database.connect(SUPERUSER)) as connection:
        for divergence in divergences(case):
            connection.execute("BEGIN")
            if diverge(connection, divergence):
                end = run_in_transaction(connection, case)
                _met_or_refused(case, [divergence], str(end) if isinstance(end, psycopg.Error) else end)
                if divergence.is_property and isinstance(end, psycopg.Error):
                    other = told.setdefault((divergence.name, str(end)), divergence)
                    if other != divergence:
                        fail_at(
                            case.at(), f"{other} or {divergence}, the file says the same: {end}", must=MUST, hint=HINT
                        )
            connection.execute("ROLLBACK")


@pytest.mark.clause("I9")
@given(data=st.data())
@settings(max_examples=5)
def test_differences_are_mended_or_refused(case: MigrationCase, data: st.DataObject) -> None:
    """On a table full of rows where one or two things stand otherwise, it mends them, or fails and touches nothing."""
    if not (possible := divergences(case)):
        # A back-fill, say, makes nothing that could stand there already.
        return
    series = st.lists(st.sampled_from(possible), min_size=1, max_size=2, unique_by=repr)
    wanted = data.draw(series, label="what stands otherwise")
    with case.after(filled=True) as database:
        with closing(database.connect(SUPERUSER)) as connection:
            connection.execute("BEGIN")
            there = [divergence for divergence in wanted if diverge(connection, divergence)]
            connection.execute("COMMIT")
        assume(there)
        before = read(database, snapshots.everything)
        error = by_dashboard(database, case.migration).error
        _met_or_refused(case, there, error or read(database))
        if error:
            now = read(database, snapshots.everything)
            case.check_same(
                before, now, f"it refused {there}, and changed something.", must="nothing is changed.", hint=HINT
            )


def _met_or_refused(case: MigrationCase, there: list[Divergence], end: str | Lines) -> None:
    __tracebackhide__ = True
    if not isinstance(end, str):
        case.check_same(case.catalog_after, end, f"{there}, and the file says success.", must=MUST, hint=HINT)
    elif not any(divergence.name in end for divergence in there):
        fail_at(case.at(), f"{there}, and the file says only: {end}", must=MUST, hint=HINT)
