"""Each policy and privilege of the sample project decides something: without it, or wider, other access is measured."""

import re
import tomllib
from pathlib import Path

from tests.access.support.measure import measure
from tests.harness.core.roles import MIGRATOR
from tests.harness.supabase import templates
from tests.selftest.cases import SAMPLES
from tests.selftest.project.planted import HEADERS
from tests.selftest.project.test_access import Project, project

MUTANTS = Path(__file__).with_name("access_mutants.sql").read_bytes()
LISTED = tomllib.loads((SAMPLES / "project" / "access" / "equivalent.toml").read_text(encoding="utf-8"))
EQUIVALENT = [each["mutant"] for each in LISTED["equivalent"]]
__all__ = ["project"]


def test_a_mutant_of_a_policy_or_a_privilege_changes_what_is_measured(project: Project) -> None:
    """It is measured by itself, on its table, and taken back; what changes nothing is listed with its reason."""
    alive, listed = [], set[str]()
    with (
        project.databases.lend(templates.migrated("explicit"), MIGRATOR) as database,
        measure(database, ["public"], HEADERS, SAMPLES) as measured,
    ):
        superuser = measured.superuser
        rows = [[str(each) for each in row] for row in superuser.execute(MUTANTS)]
        assert len(rows) > 150
        before = {table: measured.again(table) for table in sorted({table for table, *_ in rows})}
        for table, what, mutation, restoration in rows:
            superuser.execute(mutation.encode())
            if measured.again(table) == before[table]:
                name = f"{table}: {what}"
                found = {each for each in EQUIVALENT if re.fullmatch(each, name)}
                listed |= found
                alive += [name] * (not found)
            superuser.execute(restoration.encode())
        assert {table: measured.again(table) for table in before} == before
    assert alive == [], "\n".join(alive)
    assert listed == {*EQUIVALENT}
