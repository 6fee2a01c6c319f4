"""What a person reads of each kind of failure of the room tests/upgrade; and that it lets right migrations pass.

The texts are in __snapshots__; pytest --snapshot-update writes them anew.
"""

import re
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.harness.migrations import deliveries
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.lifecycle import Server
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.selftest.cases import cases, tables
from tests.selftest.events import GOOD, WORK, case_of, edited
from tests.selftest.runs import RunFolder
from tests.upgrade import (
    test_concurrency,
    test_data,
    test_deliveries,
    test_divergent_tables,
    test_hygiene,
    test_locks,
    test_surroundings,
)
from tests.upgrade import test_every_migration as every
from tests.upgrade.support import hygiene
from tests.upgrade.support.case import MigrationCase

# What is granted by default is longer from one version to the next.
GRANTED = re.compile(r"\n +\+[^\n]*privilege:[^\n]*")
# Any number, in any run.
NUMBERS = re.compile(r"(oid|file|xmin) \d+")

# Two files that are recorded, and in a commit.
PREPARE = """
printf 'SELECT 1;\\nSELECT 2;\\nSELECT 3;\\n' | tee 001_it.sql >002_more.sql
sha256sum 001_it.sql 002_more.sql >applied.sha256
commit() { git -c user.name=a -c user.email=a@example.org commit --quiet --message "$1"; }
git init --quiet . && git add . && commit first
"""

_delivered = test_deliveries.test_every_delivery_ends_in_the_same_catalog
_surrounded = test_surroundings.test_surroundings_change_nothing_and_are_not_changed
TESTS: dict[str, Callable[[MigrationCase], object]] = {
    "plain": every.test_a_plain_project_is_enough,
    "second run": every.test_a_second_run_changes_nothing,
    "half-way": every.test_a_run_completes_what_stopped_after_any_statement,
    "stopped": every.test_a_stopped_transaction_leaves_nothing,
    "told": every.test_the_api_is_told_at_commit,
    "not told": partial(every.test_the_api_is_not_told_of_a_failure, delivery=deliveries.by_psql),
    "delivered": partial(_delivered, delivery=deliveries.by_psql),
    "recorded": partial(_delivered, delivery=deliveries.by_supabase_cli),
    "failure": partial(test_deliveries.test_a_failure_anywhere_leaves_nothing, delivery=deliveries.by_psql),
    "at once": partial(
        test_concurrency.test_appliers_at_once_all_succeed, situation="first", delivery=deliveries.one_by_one, number=2
    ),
    "queue": partial(test_concurrency.test_the_application_does_not_queue_behind_it, situation="again"),
    "difference": test_divergent_tables.test_no_single_difference_is_taken_for_success,
    "differences": test_divergent_tables.test_differences_are_mended_or_refused,
    "invalid index": test_divergent_tables.test_no_invalid_index_is_taken_for_success,
    "loss": test_data.test_nothing_is_lost_unasked,
    "pairs": test_hygiene.test_transactions_are_begun_and_ended_in_pairs,
    "session": partial(test_hygiene.test_the_session_is_left_as_it_was, left=hygiene.session_state),
    "session settings": partial(test_hygiene.test_the_session_is_left_as_it_was, left=hygiene.session_settings),
    "policies": test_hygiene.test_no_policy_is_missed_by_its_name,
    "warnings": partial(test_hygiene.test_postgresql_does_not_warn, situation="first"),
    "work": partial(test_locks.test_no_table_in_use_is_worked_through_under_a_lock, record_locks=lambda *_: None),
    "wait": test_locks.test_no_lock_is_waited_for_without_a_bound,
    "settings": partial(_surrounded, surroundings="session_settings", setting="search_path = shadow, pg_catalog"),
    "project": partial(_surrounded, surroundings="whole_project", setting="search_path = DEFAULT"),
}


def told(failure: object, folder: Path) -> str:
    """Return a failure's words, without what differs from one run to the next."""
    return NUMBERS.sub(r"\1 N", GRANTED.sub("", str(failure)).replace(str(folder), "migrations"))


@cases("upgrade_failures/wrong", edits=[], more="", before="", text="")
def test_a_wrong_migration_is_told_in_these_words(
    server: Server,
    tmp_path: Path,
    test: str,
    edits: list[tuple[str, str]],
    more: str,
    before: str,
    text: str,
    snapshot: SnapshotAssertion,
) -> None:
    """Where, what happened, what must happen, how to put it right."""
    text = text or edited(*edits, *[(WORK, f"{WORK}\n{more}")] if more else [])
    with case_of(server, tmp_path, text, earlier=before) as case, pytest.raises(AssertionError) as failure:
        TESTS[test](case)
    assert told(failure.value, tmp_path) == snapshot


# A table taken for its own whatever stands there is that migration's one fault.
@pytest.mark.parametrize("name", sorted(TESTS.keys() - {"difference", "differences"}))
def test_a_right_migration_passes(server: Server, tmp_path: Path, name: str) -> None:
    """The same tests are silent about one that keeps their rules."""
    with case_of(server, tmp_path, GOOD) as case:
        TESTS[name](case)


@cases("upgrade_failures/right")
def test_a_right_migration_of_another_kind_passes(server: Server, tmp_path: Path, before: str, work: str) -> None:
    """One that makes no table, column, constraint or index keeps every rule too."""
    with case_of(server, tmp_path, edited((WORK, work)), earlier=before) as case:
        for test in TESTS.values():
            test(case)


def test_a_run_that_completes_another_begins_in_a_session_without_its_leftovers(server: Server, tmp_path: Path) -> None:
    """A statement that an earlier one of them has prepared, which no ROLLBACK takes back, is not there any more."""
    with case_of(server, tmp_path, edited((WORK, f"SELECT 1;\nSELECT 2;\n{WORK}\nPREPARE p AS SELECT 3;"))) as case:
        assert len(case.work) > 2 * len(DEFAULT_PRIVILEGES)
        TESTS["half-way"](case)


def test_a_run_is_stopped_where_a_transaction_begins_or_ends(server: Server, tmp_path: Path) -> None:
    """After its BEGIN, before and after its COMMIT, before the next BEGIN; and at the ends of the file."""
    with case_of(server, tmp_path, edited((WORK, f"{WORK}\nCOMMIT;\nSELECT 1;\nSELECT 2;\nBEGIN;"))) as case:
        assert case.transaction_ends == [1, 4, 5, 7, 8, 9]


def test_every_kind_of_failure_is_read_here() -> None:
    """Each of the tests above has a wrong migration, but for one that is another view of the same."""
    assert TESTS.keys() - {wrong["test"] for wrong in tables("upgrade_failures/wrong").values()} == {"differences"}


@cases("upgrade_failures/names")
def test_names_sort_the_same_by_number_and_by_text(tmp_path: Path, names: list[str], right: bool) -> None:
    """Those that do not are told what to do."""
    files = [Migration(tmp_path / f"{name}.sql", name.partition("_")[0], "", ()) for name in names]
    told = pytest.raises(AssertionError, match="Hint: give it a number with as many digits as the others'")
    for file in files:
        with nullcontext() if right else told:
            test_hygiene.test_the_name_has_its_place_in_the_order(file, files)


@cases("upgrade_failures/records", since=None)
def test_what_is_applied_is_held_to(here: RunFolder, prepare: str, since: str | None, says: str) -> None:
    """A file that was edited, renamed or overtaken is told at its line; what is as it was applied is right."""
    folder = here.folder / "migrations"
    folder.mkdir()
    subprocess.run(["/bin/sh", "-euc", PREPARE + prepare], cwd=folder, check=True)
    judged = MigrationsFolder(folder, since)
    with pytest.raises(AssertionError, match=re.escape(says)) if says else nullcontext():
        hygiene.check_applied(judged, judged.read())
