"""Structure: what the catalog holds of the table, and what the file that makes it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.harness.catalog import structure
from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, PUBLIC, SUPERUSER, UNGRANTED
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import creating_migration
from tests.harness.plugins.databases import AroundCreation, OpenSession, under_both_default_privileges
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.table import TABLE

every_role_and_public = pytest.mark.parametrize("role", [PUBLIC, *API_ROLES, AUTHENTICATOR, UNGRANTED])


@pytest.mark.clause("S1")
def test_it_is_a_permanent_table_of_the_migrating_role(catalog_session: Session) -> None:
    """It is ordinary, permanent, and owned by the role that migrates."""
    structure.check_table(catalog_session, TABLE)


@pytest.mark.clause("S2")
def test_it_has_exactly_these_columns_in_this_order(catalog_session: Session) -> None:
    """It has these columns, with these types and nullability, in this order."""
    structure.check_columns(catalog_session, TABLE)


@pytest.mark.clause("S2")
def test_its_sequences_count_as_declared(catalog_session: Session) -> None:
    """The sequences of its columns begin, end and step as declared."""
    structure.check_sequences(catalog_session, TABLE)


@pytest.mark.clause("S3")
def test_it_has_exactly_these_indexes_all_valid(catalog_session: Session) -> None:
    """It has these indexes, all valid."""
    structure.check_indexes(catalog_session, TABLE)


@pytest.mark.clause("S4")
def test_it_has_exactly_these_constraints_all_validated(catalog_session: Session) -> None:
    """It has these constraints, all validated."""
    structure.check_constraints(catalog_session, TABLE)


@pytest.mark.clause("S5")
def test_it_has_exactly_no_trigger(catalog_session: Session) -> None:
    """It has no trigger."""
    structure.check_triggers(catalog_session, TABLE)


@pytest.mark.clause("S6")
def test_row_level_security_is_enabled_with_exactly_these_policies(catalog_session: Session) -> None:
    """Row-level security is enabled, with these policies."""
    structure.check_policies(catalog_session, TABLE)


@pytest.mark.clause("S7")
def test_the_table_and_every_column_carry_a_comment(catalog_session: Session) -> None:
    """No comment is missing or empty, on the table or on a column."""
    structure.check_comments(catalog_session, TABLE)


@pytest.mark.clause("S8")
@every_role_and_public
def test_privileges_on_the_table_are_exactly_these(catalog_session: Session, role: str) -> None:
    """A role holds no privilege on the table or on a column but those listed, and may pass none on."""
    structure.check_privileges(catalog_session, TABLE, role)


@pytest.mark.clause("S8")
@every_role_and_public
def test_privileges_beside_the_table_are_exactly_these(catalog_session: Session, role: str) -> None:
    """A role holds no privilege on the table's sequences and its triggers' functions but those listed."""
    structure.check_privileges_beside(catalog_session, TABLE, role)


@pytest.mark.clause("S8")
def test_nobody_else_was_granted_anything(catalog_session: Session) -> None:
    """What was granted, and to whom, is listed."""
    structure.check_grantees(catalog_session, TABLE)


@pytest.mark.clause("S8")
def test_the_owner_holds_every_privilege(catalog_session: Session) -> None:
    """The owner's own privileges are not taken away."""
    structure.check_owner(catalog_session, TABLE)


@pytest.mark.clause("S9")
@under_both_default_privileges
def test_the_file_that_makes_the_table_leaves_nothing_else_behind(
    around_creation: AroundCreation, open_session: OpenSession
) -> None:
    """Over that file, the catalog gains the table, what belongs to it, and loses nothing."""
    before, after = (open_session(each, SUPERUSER) for each in around_creation(TABLE))
    structure.check_nothing_left_behind(before, after, TABLE)


@pytest.mark.clause("S9")
@under_both_default_privileges
def test_the_file_that_makes_the_table_changes_nothing(around_creation: AroundCreation) -> None:
    """What stood before that file stands as it did: owners, privileges (default ones too), settings, comments."""
    before, after = around_creation(TABLE)
    with before.connect(SUPERUSER) as one, after.connect(SUPERUSER) as other:
        structure.check_nothing_changed(one, other)


@pytest.mark.clause("S9")
def test_no_role_and_no_setting_is_left_behind(superuser_session: Session, migrations: Sequence[Migration]) -> None:
    """The platform's roles are all the roles there are, but for those of other files, and so are their settings."""
    made_by = creating_migration(migrations, TABLE.name)
    structure.check_no_role_left(superuser_session, [*migrations[:made_by], *migrations[made_by + 1 :]])
