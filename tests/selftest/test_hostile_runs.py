"""Hostile migrations through the whole gate: what a person sees of them, and how the run ends.

Some behave when they are tried before the tests, and act when rows arrive, or in a database of a test's own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import pytest

from tests.selftest.runs import HOSTILE, MIGRATION, NO_SHAPE_CHECK, QUICK, RunFolder, candidate

EVERY_MIGRATION = "tests/upgrade/test_every_migration.py"
TRIGGER = "tests/contract/calculator2_sessions/test_trigger.py"
NEW = "NEW.last_active_at := GREATEST("
# How long a file, or a statement of a test, may take.
SHORT = ("-o", "statement_seconds=5")
IN_A_TEST = "DO $$ BEGIN IF current_database() LIKE 'copy%' THEN {} END IF; END $$;\n\nNOTIFY pgrst"


@dataclass(frozen=True)
class Late:
    """A migration that acts only while the tests run: its edit, the tests that meet it, and the finding's words."""

    edit: tuple[str, str]
    tests: str
    words: tuple[str, ...]


LATE = {
    "a trigger that sleeps when rows arrive": Late(
        (NEW, f"PERFORM pg_catalog.pg_sleep(3600); {NEW}"),
        TRIGGER,
        ("this statement was still at work after 5 s", "I1 is broken: migrations::every statement ends by itself"),
    ),
    "a loop in a test's database": Late(
        ("NOTIFY pgrst", IN_A_TEST.format("LOOP PERFORM pg_sleep(60); END LOOP;")),
        EVERY_MIGRATION,
        ("this statement was still at work after 5 s", "I1 is broken: migrations::every statement ends by itself"),
    ),
    "a role changed in a test's database": Late(
        ("NOTIFY pgrst", IN_A_TEST.format("ALTER ROLE anon SET work_mem = '1GB';")),
        f"{EVERY_MIGRATION}::test_a_plain_project_is_enough",
        (
            "+setting of role anon in database ALL: work_mem=1GB",
            "I13 is broken: migrations::a migration keeps to its database",
        ),
    ),
}


@pytest.mark.parametrize(
    ("late", "workers"),
    [
        *(pytest.param(late, "0", id=name) for name, late in LATE.items()),
        pytest.param(LATE["a loop in a test's database"], "2", id="a loop, with two workers"),
    ],
)
def test_what_acts_only_under_the_tests_ends_the_run(here: RunFolder, late: Late, workers: str) -> None:
    """The run ends soon, with the statement or the change named and a status of 1, and leaves nothing."""
    folder = candidate(here.folder / "c", late.edit, NO_SHAPE_CHECK)
    status, printed = here.run(f"--migrations={folder}", *SHORT, "-n", workers, late.tests)
    shutil.rmtree(folder)
    assert (status, here.left()) == (1, []), printed
    assert [words for words in late.words if words not in printed] == [], printed
    assert "All held" not in printed


@pytest.mark.parametrize(
    ("name", "clause", "words"),
    [
        pytest.param("sleep", "I1", "002_sleep.sql:3: the migration does not apply, and", id="no end"),
        pytest.param(
            "second_run", "I1", "002_second_run.sql:2: the migration does not apply a second time", id="again"
        ),
        pytest.param("own_password", "I13", "002_own_password.sql:2: the migration reaches beyond", id="beyond"),
    ],
)
def test_what_acts_at_once_is_the_only_finding(here: RunFolder, name: str, clause: str, words: str) -> None:
    """Nothing else is tried, and the finding is told once, with the file and the line."""
    folder = here.folder / "c"
    folder.mkdir()
    shutil.copy(MIGRATION, folder / "001_before.sql")
    shutil.copy(HOSTILE / f"{name}.sql", folder / f"002_{name}.sql")
    status, printed = here.run(f"--migrations={folder}", *SHORT, QUICK)
    shutil.rmtree(folder)
    assert (status, here.left()) == (1, []), printed
    assert printed.count(words) == 1, printed
    assert f"\n{clause} is broken: migrations::apply\n" in printed
    assert "1 failed" in printed
