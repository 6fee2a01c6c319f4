"""Exposed objects: what everything in a schema that the API offers must keep, whichever migration made it."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product

import pytest

from tests.harness.catalog.deviations import Deviations, check_needed, read_deviations
from tests.harness.catalog.places import is_found, told
from tests.harness.catalog.rules import RULES, Finding, Rule
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import Clone, Pool
from tests.harness.report.failures import MAY_STAY
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES, unmigrated

# Of house style: a table that is closed on purpose has no policy for what the default privileges give; a function of
# the invoker's can do no more than its caller; and some cost time, or are taste.
EXPLICIT = {"E4", "E10", "E14", "E15", "E18", "E19", "E20", "E25", "E26", "E27"}
# What no file grants, every ordinary table holds where the default privileges are those of before 30 October 2026;
# PostgREST offers no way to use it.
OF_HOUSE_STYLE = {"explicit": EXPLICIT, "granting": EXPLICIT | {"E5"}}

Find = Callable[[str, Rule], list[Finding]]


@pytest.fixture(scope="module")
def find(
    shared: Clone,
    clone: Clone,
    pool: Pool,
    migrations_folder: MigrationsFolder,
    migrations: Sequence[Migration],
) -> Find:
    """Find what breaks a rule, and did not before any migration: no project can alter what is the platform's own."""
    platform = cache(lambda default_privileges: clone(unmigrated(default_privileges)))

    def broken(database: Database, rule: Rule) -> list[Finding]:
        session = Session(pool.connection(database, SUPERUSER))
        try:
            return rule.broken_by(session, migrations_folder.settings.exposed_schemas)
        finally:
            session.end()

    def of_the_project(default_privileges: str, rule: Rule) -> list[Finding]:
        found = broken(shared(default_privileges), rule)
        there = broken(platform(default_privileges), rule) if found else []
        return [each for each in found if each not in there and is_found(each, migrations)]

    return of_the_project


@pytest.fixture(scope="module")
def deviations(find: Find, migrations_folder: MigrationsFolder) -> Deviations:
    """The known deviations, each of them needed under one setting of the default privileges at least."""
    settings = migrations_folder.settings
    known = read_deviations(settings.file, settings.deviation, {rule.clause for rule in RULES})
    tried = product(DEFAULT_PRIVILEGES if known else (), RULES)
    check_needed(settings.file, known, [finding for each in tried for finding in find(*each)])
    return known


@pytest.mark.parametrize(
    ("rule", "default_privileges"),
    [
        pytest.param(
            rule,
            default_privileges,
            id=f"{rule.name}-{default_privileges}",
            marks=[
                pytest.mark.clause(rule.clause),
                *[pytest.mark.asked_for] * (rule.clause in OF_HOUSE_STYLE[default_privileges]),
            ],
        )
        for rule, default_privileges in product(RULES, DEFAULT_PRIVILEGES)
    ],
    indirect=["default_privileges"],
)
def test_everything_exposed_keeps_the_rule(
    find: Find,
    default_privileges: str,
    deviations: Deviations,
    migrations: Sequence[Migration],
    rule: Rule,
) -> None:
    """Tables, policies, privileges, functions, views and indexes of an exposed schema keep this rule."""
    found = find(default_privileges, rule)
    if broken := [each for each in found if (each.clause, each.object) not in deviations]:
        pytest.fail(f"{told(broken, migrations)}\nHint: {rule.hint}{MAY_STAY}", pytrace=False)
