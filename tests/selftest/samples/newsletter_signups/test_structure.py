"""Structure: what the catalog holds of the table, and what the file that makes it leaves behind."""

from collections.abc import Sequence

import pytest

from tests.harness.catalog import structure
from tests.harness.catalog.facts import CLAUSES
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration
from tests.harness.plugins.databases import AroundCreation, CreatedBy, OpenSession, under_both_default_privileges
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.table import TABLE


@pytest.mark.parametrize(
    "clause", [pytest.param(each, id=words, marks=pytest.mark.clause(each)) for each, words in CLAUSES.items()]
)
def test_the_catalog_holds_what_is_declared_and_nothing_else(catalog_session: Session, clause: str) -> None:
    """What each of S1 to S8 says of the table is so in the catalog, and there is nothing more."""
    structure.check(catalog_session, TABLE, clause)


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
def test_no_role_and_no_setting_is_left_behind(
    superuser_session: Session, migrations: Sequence[Migration], created_by: CreatedBy
) -> None:
    """The platform's roles are all the roles there are, but for those of other files, and so are their settings."""
    made_by = created_by(TABLE)
    structure.check_no_role_left(superuser_session, [*migrations[:made_by], *migrations[made_by + 1 :]])
