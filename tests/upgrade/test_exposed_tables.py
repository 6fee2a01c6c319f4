"""Exposed tables: what everything in a schema that the API offers owes, whichever migration made it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.harness import clauses, platform
from tests.harness.deviations import Deviations, demand_need, read
from tests.harness.exposed import DUES, Due
from tests.harness.fix_database import Clone, Pool, in_both_eras
from tests.harness.server import SUPERUSER
from tests.harness.session import Session

FILE = Path(__file__).with_name("deviations.toml")


@pytest.fixture(scope="module")
def deviations(shared: Clone, pool: Pool) -> Deviations:
    """The deviations that are known, each of them needed in one era at least."""
    known = read(FILE, clauses.read())
    findings = []
    for era, due in product(platform.ERAS if known else (), DUES):
        session = Session(pool(shared(era), SUPERUSER))
        findings += due.broken_by(session)
        session.end()
    demand_need(FILE, known, findings)
    return known


@in_both_eras
@pytest.mark.parametrize("due", [pytest.param(due, id=due.name, marks=pytest.mark.clause(due.clause)) for due in DUES])
def test_everything_exposed_keeps_its_dues(inspector: Session, deviations: Deviations, due: Due) -> None:
    """Tables, policies, privileges, functions, views and indexes of an exposed schema keep this rule."""
    broken = [each for each in due.broken_by(inspector) if (each.clause, each.object) not in deviations]
    if broken:
        lines = "\n".join(f"    {each.object}: {each.what}" for each in broken)
        pytest.fail(
            f"{due.clause} is broken in an exposed schema:\n{lines}\nWhat must be: {due.must}\nTo mend it: {due.mend} "
            f"If it must stay, enter clause, object and reason into {FILE.name}.",
            pytrace=False,
        )
