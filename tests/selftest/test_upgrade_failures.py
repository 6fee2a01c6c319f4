"""What a person reads of each kind of failure of the room tests/upgrade; and that it lets right migrations pass.

The texts are in __snapshots__; pytest --snapshot-update writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.harness.catalog import snapshots
from tests.harness.migrations import deliveries
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.lifecycle import Server
from tests.selftest.events import GOOD, WORK, case_of, edited
from tests.upgrade import (
    test_concurrency,
    test_deliveries,
    test_divergent_tables,
    test_every_migration,
    test_hygiene,
    test_locks,
    test_surroundings,
)
from tests.upgrade.support import hygiene
from tests.upgrade.support.case import MigrationCase

# What is granted by default is longer from one version to the next.
GRANTED = re.compile(r"\n +\+[^\n]*privilege:[^\n]*")
# Any number, in any run.
NUMBERS = re.compile(r"(oid|file|xmin) \d+")
NOTIFY = "NOTIFY pgrst, 'reload schema';"
NO_TRANSACTION = edited(("BEGIN;\n", ""), ("COMMIT;\n", ""), ("SET LOCAL cli", "SET cli"), ("SET LOCAL lo", "SET lo"))


def with_more(*statements: str, instead: bool = False) -> str:
    """Put more statements behind the work, or in its place, each on a line of its own."""
    return edited((WORK, "\n".join([WORK, *statements][instead:])))


def refusing_an_existing_table(words: str) -> str:
    """Raise an error in these words where the table is there."""
    check = f"DO $$ BEGIN IF to_regclass('public.t') IS NOT NULL THEN RAISE '{words}'; END IF; END $$;"
    return edited((WORK, f"{check}\n{WORK}"))


def _of_every_migration(name: str, **arguments: object) -> Callable[[MigrationCase], object]:
    return partial(getattr(test_every_migration, name), **arguments)


_delivered = test_deliveries.test_every_delivery_ends_in_the_same_catalog
_surrounded = test_surroundings.test_surroundings_change_nothing_and_are_not_changed
TESTS: dict[str, Callable[[MigrationCase], object]] = {
    "plain": _of_every_migration("test_a_plain_project_is_enough"),
    "second run": _of_every_migration("test_a_second_run_changes_nothing", view=snapshots.catalog),
    "rows": _of_every_migration("test_a_second_run_changes_nothing", view=snapshots.rows),
    "files": _of_every_migration("test_a_second_run_changes_nothing", view=snapshots.identities),
    "half-way": _of_every_migration("test_a_run_completes_what_stopped_after_any_statement"),
    "stopped": _of_every_migration("test_a_stopped_transaction_leaves_nothing"),
    "told": _of_every_migration("test_the_api_is_told_at_commit"),
    "not told": _of_every_migration("test_the_api_is_not_told_of_a_failure", delivery=deliveries.by_psql),
    "delivered": partial(_delivered, delivery=deliveries.by_psql),
    "recorded": partial(_delivered, delivery=deliveries.by_supabase_cli),
    "failure": partial(test_deliveries.test_a_failure_anywhere_leaves_nothing, delivery=deliveries.by_psql),
    "at once": partial(
        test_concurrency.test_appliers_at_once_all_succeed, situation="first", delivery=deliveries.one_by_one, number=2
    ),
    "queue": partial(
        test_concurrency.test_the_application_does_not_queue_behind_it, situation="again", holder="reader"
    ),
    "difference": test_divergent_tables.test_no_single_difference_is_taken_for_success,
    "differences": test_divergent_tables.test_differences_are_mended_or_refused,
    "pairs": test_hygiene.test_transactions_are_begun_and_ended_in_pairs,
    "session": test_hygiene.test_the_session_is_left_as_it_was,
    "warnings": partial(test_hygiene.test_postgresql_does_not_warn, situation="first"),
    "work": partial(test_locks.test_no_table_in_use_is_worked_through_under_a_lock, record_locks=lambda _: None),
    "wait": test_locks.test_no_lock_is_waited_for_without_a_bound,
    "settings": partial(_surrounded, surroundings="session_settings", setting="search_path = shadow, pg_catalog"),
    "project": partial(_surrounded, surroundings="whole_project", setting="search_path = DEFAULT"),
}
# The test that must fail, and the migration.
WRONG: dict[str, tuple[str, str]] = {
    "no COMMIT": ("plain", edited(("COMMIT;\n", ""))),
    "no guard": ("second run", edited(("IF NOT EXISTS ", ""))),
    "a check more each time": ("second run", with_more("ALTER TABLE public.t ADD CHECK (id > 0);")),
    "an unguarded policy": ("second run", with_more("CREATE POLICY p ON public.t USING (true);")),
    "every row updated": ("rows", with_more("UPDATE public.t SET id = id;")),
    "the table dropped first": ("files", edited((WORK, f"DROP TABLE IF EXISTS public.t;\n{WORK}"))),
    "an index rebuilt": (
        "files",
        with_more("DROP INDEX IF EXISTS public.i;", "-- blocks: small", "CREATE INDEX i ON public.t (id);"),
    ),
    "no guard for what is half done": ("half-way", edited(("IF NOT EXISTS ", ""))),
    "no transaction to stop": ("stopped", NO_TRANSACTION),
    "no notification": ("told", edited((NOTIFY, "SELECT 1;"))),
    "a notification whatever comes": (
        "not told",
        edited((NOTIFY, "SELECT 1;"), ("COMMIT;\n", f"COMMIT;\n{NOTIFY}\n")),
    ),
    "one tool's own work": (
        "delivered",
        with_more(
            "DO $$ BEGIN IF current_setting('application_name') = 'psql' THEN"
            " ALTER TABLE public.t ADD COLUMN IF NOT EXISTS by text; END IF; END $$;"
        ),
    ),
    "a role left behind": ("recorded", edited(("COMMIT;\n", "COMMIT;\nSET ROLE anon;\n"))),
    "no transaction to fail": ("failure", NO_TRANSACTION),
    "no lock among appliers": (
        "at once",
        edited(("BEGIN;\n", f"BEGIN;\n{WORK}\n"), (f"'2s';\n{WORK}\n", "'2s';\n")),
    ),
    "an error of its own beside a reader": (
        "queue",
        with_more(
            "DO $$ BEGIN LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE NOWAIT;"
            " EXCEPTION WHEN lock_not_available THEN RAISE 'busy'; END $$;"
        ),
    ),
    "another shape taken for its own": ("difference", GOOD),
    "a refusal without a name": ("difference", refusing_an_existing_table("!")),
    "the same words whatever differs": ("difference", refusing_an_existing_table("public.t, its id, or one_more")),
    "a function of the same name": (
        "difference",
        with_more(
            "DO $$ BEGIN IF to_regproc('public.f') IS NULL THEN",
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; END IF; END $$;",
            instead=True,
        ),
    ),
    "a BEGIN inside another": ("pairs", with_more("BEGIN;")),
    "a setting left behind": ("session", edited(("SET LOCAL lock", "SET lock"))),
    # The driver would prepare what asks for the session's state when it has been asked five times.
    "a setting left behind by a function": (
        "session",
        with_more(
            *[f"COMMENT ON TABLE public.t IS '{n}';" for n in "123"], "SELECT set_config('work_mem', '1MB', false);"
        ),
    ),
    "a GRANT of nothing": ("warnings", with_more("GRANT SELECT ON pg_catalog.pg_class TO anon;")),
    "an index built under a lock": ("work", with_more("CREATE INDEX ON public.t (id);")),
    "every row rewritten": ("work", with_more("ALTER TABLE public.t ALTER COLUMN id TYPE int USING id + 0;")),
    "a reason for nothing": ("work", with_more("-- blocks: I thought so", "SELECT 1;")),
    "no bound": (
        "wait",
        edited(("SET LOCAL lock_timeout = '2s';", "ALTER TABLE IF EXISTS public.t ENABLE ROW LEVEL SECURITY;")),
    ),
    "every table of the schema": ("project", with_more("GRANT DELETE ON ALL TABLES IN SCHEMA public TO anon;")),
    "names of the session's": ("settings", edited(("(id int)", "(id int, at timestamptz DEFAULT now())"))),
}
# Migrations of other kinds that keep every rule: what comes before them, and their work.
RIGHT: dict[str, tuple[str, str]] = {
    "a function": (
        "",
        """CREATE OR REPLACE FUNCTION public.f() RETURNS int LANGUAGE sql SET search_path = '' AS 'SELECT 1';
        REVOKE ALL ON FUNCTION public.f() FROM public;""",
    ),
    "a view": ("", "CREATE OR REPLACE VIEW public.v AS SELECT 1 AS one; REVOKE ALL ON public.v FROM public;"),
    "a back-fill": (GOOD, "UPDATE public.t SET id = 0 WHERE id > 0;"),
    "a notification alone": ("", "SELECT 1;"),
}


def told(failure: object, folder: Path) -> str:
    """Return a failure's words, without what differs from one run to the next."""
    return NUMBERS.sub(r"\1 N", GRANTED.sub("", str(failure)).replace(str(folder), "migrations"))


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_migration_is_told_in_these_words(
    server: Server, tmp_path: Path, name: str, snapshot: SnapshotAssertion
) -> None:
    """Where, what happened, what must happen, how to put it right."""
    test, text = WRONG[name]
    with case_of(server, tmp_path, text) as case, pytest.raises(AssertionError) as failure:
        TESTS[test](case)
    assert told(failure.value, tmp_path) == snapshot


# A table taken for its own whatever stands there is that migration's one fault.
@pytest.mark.parametrize("name", sorted(TESTS.keys() - {"difference", "differences"}))
def test_a_right_migration_passes(server: Server, tmp_path: Path, name: str) -> None:
    """The same tests are silent about one that keeps their rules."""
    with case_of(server, tmp_path, GOOD) as case:
        TESTS[name](case)


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_migration_of_another_kind_passes(server: Server, tmp_path: Path, kind: str) -> None:
    """One that makes no table, column, constraint or index keeps every rule too."""
    earlier, work = RIGHT[kind]
    with case_of(server, tmp_path, edited((WORK, work)), earlier=earlier) as case:
        for test in TESTS.values():
            test(case)


def test_every_kind_of_failure_is_read_here() -> None:
    """Each of the tests above has a wrong migration, but for one that is another view of the same."""
    assert TESTS.keys() - {test for test, _ in WRONG.values()} == {"differences"}


@pytest.mark.parametrize(
    ("names", "right"),
    [
        (["9_it", "10_other"], False),
        (["1_it", "002_other"], False),
        (["014_it", "015_other"], True),
        (["014_it", "20260102120000_other"], True),
        (["20260102120000_It-1", "20260103120000_other"], True),
    ],
)
def test_names_sort_the_same_by_number_and_by_text(tmp_path: Path, names: list[str], right: bool) -> None:
    """The Supabase CLI's timestamps, numbers of one width, and a timestamp after such numbers are right."""
    files = [Migration(tmp_path / f"{name}.sql", number, "", ()) for number, name in enumerate(names)]
    for file in files:
        if right:
            test_hygiene.test_the_name_has_its_place_in_the_order(file, files)
        else:
            with pytest.raises(AssertionError, match="Hint: give it a number with as many digits as the others'"):
                test_hygiene.test_the_name_has_its_place_in_the_order(file, files)


def recorded(case: MigrationCase, folder: Path, text: str) -> None:
    """Judge the case's file by a record of what is applied."""
    judged = MigrationsFolder(folder)
    judged.record.write_text(text, encoding="ascii")
    test_hygiene.test_an_applied_file_is_never_edited(case, judged)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("{other}  001_it.sql\n", "001_it.sql:1: the file is not what applied.sha256 says was applied."),
        ("{it} 001_it.sql\n", "applied.sha256:1: not a line of sha256sum."),
        (
            "{it}  001_it.sql\n{other}  003_gone.sql\n",
            "003_gone.sql is applied, and no longer in the folder.",
        ),
        (
            "{other}  002_more.sql\n",
            "002_more.sql is applied, and 001_it.sql before it is not.",
        ),
    ],
    ids=["edited", "no record", "gone", "overtaken"],
)
def test_a_record_of_what_is_applied_is_held_to(server: Server, tmp_path: Path, record: str, says: str) -> None:
    """A file that was edited, renamed or overtaken is told; the file as it was applied, or not recorded, is right."""
    with case_of(server, tmp_path, GOOD) as case:
        digests = {"it": hygiene.digest(case.migration), "other": "0" * 64}
        for right in ("", "{it}  001_it.sql\n"):
            recorded(case, tmp_path, right.format(**digests))
        with pytest.raises((AssertionError, pytest.fail.Exception), match=re.escape(says)):
            recorded(case, tmp_path, record.format(**digests))
