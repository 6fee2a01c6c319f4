"""Exposed objects: what everything in a schema that the API offers must keep, whichever migration made it."""

from itertools import product
from pathlib import Path

import pytest

from tests.harness.catalog.deviations import Deviations, check_needed, read_deviations
from tests.harness.catalog.rules import RULES, Rule
from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins.databases import Clone, Pool, under_both_default_privileges
from tests.harness.server.session import Session
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

FILE = Path(__file__).with_name("deviations.toml")


@pytest.fixture(scope="module")
def deviations(shared: Clone, pool: Pool) -> Deviations:
    """The known deviations, each of them needed under one setting of the default privileges at least."""
    known = read_deviations(FILE, {rule.clause for rule in RULES})
    findings = []
    for default_privileges, rule in product(DEFAULT_PRIVILEGES if known else (), RULES):
        session = Session(pool(shared(default_privileges), SUPERUSER))
        findings += rule.broken_by(session)
        session.end()
    check_needed(FILE, known, findings)
    return known


@under_both_default_privileges
@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.name, marks=pytest.mark.clause(rule.clause)) for rule in RULES]
)
def test_everything_exposed_keeps_the_rule(superuser_session: Session, deviations: Deviations, rule: Rule) -> None:
    """Tables, policies, privileges, functions, views and indexes of an exposed schema keep this rule."""
    broken = [each for each in rule.broken_by(superuser_session) if (each.clause, each.object) not in deviations]
    if broken:
        lines = "\n".join(f"    {each.object}: {each.what}" for each in broken)
        pytest.fail(
            f"{rule.clause} is broken in an exposed schema:\n{lines}\nHint: {rule.hint} "
            f"If it must stay, enter clause, object and reason into {FILE.name}.",
            pytrace=False,
        )
