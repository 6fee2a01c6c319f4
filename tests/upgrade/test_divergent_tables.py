"""What a migration makes may stand there already in another shape: it mends that, or refuses; it never says success."""

from contextlib import closing

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.deliveries import Refusal, by_dashboard
from tests.harness.migrations.statements import definitions
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.divergence import Divergence, diverge, divergences

INVALIDATE = "UPDATE pg_index SET indisvalid = false FROM pg_class WHERE oid = indexrelid AND relname = ANY (%s)"
INVALID = "SELECT FROM pg_index INNER JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid AND relname = ANY (%s)"

pytestmark = [under_both_default_privileges, pytest.mark.asked_for]


@pytest.mark.in_a_transaction
@pytest.mark.clause("I9")
def test_no_single_difference_is_taken_for_success(case: MigrationCase) -> None:
    """Whichever one thing stands otherwise, of all that it makes, it mends that or fails and names it.

    Of what has no name of its own, such as an owner, it does not say the same as of something else. What has one is
    tried under one of the default privileges: it does not depend on what is granted by default.
    """
    told: dict[tuple[str, str], Divergence] = {}
    with case.after() as database, closing(database.connect(SUPERUSER)) as connection:
        possible = divergences(case)
        shared = case.share([each for each in possible if not each.is_property])
        for divergence in [each for each in possible if each.is_property or each in shared]:
            connection.execute("BEGIN")
            if diverge(connection, divergence):
                result = case.run_work(connection)
                end = str(result.error) if isinstance(result, Refusal) else result
                _met_or_refused(case, [divergence], end)
                if divergence.is_property and isinstance(end, str):
                    other = told.setdefault((divergence.name, end), divergence)
                    if other != divergence:
                        case.fail("same_refusal", other=other, divergence=divergence, end=end)
            connection.execute("ROLLBACK")


@pytest.mark.in_a_transaction
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
        before = case.read(database, snapshots.everything)
        error = by_dashboard(database, case.migration).error
        _met_or_refused(case, there, error or case.read(database))
        if error:
            case.check_same(before, case.read(database, snapshots.everything), "refused_and_changed", there=there)


@pytest.mark.alone
@pytest.mark.clause("I9")
def test_no_invalid_index_is_taken_for_success(case: MigrationCase) -> None:
    """Where CREATE INDEX CONCURRENTLY was stopped and its index is invalid, a new run makes it valid, or fails."""
    with case.after() as database, closing(database.connect(SUPERUSER)) as connection:
        connection.execute("SET allow_system_table_mods = on")
        names = [each.name for each in definitions(case.migration)]
        connection.execute(INVALIDATE, (names,))
        error = by_dashboard(database, case.migration).error
        if error is None and connection.execute(INVALID, (names,)).fetchone() is not None:
            case.fail("invalid_index")


def _met_or_refused(case: MigrationCase, there: list[Divergence], end: str | Lines) -> None:
    __tracebackhide__ = True
    if not isinstance(end, str):
        case.check_same(case.catalog_after, end, "taken_for_success", there=there)
    elif not any(divergence.name in end for divergence in there):
        case.fail("refusal_without_name", there=there, end=end)
