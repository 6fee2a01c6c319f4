"""A migration means the same whatever the session has set that runs it."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import apply
from tests.upgrade.support.case import MigrationCase, read

SHADOW = b"""
    CREATE SCHEMA shadow;
    GRANT USAGE ON SCHEMA shadow TO PUBLIC;
    CREATE FUNCTION shadow.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
"""
SETTINGS = ["search_path = shadow, pg_catalog", "intervalstyle = 'iso_8601'", "quote_all_identifiers = on"]


@pytest.mark.clause("I5")
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_session_s_settings_do_not_change_the_result(case: MigrationCase, setting: str) -> None:
    """Applied twice where other names come before PostgreSQL's, or output differs, it ends as one clean run does."""
    with case.before() as database:
        with closing(database.connect(SUPERUSER)) as preparing:
            preparing.execute(SHADOW)
        with closing(database.connect(MIGRATOR)) as session:
            session.execute(f"SET {setting}".encode())
            apply(session, case.migration)
            apply(session, case.migration)
        with closing(database.connect(SUPERUSER)) as tidying:
            tidying.execute("DROP SCHEMA shadow CASCADE")
        case.check_same(
            case.catalog_after,
            read(database),
            f"in a session with {setting}, the file ends in another catalog.",
            must="it ends as one clean run does.",
            hint="SET LOCAL what names and printed expressions depend on, at the file's beginning.",
        )
