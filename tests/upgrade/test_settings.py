"""A migration means the same whatever the session has set that runs it."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.harness import platform
from tests.harness.migration import apply
from tests.harness.server import SUPERUSER
from tests.harness.step import Step, read

SHADOW = b"""
    CREATE SCHEMA shadow;
    GRANT USAGE ON SCHEMA shadow TO PUBLIC;
    CREATE FUNCTION shadow.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
"""
SETTINGS = ["search_path = shadow, pg_catalog", "intervalstyle = 'iso_8601'", "quote_all_identifiers = on"]


@pytest.mark.clause("I5")
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_session_s_settings_do_not_change_the_result(step: Step, setting: str) -> None:
    """Applied twice where other names come before PostgreSQL's, or output differs, it ends as one clean run does."""
    with step.before() as database:
        with closing(database.connect(SUPERUSER)) as preparing:
            preparing.execute(SHADOW)
        with closing(database.connect(platform.MIGRATOR)) as session:
            session.execute(f"SET {setting}".encode())
            apply(session, step.migration)
            apply(session, step.migration)
        with closing(database.connect(SUPERUSER)) as tidying:
            tidying.execute("DROP SCHEMA shadow CASCADE")
        step.same(
            step.clean,
            read(database),
            f"in a session with {setting}, the file ends in another catalogue.",
            must="it ends as one clean run does.",
            mend="SET LOCAL what names and printed expressions depend on, at the file's beginning.",
        )
