"""Exposed tables: what everything in a schema that the API offers owes, whichever migration made it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.harness.catalog.deviations import Deviations, demand_need, read
from tests.harness.catalog.rules import RULES, Rule
from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins import contract_page
from tests.harness.plugins.databases import Clone, Pool, under_both_default_privileges
from tests.harness.server.session import Session
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

FILE = Path(__file__).with_name("deviations.toml")


@pytest.fixture(scope="module")
def deviations(shared: Clone, pool: Pool) -> Deviations:
    """The deviations that are known, each of them needed under one setting of the default privileges at least."""
    known = read(FILE, contract_page.read())
    findings = []
    for default_privileges, due in product(DEFAULT_PRIVILEGES if known else (), RULES):
        session = Session(pool(shared(default_privileges), SUPERUSER))
        findings += due.broken_by(session)
        session.end()
    demand_need(FILE, known, findings)
    return known


@under_both_default_privileges
@pytest.mark.parametrize("due", [pytest.param(due, id=due.name, marks=pytest.mark.clause(due.clause)) for due in RULES])
def test_everything_exposed_keeps_its_dues(inspector: Session, deviations: Deviations, due: Rule) -> None:
    """Tables, policies, privileges, functions, views and indexes of an exposed schema keep this rule."""
    broken = [each for each in due.broken_by(inspector) if (each.clause, each.object) not in deviations]
    if broken:
        lines = "\n".join(f"    {each.object}: {each.what}" for each in broken)
        pytest.fail(
            f"{due.clause} is broken in an exposed schema:\n{lines}\nWhat must be: {due.must}\nHint: {due.hint} "
            f"If it must stay, enter clause, object and reason into {FILE.name}.",
            pytrace=False,
        )
