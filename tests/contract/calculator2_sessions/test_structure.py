"""Structure: what the catalog holds of the table, and that the file that makes it leaves nothing else."""

from collections.abc import Sequence

import pytest

from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog import structure
from tests.harness.catalog.facts import CLAUSES
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import API_ROLES, AUTHENTICATOR, SUPERUSER, UNGRANTED
from tests.harness.migrations.files import Migration
from tests.harness.plugins.databases import AroundCreation, CreatedBy, OpenSession, under_both_default_privileges
from tests.harness.requests.request import Request
from tests.harness.server.session import Session

every_role = pytest.mark.parametrize("role", [*API_ROLES, AUTHENTICATOR, UNGRANTED])


@pytest.mark.parametrize(
    "clause", [pytest.param(each, id=words, marks=pytest.mark.clause(each)) for each, words in CLAUSES.items()]
)
def test_the_catalog_holds_what_is_declared_and_nothing_else(catalog_session: Session, clause: str) -> None:
    """What each of S1 to S8 says of the table is so in the catalog, and there is nothing more."""
    structure.check(catalog_session, TABLE, clause)


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
def test_no_role_and_no_setting_is_left_behind(
    superuser_session: Session, migrations: Sequence[Migration], created_by: CreatedBy
) -> None:
    """The platform's roles are all the roles there are, but for those of other files, and so are their settings."""
    made_by = created_by(TABLE)
    structure.check_no_role_left(superuser_session, [*migrations[:made_by], *migrations[made_by + 1 :]])
