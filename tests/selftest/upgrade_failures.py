"""A wrong migration for each kind of failure of the room tests/upgrade, and to the letter what a person reads then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.harness.catalog import snapshots
from tests.harness.migrations import deliveries
from tests.selftest.events import GOOD, WORK, wrong
from tests.upgrade import (
    test_concurrency,
    test_deliveries,
    test_divergent_tables,
    test_every_migration,
    test_hygiene,
    test_locks,
    test_settings,
)
from tests.upgrade.support.case import MigrationCase

NOTIFY = "NOTIFY pgrst, 'reload schema';"
NO_TRANSACTION = wrong(("BEGIN;\n", ""), ("COMMIT;\n", ""), ("SET LOCAL cli", "SET cli"), ("SET LOCAL lo", "SET lo"))
ONE_TRANSACTION = "one BEGIN before everything and one COMMIT after it."
GUARD = "guard what may be there already: IF NOT EXISTS, OR REPLACE, or DROP … IF EXISTS before."
COMPARE = "let the file compare what stands there with what it makes, and RAISE EXCEPTION with the difference."
MET_OR_REFUSED = "it ends as a clean run does, or fails with an error that says what differs."
BOUND = "begin the file's transaction with SET LOCAL lock_timeout = '2s'."
# What is granted by default is longer from one version to the next, and an OID is any: both are left out.
THE_TABLE = """
    +column public.t.id · column: 1 integer storage p
    +table public.t · owner: postgres
    +table public.t · relation: of kind r; persistence p; row security false; forced false; replica identity d; \
access method heap"""


def again(*more: str) -> str:
    """Put more statements in behind the work, each on a line of its own."""
    return wrong((WORK, "\n".join([WORK, *more])))


def _every(name: str, **arguments: object) -> Callable[[MigrationCase], object]:
    return partial(getattr(test_every_migration, name), **arguments)


_delivered = test_deliveries.test_every_delivery_ends_in_the_same_catalogue
TESTS: dict[str, Callable[[MigrationCase], object]] = {
    "plain": _every("test_a_plain_project_is_enough"),
    "second run": _every("test_a_second_run_changes_nothing", view=snapshots.catalogue),
    "rows": _every("test_a_second_run_changes_nothing", view=snapshots.rows),
    "half-way": _every("test_a_run_completes_what_stopped_after_any_statement"),
    "stopped": _every("test_a_stopped_transaction_leaves_nothing"),
    "told": _every("test_the_api_is_told_at_commit"),
    "not told": _every("test_the_api_is_not_told_of_a_failure", delivery=deliveries.by_psql),
    "delivered": partial(_delivered, delivery=deliveries.by_psql),
    "recorded": partial(_delivered, delivery=deliveries.by_supabase_cli),
    "failure": partial(test_deliveries.test_a_failure_anywhere_leaves_nothing, delivery=deliveries.by_psql),
    "at once": partial(
        test_concurrency.test_appliers_at_once_all_succeed,
        situation="first",
        delivery=deliveries.one_by_one,
        number=2,
    ),
    "queue": partial(
        test_concurrency.test_the_application_does_not_queue_behind_it, situation="again", holder="reader"
    ),
    "differences": test_divergent_tables.test_no_single_difference_is_taken_for_success,
    "pairs": test_hygiene.test_transactions_are_begun_and_ended_in_pairs,
    "session": test_hygiene.test_the_session_is_left_as_it_was,
    "warnings": partial(test_hygiene.test_postgresql_does_not_warn, situation="first"),
    "work": partial(
        test_locks.test_no_table_in_use_is_worked_through_under_a_lock, record_property=lambda name, value: None
    ),
    "wait": test_locks.test_no_lock_is_waited_for_without_a_bound,
    "settings": partial(
        test_settings.test_a_session_s_settings_do_not_change_the_result, setting="search_path = shadow, pg_catalog"
    ),
}


@dataclass(frozen=True)
class Wrong:
    """A migration, the test that sees what is wrong with it, and what that says: the line, and the three sentences."""

    test: str
    text: str
    line: int
    happened: str
    must: str
    hint: str


WRONG: dict[str, Wrong] = {
    "no COMMIT": Wrong(
        "plain",
        wrong(("COMMIT;\n", "")),
        1,
        "the file says success, and nothing of it is in the database.",
        "what it makes is there when it has run.",
        "end a BEGIN with COMMIT.",
    ),
    "no guard": Wrong(
        "second run",
        wrong(("IF NOT EXISTS ", "")),
        4,
        'the file fails (42P07: relation "t" already exists).',
        "it succeeds here.",
        GUARD,
    ),
    "a check more each time": Wrong(
        "second run",
        again("ALTER TABLE public.t ADD CHECK (id > 0);"),
        5,
        "run again, the file changes what is there."
        + "".join(
            f"\n    +constraint t_id_check{number} on public.t · constraint: CHECK ((id > 0)); validated t, local t,"
            " inherited 0, not inheritable f"
            for number in (1, 2)
        ),
        "a second run changes nothing, and drops, makes again or rewrites nothing.",
        "guard the statement, so that it does nothing where its work is done.",
    ),
    "no guard for what is half done": Wrong(
        "half-way",
        wrong(("IF NOT EXISTS ", "")),
        4,
        'an earlier run had stopped half-way, and now the file fails here (relation "t" already exists).',
        "a new run completes what an earlier one left half done.",
        GUARD,
    ),
    "no transaction to stop": Wrong(
        "stopped",
        NO_TRANSACTION,
        3,
        f"the connection is lost after this statement, and something of the file stays.{THE_TABLE}",
        "nothing stays of a run that did not reach its end.",
        "begin the file with BEGIN and end it with COMMIT.",
    ),
    "no notification": Wrong(
        "told",
        wrong((NOTIFY, "SELECT 1;")),
        6,
        "a listener on pgrst heard [] of a run, and [] of one that did not commit.",
        "it hears ['reload schema'] of the run, and nothing of the other.",
        "NOTIFY pgrst, 'reload schema', once, inside the file's transaction.",
    ),
    "a notification whatever comes": Wrong(
        "not told",
        wrong((NOTIFY, "SELECT 1;"), ("COMMIT;\n", f"COMMIT;\n{NOTIFY}\n")),
        1,
        "the file failed, and a listener on pgrst heard ['reload schema'].",
        "nothing is sent when nothing was done.",
        "let NOTIFY be part of the file's transaction.",
    ),
    "one tool's own work": Wrong(
        "delivered",
        again(
            "DO $$ BEGIN IF current_setting('application_name') = 'psql' THEN"
            " ALTER TABLE public.t ADD COLUMN IF NOT EXISTS by text; END IF; END $$;"
        ),
        1,
        "delivered once, the file ends in another catalogue.\n    +column public.t.by · column: 2 text storage x",
        "the catalogue is the same, whoever delivers the file.",
        "one BEGIN before everything and one COMMIT after it; nothing that only one tool understands.",
    ),
    "a role left behind": Wrong(
        "recorded",
        wrong(("COMMIT;\n", "COMMIT;\nSET ROLE anon;\n")),
        7,
        "the file is applied, and then the tool's own bookkeeping fails:"
        " 42501: permission denied for schema supabase_migrations",
        "the tool that delivers the file can record it.",
        "leave no role or setting behind (SET LOCAL).",
    ),
    "no transaction to fail": Wrong(
        "failure",
        NO_TRANSACTION,
        2,
        f"a failure right after this statement leaves something of the file behind.{THE_TABLE}",
        "all of the file is applied, or nothing, whoever delivers it.",
        ONE_TRANSACTION,
    ),
    "no lock among appliers": Wrong(
        "at once",
        wrong(("BEGIN;\n", f"BEGIN;\n{WORK}\n"), (f"'2s';\n{WORK}\n", "'2s';\n")),
        1,
        "of 3 parts of runs at once, 1 failed:\n"
        '    23505: duplicate key value violates unique constraint "pg_type_typname_nsp_index"\n'
        "    Key (typname, typnamespace)=(t, 2200) already exists.",
        "all succeed, and the catalogue is that of one clean run.",
        "let the file take an advisory lock, for its transaction, before it looks at anything.",
    ),
    "an error of its own beside a reader": Wrong(
        "queue",
        again(
            "DO $$ BEGIN LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE NOWAIT;"
            " EXCEPTION WHEN lock_not_available THEN RAISE 'busy'; END $$;"
        ),
        1,
        "beside a long reader it ended with P0001: busy; the application waits with [].",
        "it gives up within its own lock_timeout, with 55P03, and the application goes on.",
        BOUND,
    ),
    "another shape taken for its own": Wrong(
        "differences",
        GOOD,
        1,
        "[column t.id has another default], and the file says success.\n"
        "    -column public.t.id · column: 1 integer storage p\n"
        "    +column public.t.id · column: 1 integer DEFAULT 1 storage p",
        MET_OR_REFUSED,
        COMPARE,
    ),
    "a refusal without a name": Wrong(
        "differences",
        wrong((WORK, f"DO $$ BEGIN IF to_regclass('public.t') IS NOT NULL THEN RAISE '!'; END IF; END $$;\n{WORK}")),
        1,
        "[column t.id has another default], and the file says only: !\n"
        "CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE",
        MET_OR_REFUSED,
        COMPARE,
    ),
    "a BEGIN inside another": Wrong(
        "pairs",
        again("BEGIN;"),
        5,
        "a BEGIN inside the transaction of line 1.",
        "every tool applies the same: some say success then, and apply nothing, nor any later file.",
        ONE_TRANSACTION,
    ),
    "a setting left behind": Wrong(
        "session",
        wrong(("SET LOCAL lock", "SET lock")),
        3,
        "the session that ran the file is another afterwards.\n    +setting lock_timeout = 2000",
        "the next file runs as if this one had not: with its own role and settings.",
        "SET LOCAL, which ends with the transaction.",
    ),
    "a GRANT of nothing": Wrong(
        "warnings",
        again("GRANT SELECT ON pg_catalog.pg_class TO anon;"),
        5,
        'PostgreSQL warns: 01007: no privileges were granted for "pg_class"',
        "every statement does what it says.",
        "grant and revoke as the owner; take out what does nothing.",
    ),
    "an index built under a lock": Wrong(
        "work",
        again("CREATE INDEX ON public.t (id);"),
        5,
        "this works through a table in use that nobody else can write to:\n"
        f"    second run  line 5    {'CREATE INDEX ON public.t (id)':48}  {'t':32}  {'ShareLock':24}  reads 3 rows",
        "the application does not queue behind it.",
        "do it without the lock, or say above the statement why it may: -- blocks: the reason.",
    ),
    "a reason for nothing": Wrong(
        "work",
        again("-- blocks: I thought so", "SELECT 1;"),
        6,
        "-- blocks: I thought so: it does not.",
        "it does.",
        "take the comment out.",
    ),
    "no bound": Wrong(
        "wait",
        wrong(("SET LOCAL lock_timeout = '2s';", "ALTER TABLE IF EXISTS public.t ENABLE ROW LEVEL SECURITY;")),
        3,
        "this waits for AccessExclusiveLock on t for 0 ms (0: for ever).",
        "it gives up within a lock_timeout of its own, and the application with it waits no longer.",
        BOUND,
    ),
    "names of the session's": Wrong(
        "settings",
        wrong(("(id int)", "(id int, at timestamptz DEFAULT now())")),
        1,
        "in a session with search_path = shadow, pg_catalog, the file ends in another catalogue.\n"
        "    -column public.t.at · column: 2 timestamp with time zone DEFAULT now() storage p\n"
        "    +column public.t.at · column: 2 timestamp with time zone storage p",
        "it ends as one clean run does.",
        "SET LOCAL what names and printed expressions depend on, at the file's beginning.",
    ),
}
