"""What a migration makes may stand there already in another shape: it mends that, or refuses; it never says success."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.harness import fingerprint
from tests.harness.deliveries import by_dashboard
from tests.harness.divergence import Divergence, diverge, divergences, run_inside
from tests.harness.fingerprint import Lines
from tests.harness.fix_database import in_both_eras
from tests.harness.server import SUPERUSER
from tests.harness.step import Step, broken, read

pytestmark = in_both_eras

MEND = "let the file compare what stands there with what it makes, and RAISE EXCEPTION with the difference."


@pytest.mark.clause("I9")
def test_no_single_difference_is_taken_for_success(step: Step) -> None:
    """Whichever one thing stands otherwise, of all that it makes, it mends that or fails and names it."""
    with step.after() as database, closing(database.connect(SUPERUSER)) as connection:
        for divergence in divergences(step):
            connection.execute("BEGIN")
            if diverge(connection, divergence):
                end = run_inside(connection, step)
                _met_or_refused(step, [divergence], str(end) if isinstance(end, psycopg.Error) else end)
            connection.execute("ROLLBACK")


@pytest.mark.clause("I9")
@given(data=st.data())
@settings(max_examples=5)
def test_differences_are_mended_or_refused(step: Step, data: st.DataObject) -> None:
    """On a table full of rows where one or two things stand otherwise, it mends them, or fails and touches nothing."""
    series = st.lists(st.sampled_from(divergences(step)), min_size=1, max_size=2, unique_by=repr)
    wanted = data.draw(series, label="what stands otherwise")
    with step.after(filled=True) as database:
        with closing(database.connect(SUPERUSER)) as connection:
            connection.execute("BEGIN")
            there = [divergence for divergence in wanted if diverge(connection, divergence)]
            connection.execute("COMMIT")
        assume(there)
        before = read(database, fingerprint.everything)
        error = by_dashboard(database, step.migration).error
        _met_or_refused(step, there, error or read(database))
        if error:
            now = read(database, fingerprint.everything)
            step.same(before, now, f"it refused {there}, and changed something.", must="nothing is changed.", mend=MEND)


def _met_or_refused(step: Step, there: list[Divergence], end: str | Lines) -> None:
    __tracebackhide__ = True
    must = "it ends as a clean run does, or fails with an error that says what differs."
    if not isinstance(end, str):
        step.same(step.clean, end, f"{there}, and the file says success.", must=must, mend=MEND)
    elif not any(divergence.name in end for divergence in there):
        broken(step.at(), f"{there}, and the file says only: {end}", must=must, mend=MEND)
