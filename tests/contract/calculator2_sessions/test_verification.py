"""Verification: the verify file says whether a live database holds the table as the contract has it."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.contract.calculator2_sessions.support.structural_changes import CHANGES, ON_A_FRESH_CONNECTION, SAME
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog.structural_changes import structural_changes
from tests.harness.catalog.verify_sql import file_name
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.versions import SUPPORTED
from tests.harness.migrations import verify_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.verify_file import VerifyResult
from tests.harness.plugins.databases import under_both_default_privileges
from tests.harness.plugins.stash import SERVER
from tests.harness.server.database import Database
from tests.harness.server.session import Session

NAME = TABLE.qualified_name
ALL_HELD = re.compile(rf"{re.escape(NAME)} keeps its contract: all (\d\d) checks held\.")
SOME_HELD = re.compile(rf"{re.escape(NAME)} breaks its contract; (\d\d) checks held, these did not:")
SEVERAL = ("47 hours", "tokens no longer unique", "a longer token", "rows open for ever")
A_DEVIATION = re.compile(r"  (S[1-8]|R[1-6]): .+; must be: .+")

VerifiedAfter = Callable[..., VerifyResult]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try the changes that this server knows."""
    if "change" in metafunc.fixturenames:
        running = metafunc.config.stash.get(SERVER, None)
        changes = structural_changes(TABLE, running.major if running else max(SUPPORTED)) | CHANGES
        metafunc.parametrize("change", changes.values(), ids=changes)


def spellings(says: str) -> Iterator[str]:
    """Return what must be said, with each spelling of a default or a constraint that the declaration allows."""
    yield says
    subject, separator, fact = says.partition(": ")[2].partition(": ")
    is_now, more, must_be = fact.partition("; must be: ")
    allowed = {f"column {each.name}": (each.default, each.default_same_as) for each in TABLE.columns}
    allowed |= {f"constraint {each.name}": (each.definition, each.same_as) for each in TABLE.constraints}
    declared, others = allowed.get(subject, ("", ()))
    # The verify file takes length() for char_length(), and says what is there.
    found = [is_now.replace("char_length(", "length("), *(is_now.replace(declared or "", other) for other in others)]
    for other in found:
        yield says.replace(f"{separator}{fact}", f"{separator}{other}{more}{must_be}")


@pytest.fixture
def verification(migrations_folder: MigrationsFolder) -> Path:
    """The table's verify file."""
    return migrations_folder.verify_files / file_name(TABLE)


@pytest.fixture
def verified_after(superuser_session: Session, verification: Path) -> VerifiedAfter:
    """Change something as the superuser, and verify in the same transaction, with the rights of another role."""

    def verified(change: str, role: str = MIGRATOR) -> VerifyResult:
        superuser_session.connection.execute(change.encode(), prepare=False)
        superuser_session.connection.execute(f"SET LOCAL ROLE {role}".encode())
        return verify_file.inside(superuser_session.connection, verification)

    return verified


@pytest.mark.clause("V1", "V2")
@under_both_default_privileges
def test_a_migrated_database_is_found_right(database: Database, verification: Path) -> None:
    """Pasted into the dashboard's editor by the role that migrates, it ends with one row: how many checks held."""
    with closing(database.connect(MIGRATOR)) as connection:
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (False,)
        verify_file.in_the_dashboard(connection, verification).check()


@pytest.mark.clause("V1")
@pytest.mark.parametrize("spelling", SAME.values(), ids=SAME)
def test_what_the_contract_leaves_free_is_found_right(verified_after: VerifiedAfter, spelling: str) -> None:
    """Another spelling of a default, check or policy, another body or comment, rows and settings are no fault."""
    verified_after(spelling).check()


@pytest.mark.clause("V1")
def test_it_needs_no_rights_beyond_the_owners(verified_after: VerifiedAfter) -> None:
    """A role that owns the table and its function, and has no other right, can verify."""
    change = f"""
    CREATE ROLE plain_owner; ALTER TABLE {NAME} OWNER TO plain_owner;
    ALTER FUNCTION public.update_calculator2_sessions_last_active() OWNER TO plain_owner
    """
    verified_after(change, "plain_owner").check()


@pytest.mark.clause("V1")
def test_it_cannot_write(superuser_session: Session, verified_after: VerifiedAfter) -> None:
    """Its transaction writes nothing, and would be refused if it tried."""
    verified_after("SELECT 1").check()
    written = superuser_session.run("SELECT pg_current_xact_id_if_assigned()::text")
    assert written.rows == ((None,),)
    assert superuser_session.attempt(f"INSERT INTO {NAME} DEFAULT VALUES".encode()) == Refused("25006")


@pytest.mark.clause("V1")
def test_it_runs_where_nothing_may_be_written(database: Database, verification: Path) -> None:
    """It runs where every transaction is read-only, and leaves the session's settings and transaction as they were."""
    settings = "SELECT name, setting FROM pg_settings WHERE name !~ '^plpgsql' ORDER BY name"
    with closing(database.connect(MIGRATOR)) as connection:
        connection.execute("SET default_transaction_read_only = on")
        before = connection.execute(settings).fetchall()
        verify_file.in_the_dashboard(connection, verification).check()
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connection.execute(settings).fetchall() == before


@pytest.mark.clause("V2")
def test_each_change_is_found_and_named(verified_after: VerifiedAfter, change: tuple[str, str]) -> None:
    """Whatever is changed, it fails with an error that says what is wrong, of which clause, and what must be."""
    sql, says = change
    found = verified_after(sql)
    # The verify file takes these for the same.
    heard = re.sub(r"CURRENT_TIMESTAMP|transaction_timestamp\(\)", "now()", str(found))
    assert any(each in heard for each in spellings(says)), f"{found}\ndoes not say\n{says}"
    assert all(A_DEVIATION.fullmatch(line) for line in found.deviations[1:])


@pytest.mark.clause("V2")
def test_a_policy_that_fails_on_a_fresh_connection_is_found(database: Database, verification: Path) -> None:
    """A policy that demands the setting is found, though it fails only where the setting was never made."""
    ((change, says),) = ON_A_FRESH_CONNECTION.values()
    with closing(database.connect(SUPERUSER)) as connection:
        connection.execute(f"BEGIN; {change}".encode())
        found = verify_file.inside(connection, verification)
    assert says in str(found)


@pytest.mark.clause("V1")
def test_one_error_lists_every_deviation(superuser_session: Session, verified_after: VerifiedAfter) -> None:
    """Several faults are told at once, and nothing but them; the checks that held are counted, all of them."""
    with superuser_session.example():
        whole = ALL_HELD.fullmatch(verified_after("SELECT 1").row or "")
    changes, says = zip(*(CHANGES[name] for name in SEVERAL), strict=True)
    found = verified_after(";".join(changes))
    part = SOME_HELD.fullmatch(found.deviations[0])
    assert len(found.deviations[1:]) == len(SEVERAL)
    assert all(each in str(found) for each in says), found
    assert whole is not None
    assert part is not None
    assert int(whole[1]) == int(part[1]) + len(SEVERAL)
