"""What a file leaves to others: to the session it runs in, to the next file, and to databases that have it already."""

from collections.abc import Sequence
from contextlib import closing

import pytest

from tests.harness.catalog import cluster_snapshot
from tests.harness.catalog.snapshots import View
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import Migration, apply
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support import hygiene
from tests.upgrade.support.case import SITUATIONS, MigrationCase, fail_at


@pytest.mark.clause("I5")
def test_transactions_are_begun_and_ended_in_pairs(case: MigrationCase) -> None:
    """Each BEGIN has its COMMIT, and nothing else ends a transaction: tools differ in what they make of the rest."""
    if (found := hygiene.find_unpaired(case.migration.statements)) is not None:
        case.fail("unpaired", found[0], why=found[1])


@pytest.mark.clause("I11")
@pytest.mark.parametrize(
    "left", [hygiene.session_state, pytest.param(hygiene.session_settings, marks=pytest.mark.asked_for)]
)
def test_the_session_is_left_as_it_was(case: MigrationCase, left: View) -> None:
    """It leaves no role, lock, channel or temporary table to whatever the session runs next; nor any setting."""
    with case.before() as database, case.before() as spare:
        with closing(database.connect(MIGRATOR)) as connection:
            before = left(connection)
            apply(connection, case.migration)
            after = left(connection)
        if after != before:
            culprit = case.changing_statement(spare, left)
            case.check_same(before, after, "session_left_otherwise", culprit)


@pytest.mark.clause("I13")
def test_no_role_and_no_setting_of_one_is_changed(case: MigrationCase) -> None:
    """The server's roles, their memberships and their settings stay as they were."""
    with case.before() as database, closing(database.connect(SUPERUSER)) as observer:
        before = cluster_snapshot.roles(observer)
        case.run(database)
        case.check_same(before, cluster_snapshot.roles(observer), "roles_changed")


@under_both_default_privileges
@pytest.mark.clause("I12")
@pytest.mark.parametrize(
    "situation", ["first", pytest.param("again", marks=[pytest.mark.asked_for, pytest.mark.in_a_transaction])]
)
def test_postgresql_does_not_warn(case: MigrationCase, situation: str) -> None:
    """PostgreSQL warns of nothing: not of a GRANT or REVOKE that did nothing (01006, 01007), nor of anything else."""
    with SITUATIONS[situation](case) as database:
        for statement, warning in hygiene.warnings(database, case.migration):
            case.fail("warning", statement, warning=warning)


@pytest.mark.clause("I16")
def test_no_policy_is_missed_by_its_name(case: MigrationCase) -> None:
    """What is to be dropped is gone: IF EXISTS passes over a policy that is called nearly so."""
    with case.before() as database:
        for statement, name, other in hygiene.passed_over(database, case.migration):
            case.fail("passed_over", statement, name=name, other=other)


@pytest.mark.clause("I5")
def test_the_name_has_its_place_in_the_order(migration: Migration, migrations: Sequence[Migration]) -> None:
    """The files come in the same order by their numbers, and by their names as text: some tools sort by the one."""
    by_text = sorted(migrations, key=lambda each: each.version)
    number, text = (
        order.index(migration) + 1 for order in (sorted(by_text, key=lambda each: int(each.version)), by_text)
    )
    if number != text:
        fail_at(str(migration.path), "out_of_order", number=number, text=text, files=len(migrations))


@pytest.mark.clause("I5")
def test_what_is_applied_is_never_edited(migrations: Sequence[Migration], migrations_folder: MigrationsFolder) -> None:
    """A file that is applied somewhere is what it was then: no tool applies it there again."""
    hygiene.check_applied(migrations_folder, migrations)


@pytest.mark.clause("I5")
def test_the_supabase_cli_applies_every_file(migrations_folder: MigrationsFolder) -> None:
    """Each file has a version of its own in front of its name, and begins with SQL."""
    if found := [f"{migrations_folder.path / name}:1: {words}" for name, words in migrations_folder.not_taken()]:
        pytest.fail("\n".join(found), pytrace=False)
