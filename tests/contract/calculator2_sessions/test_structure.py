"""Structure: what the catalog holds of the table, and that the file that makes it leaves nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog import structure
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, SUPERUSER, UNGRANTED
from tests.harness.migrations.files import Migration
from tests.harness.migrations.statements import creating_migration
from tests.harness.plugins.databases import AroundCreation, OpenSession, under_both_default_privileges
from tests.harness.requests.request import Request
from tests.harness.server.session import Session

every_role = pytest.mark.parametrize("role", [*API_ROLES, AUTHENTICATOR, UNGRANTED])
every_role_and_public = pytest.mark.parametrize("role", ["public", *API_ROLES, AUTHENTICATOR, UNGRANTED])


@pytest.mark.clause("S1")
def test_it_is_an_ordinary_logged_table_of_the_migrating_role(catalog_session: Session) -> None:
    """It is an ordinary, permanent table, owned by the role that migrates."""
    structure.check_table(catalog_session, TABLE)


@pytest.mark.clause("S2")
def test_it_has_exactly_these_columns_in_this_order(catalog_session: Session) -> None:
    """It has these columns, with these types and nullability, in this order (defaults: D1)."""
    structure.check_columns(catalog_session, TABLE)


@pytest.mark.clause("S2")
def test_the_identity_counts_up_one_by_one_and_never_starts_again(catalog_session: Session) -> None:
    """The identity goes from 1 up to the last bigint, one by one, and not round again."""
    structure.check_sequences(catalog_session, TABLE)


@pytest.mark.clause("S3")
def test_it_has_exactly_four_valid_indexes(catalog_session: Session) -> None:
    """It has these four indexes, all valid, none redundant."""
    structure.check_indexes(catalog_session, TABLE)


@pytest.mark.clause("S3", "S4")
def test_it_has_exactly_these_constraints_all_validated(catalog_session: Session) -> None:
    """Its constraints are the primary key and three validated CHECKs: no UNIQUE beside the unique index."""
    structure.check_constraints(catalog_session, TABLE)


@pytest.mark.clause("S5")
def test_it_has_exactly_one_trigger(catalog_session: Session) -> None:
    """It has one trigger, BEFORE UPDATE, FOR EACH ROW, whose function is pinned to an empty search_path."""
    structure.check_triggers(catalog_session, TABLE)


@pytest.mark.clause("S6")
def test_row_level_security_is_enabled_with_exactly_two_policies(catalog_session: Session) -> None:
    """Row-level security is enabled, with these two permissive policies."""
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
def test_no_privilege_reaches_the_sequence_or_the_function(catalog_session: Session, role: str) -> None:
    """The catalog gives nobody but the owner the identity sequence or the trigger function."""
    structure.check_privileges_beside(catalog_session, TABLE, role)


@pytest.mark.clause("S8")
def test_nobody_else_was_granted_anything(catalog_session: Session) -> None:
    """The API roles are all who were granted anything, and the table is all that they were granted."""
    structure.check_grantees(catalog_session, TABLE)


@pytest.mark.clause("S8")
def test_the_owner_holds_every_privilege(catalog_session: Session) -> None:
    """The owner's own privileges are not taken away (as its own: it is a member of the API roles too)."""
    structure.check_owner(catalog_session, TABLE)


@pytest.mark.clause("S8")
@under_both_default_privileges
@every_role
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("SELECT nextval('public.calculator2_sessions_id_seq')", id="nextval"),
        pytest.param("SELECT setval('public.calculator2_sessions_id_seq', 1)", id="setval"),
        pytest.param("SELECT last_value FROM public.calculator2_sessions_id_seq", id="last_value"),
        pytest.param("SELECT public.update_calculator2_sessions_last_active()", id="trigger function"),
    ],
)
def test_no_api_role_uses_the_sequence_or_the_function(session: Session, role: str, statement: str) -> None:
    """The identity sequence and the trigger function are refused to whoever calls them directly."""
    session.act_as(Request(role))
    assert session.attempt(statement.encode()) == Refused("42501")


@pytest.mark.clause("S9")
@under_both_default_privileges
def test_the_file_that_makes_the_table_leaves_nothing_else_behind(
    around_creation: AroundCreation, open_session: OpenSession
) -> None:
    """Over that file, the whole catalog gains the table and what belongs to it, and loses nothing."""
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
