"""Verification: the verify file says whether a live database holds the table of 014 as the contract has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing

import psycopg
import pytest

from tests.contract.calculator2_sessions.support.structural_changes import CHANGES, SAME, Change, T, read_using
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations import verify_file
from tests.harness.migrations.files import Migration
from tests.harness.migrations.verify_file import FOLDER, VerifyResult
from tests.harness.plugins.databases import Clone, OpenSession, under_both_default_privileges
from tests.harness.plugins.start import SERVER
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session
from tests.harness.supabase import templates
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

NAME = "014_create_calculator2_sessions"
ALL_HELD = re.compile(r"public\.calculator2_sessions keeps S1 to S8: all (\d\d) checks held\.")
SOME_HELD = re.compile(r"public\.calculator2_sessions breaks its contract; (\d\d) checks held, these did not:")
A_DEVIATION = re.compile(r"  (S[1-8]|R[1-6]): .+; must be: .+")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try the changes that this server knows."""
    if "change" in metafunc.fixturenames:
        running = metafunc.config.stash.get(SERVER, None)
        known = {name: change for name, change in CHANGES.items() if not running or running.major >= change.since}
        metafunc.parametrize("change", known.values(), ids=known.keys())


@pytest.fixture(scope="module")
def _upgraded(clone: Clone, the_server: Server, migrations: Sequence[Migration]) -> dict[str, Database]:
    """Databases at 014, whatever came later."""
    databases = {
        default_privileges: clone(templates.unmigrated(default_privileges)) for default_privileges in DEFAULT_PRIVILEGES
    }
    for database in databases.values():
        templates.migrate(the_server, database.name, verify_file.up_to(NAME, migrations))
    return databases


@pytest.fixture
def upgraded(_upgraded: dict[str, Database], default_privileges: str) -> Database:
    """A database at 014, under these default privileges."""
    return _upgraded[default_privileges]


@pytest.fixture
def surgeon(open_session: OpenSession, upgraded: Database) -> Session:
    """A superuser who may change anything there; it is all taken back."""
    return open_session(upgraded, SUPERUSER)


def verified_after(surgeon: Session, change: str, role: str = MIGRATOR) -> VerifyResult:
    """Change something, and verify in the same transaction, with the rights of `role`."""
    surgeon.connection.execute(change.encode(), prepare=False)
    surgeon.connection.execute(f"SET LOCAL ROLE {role}".encode())
    return verify_file.inside(surgeon.connection, verify_file.read(NAME))


def holds(found: VerifyResult) -> None:
    """Fail unless the verification said that all is well."""
    __tracebackhide__ = True
    if found.row is None or not ALL_HELD.fullmatch(found.row):
        pytest.fail(
            f"{FOLDER / NAME}.sql: the verification finds fault.\n{found}\nIt must find none here. Where "
            "the table is right and only said otherwise, teach the file the other spelling.",
            pytrace=False,
        )


@pytest.mark.clause("V1")
@under_both_default_privileges
def test_a_migrated_database_is_found_right(upgraded: Database) -> None:
    """Pasted into the dashboard's editor by the role that migrates, it ends with one row: how many checks held."""
    with closing(upgraded.connect(MIGRATOR)) as connection:
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (False,)
        holds(verify_file.in_the_dashboard(connection, verify_file.read(NAME).text))


@pytest.mark.clause("V1")
@pytest.mark.parametrize("spelling", SAME.values(), ids=SAME.keys())
def test_what_the_contract_leaves_free_is_found_right(surgeon: Session, spelling: str) -> None:
    """Another spelling of the same default, check or policy, another trigger body or comment, and rows are no fault."""
    holds(verified_after(surgeon, spelling))


@pytest.mark.clause("V1")
def test_it_needs_no_rights_beyond_the_owners(surgeon: Session) -> None:
    """A role that owns the table and its function, and has no other right, can verify."""
    change = f"""
    CREATE ROLE plain_owner; ALTER TABLE {T} OWNER TO plain_owner;
    ALTER FUNCTION public.update_calculator2_sessions_last_active() OWNER TO plain_owner
    """
    holds(verified_after(surgeon, change, "plain_owner"))


@pytest.mark.clause("V1")
def test_it_cannot_write(surgeon: Session) -> None:
    """Its transaction writes nothing, and would be refused if it tried."""
    holds(verified_after(surgeon, "SELECT 1"))
    written = surgeon.run("SELECT pg_current_xact_id_if_assigned()::text")
    assert written.rows == ((None,),)
    assert surgeon.attempt(f"INSERT INTO {T} DEFAULT VALUES".encode()) == Refused("25006")


@pytest.mark.clause("V1")
def test_it_runs_where_nothing_may_be_written(upgraded: Database) -> None:
    """It runs where every transaction is read-only, and leaves the session's settings and transaction as they were."""
    settings = "SELECT name, setting FROM pg_settings WHERE name !~ '^plpgsql' ORDER BY name"
    with closing(upgraded.connect(MIGRATOR)) as connection:
        connection.execute("SET default_transaction_read_only = on")
        before = connection.execute(settings).fetchall()
        holds(verify_file.in_the_dashboard(connection, verify_file.read(NAME).text))
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connection.execute(settings).fetchall() == before


@pytest.mark.clause("V1")
@pytest.mark.parametrize(
    "setting",
    ["quote_all_identifiers = on", "intervalstyle = 'iso_8601'", "search_path = public", "timezone = 'Asia/Tokyo'"],
)
def test_a_callers_settings_do_not_change_the_answer(surgeon: Session, setting: str) -> None:
    """It says the same whatever the session has set."""
    holds(verified_after(surgeon, f"SET LOCAL {setting}"))


@pytest.mark.clause("V2")
def test_each_change_is_found_and_named(surgeon: Session, change: Change) -> None:
    """Whatever is changed, it fails with an error that says what is wrong, of which clause, and what must be."""
    found = verified_after(surgeon, change.sql)
    assert change.says in str(found)
    assert all(A_DEVIATION.fullmatch(line) for line in found.deviations[1:])


@pytest.mark.clause("V2")
def test_a_policy_that_fails_on_a_fresh_connection_is_found(upgraded: Database) -> None:
    """A policy that demands the setting is found, though it fails only where the setting was never made."""
    change = read_using("session_token = (SELECT current_setting('request.headers')::json ->> 'x-session-token')", "")
    with closing(upgraded.connect(SUPERUSER)) as connection:
        found = verified_after(Session(connection), change.sql)
    assert "R1: policy read_calculator2_sessions, a row without headers: error 42704" in str(found)


@pytest.mark.clause("V1")
def test_one_error_lists_every_deviation(surgeon: Session) -> None:
    """Several faults are told at once, and nothing but them; it says how many checks held."""
    names = ("a default lost", "an index dropped", "no comment on the table", "rows open for ever")
    found = verified_after(surgeon, ";".join(CHANGES[name].sql for name in names))
    said = "\n".join(found.deviations[1:])
    assert SOME_HELD.fullmatch(found.deviations[0])
    assert len(found.deviations[1:]) == len(names)
    assert all(CHANGES[name].says in said for name in names), said


@pytest.mark.clause("V1")
def test_every_check_is_counted(surgeon: Session) -> None:
    """As many held where all is well as where some did not, those included: comparisons and rows tried alike."""
    with surgeon.example():
        whole = ALL_HELD.fullmatch(verified_after(surgeon, "SELECT 1").row or "")
    found = verified_after(surgeon, f"{CHANGES['a default lost'].sql}; {CHANGES['rows open for ever'].sql}")
    part = SOME_HELD.fullmatch(found.deviations[0])
    assert whole is not None
    assert part is not None
    assert int(whole[1]) == int(part[1]) + len(found.deviations[1:])
