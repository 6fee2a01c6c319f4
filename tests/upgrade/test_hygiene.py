"""What a file leaves to others: to the session it runs in, to the next file, and to databases that have it already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import pytest

from tests.harness.catalog import cluster_snapshot
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import Migration, apply
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support import hygiene
from tests.upgrade.support.case import MigrationCase, fail_at
from tests.upgrade.support.hygiene import BadRecord

SITUATIONS = {"first": MigrationCase.before, "again": MigrationCase.after}


@pytest.mark.clause("I5")
def test_transactions_are_begun_and_ended_in_pairs(case: MigrationCase) -> None:
    """Each BEGIN has its COMMIT, and nothing else ends a transaction: tools differ in what they make of the rest."""
    if (found := hygiene.find_unpaired(case.migration.statements)) is not None:
        fail_at(
            case.at(found[0]),
            f"{found[1]}.",
            must="every tool applies the same: some say success then, and apply nothing, nor any later file.",
            hint="one BEGIN before everything and one COMMIT after it.",
        )


@pytest.mark.clause("I11")
def test_the_session_is_left_as_it_was(case: MigrationCase) -> None:
    """It leaves no role, setting, lock, channel or temporary table to whatever the session runs next."""
    with case.before() as database, case.before() as spare:
        with closing(database.connect(MIGRATOR)) as connection:
            before = hygiene.session_state(connection)
            apply(connection, case.migration)
            after = hygiene.session_state(connection)
        if after != before:
            case.check_same(
                before,
                after,
                "the session that ran the file is another afterwards.",
                at=case.at(case.changing_statement(spare, hygiene.session_state)),
                must="the next file runs as if this one had not: with its own role and settings.",
                hint="SET LOCAL, which ends with the transaction.",
            )


@pytest.mark.clause("I13")
def test_no_role_and_no_setting_of_one_is_changed(case: MigrationCase) -> None:
    """The server's roles, their memberships and their settings stay as they were."""
    with case.before() as database, closing(database.connect(SUPERUSER)) as observer:
        before = cluster_snapshot.roles(observer)
        case.run(database)
        case.check_same(
            before,
            cluster_snapshot.roles(observer),
            "the server's roles are not as they were.",
            must="a migration changes its own database alone.",
            hint="leave roles and their settings alone.",
        )


@under_both_default_privileges
@pytest.mark.clause("I12")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_postgresql_does_not_warn(case: MigrationCase, situation: str) -> None:
    """PostgreSQL warns of nothing: not of a GRANT or REVOKE that did nothing (01006, 01007), nor of anything else."""
    with SITUATIONS[situation](case) as database:
        for statement, warning in hygiene.warnings(database, case.migration):
            fail_at(
                case.at(statement),
                f"PostgreSQL warns: {warning}",
                must="every statement does what it says.",
                hint="grant and revoke as the owner; take out what does nothing.",
            )


@pytest.mark.clause("I5")
def test_the_name_has_its_place_in_the_order(migration: Migration, migrations: Sequence[Migration]) -> None:
    """The files come in the same order by their numbers, and by their names as text: some tools sort by the one."""
    by_number = [each.path.name for each in migrations]
    by_text = sorted(by_number)
    name = migration.path.name
    if by_number.index(name) != by_text.index(name):
        fail_at(
            str(migration.path),
            f"by number it comes as file {by_number.index(name) + 1}, and by its name as text as file "
            f"{by_text.index(name) + 1} of {len(by_text)}.",
            must="all tools apply the files in the same order; the Supabase CLI sorts their names as text.",
            hint="give it a number with as many digits as the others', or a timestamp (supabase migration new).",
        )


@pytest.mark.clause("I5")
def test_an_applied_file_is_never_edited(case: MigrationCase, migrations_folder: MigrationsFolder) -> None:
    """A file that is applied somewhere is what it was then: no tool applies it there again."""
    try:
        recorded = hygiene.read_record(migrations_folder.record, case.databases.migrations).get(
            case.migration.path.name
        )
    except BadRecord as fault:
        pytest.fail(str(fault), pytrace=False)
    if recorded not in (None, hygiene.digest(case.migration)):
        fail_at(
            case.at(),
            f"the file is not what {migrations_folder.record.name} says was applied.",
            must="databases that have it, and new ones, end in the same catalog.",
            hint="write another migration; or, if it is applied nowhere yet, record it anew with sha256sum.",
        )
