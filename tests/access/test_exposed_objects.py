"""Exposed objects: what everything in a schema that the API offers must keep, whichever migration made it."""

from collections.abc import Sequence
from itertools import product

import pytest

from tests.harness.catalog.deviations import Deviations, check_needed, read_deviations
from tests.harness.catalog.places import told
from tests.harness.catalog.rules import RULES, Rule
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import Clone, Pool, under_both_default_privileges
from tests.harness.server.session import Session
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

# A table that is closed on purpose has no policy for what the default privileges give.
OF_HOUSE_STYLE = ("E4",)


@pytest.fixture(scope="module")
def deviations(shared: Clone, pool: Pool, migrations_folder: MigrationsFolder) -> Deviations:
    """The known deviations, each of them needed under one setting of the default privileges at least."""
    settings = migrations_folder.settings
    known = read_deviations(settings.file, settings.deviation, {rule.clause for rule in RULES})
    findings = []
    for default_privileges, rule in product(DEFAULT_PRIVILEGES if known else (), RULES):
        session = Session(pool(shared(default_privileges), SUPERUSER))
        findings += rule.broken_by(session, settings.exposed_schemas)
        session.end()
    check_needed(settings.file, known, findings)
    return known


@under_both_default_privileges
@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(
            rule,
            id=rule.name,
            marks=[pytest.mark.clause(rule.clause), *[pytest.mark.asked_for] * (rule.clause in OF_HOUSE_STYLE)],
        )
        for rule in RULES
    ],
)
def test_everything_exposed_keeps_the_rule(
    superuser_session: Session,
    deviations: Deviations,
    migrations: Sequence[Migration],
    migrations_folder: MigrationsFolder,
    rule: Rule,
) -> None:
    """Tables, policies, privileges, functions, views and indexes of an exposed schema keep this rule."""
    found = rule.broken_by(superuser_session, migrations_folder.settings.exposed_schemas)
    if broken := [each for each in found if (each.clause, each.object) not in deviations]:
        pytest.fail(
            f"{told(broken, migrations)}\nHint: {rule.hint} If it must stay, enter clause, object and reason into "
            f"{migrations_folder.settings.file.name}.",
            pytrace=False,
        )
