"""A migration uses nothing that an older supported PostgreSQL lacks, as far as version_facts.toml reaches."""

from collections.abc import Sequence

import pytest

from tests.harness.core.versions import SUPPORTED
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.version_facts import needs
from tests.upgrade.support.case import fail_at


@pytest.mark.clause("I1")
def test_no_supported_version_lacks_what_it_uses(
    migration: Migration, migrations: Sequence[Migration], migrations_folder: MigrationsFolder
) -> None:
    """It applies on the oldest version too: what a later one brought is not used."""
    oldest = migrations_folder.settings.oldest_postgresql
    used = needs(migration, migrations[: migrations.index(migration)])
    if not (lacking := [(line, fact) for line, fact in used if fact.since > oldest]):
        return
    (line, fact), *others = lacking
    fail_at(
        f"{migration.path}:{line}",
        "newer_version",
        "".join(f"\n  Line {line}: {fact.what} is there since PostgreSQL {fact.since}." for line, fact in others),
        what=fact.what,
        since=fact.since,
        fails=f"{oldest} to {fact.since - 1}" if fact.since - 1 > oldest else oldest,
        oldest=oldest,
        newest=SUPPORTED[-1],
        instead=f"write instead: {fact.instead}" if fact.instead else "do without it",
    )
