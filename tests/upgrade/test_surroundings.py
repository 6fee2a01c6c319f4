"""A migration means the same in a whole project, where a plain one (I1) has less, and whatever the session has set."""

import itertools
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations.files import apply
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.upgrade.support.case import MigrationCase

FOLDER = Path(__file__).with_name("surroundings")
SETTINGS = ["search_path = shadow, pg_catalog", "intervalstyle = 'iso_8601'", "quote_all_identifiers = on"]
WHOLE_PROJECT = ("whole_project", "search_path = DEFAULT")


@pytest.mark.asked_for
@pytest.mark.in_a_transaction
@pytest.mark.parametrize(
    ("surroundings", "setting", "default_privileges"),
    [
        *(
            pytest.param(*WHOLE_PROJECT, each, id=f"whole project-{each}", marks=pytest.mark.clause("I14"))
            for each in DEFAULT_PRIVILEGES
        ),
        *(
            pytest.param("session_settings", setting, each, id=f"{setting}-{each}", marks=pytest.mark.clause("I5"))
            for setting, each in zip(SETTINGS, itertools.cycle(DEFAULT_PRIVILEGES), strict=False)
        ),
    ],
    indirect=["default_privileges"],
)
def test_surroundings_change_nothing_and_are_not_changed(case: MigrationCase, surroundings: str, setting: str) -> None:
    """Beside other schemas and tables, and where other names come first, it makes what it makes elsewhere, twice."""
    with case.before() as database:
        with closing(database.connect(SUPERUSER)) as preparing:
            preparing.execute((FOLDER / f"{surroundings}.sql").read_bytes())
        there, untouched, clean = map(frozenset, (case.read(database), case.catalog_before, case.catalog_after))
        with closing(database.connect(MIGRATOR)) as session:
            session.execute(f"SET {setting}".encode())
            apply(session, case.migration)
            apply(session, case.migration)
        expected = tuple(sorted(there - (untouched - clean) | (clean - untouched)))
        case.check_same(expected, tuple(sorted(case.read(database))), surroundings, setting=setting)
