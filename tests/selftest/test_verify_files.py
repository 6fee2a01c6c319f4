"""Verify files: written from a contract for a table of any shape, and run as the dashboard runs them."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.catalog.sql_text import LONGEST_LINE
from tests.harness.catalog.structural_changes import structural_changes
from tests.harness.catalog.verify_sql import PolicyProbe, verify_sql
from tests.harness.core.paths import CONTRACTS, MIGRATIONS
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.migrations import files, verify_file
from tests.harness.migrations.verify_file import VerifyResult
from tests.harness.plugins.databases import Clone, OpenSession
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.harness.server.session import Session
from tests.harness.supabase import templates
from tests.scaffold.read_table import read_table
from tests.scaffold.verify_files import verify_files
from tests.selftest.cases import SAMPLES

QUOTED, SIGNUPS = 'public."Order"', "public.newsletter_signups"


@pytest.fixture(scope="module")
def sampled(clone: Clone, server: Server) -> Database:
    """A database with a table whose names must be quoted, and with the sample's."""
    database = clone(templates.unmigrated("explicit"))
    templates.migrate(server, database.name, files.read_folder(SAMPLES / "newsletter_signups" / "migrations"))
    with closing(database.connect(MIGRATOR)) as connection:
        connection.execute((SAMPLES / "verify_files" / "quoted.sql").read_bytes())
    return database


Verified = Callable[[str, Sequence[PolicyProbe]], VerifyResult]


@pytest.fixture
def verified(sampled: Database, open_session: OpenSession, tmp_path: Path) -> Verified:
    """Write a table's verify file from what stands there, and verify."""

    def verify(table: str, probes: Sequence[PolicyProbe]) -> VerifyResult:
        session = open_session(sampled, SUPERUSER)
        file = tmp_path / "verify.sql"
        file.write_text(verify_sql(read_table(session, table), probes), encoding="utf-8")
        session.run("SET LOCAL ROLE postgres")
        return verify_file.inside(session.connection, file)

    return verify


def test_every_change_to_a_table_whose_names_are_quoted_is_found(
    sampled: Database, open_session: OpenSession, tmp_path: Path
) -> None:
    """Each is told in the words that the table's declaration gives it; so no change is without effect.

    No line is longer than sqlfluff allows. Tables of other shapes are those of test_new_contract.py.
    """
    session = open_session(sampled, SUPERUSER)
    spec = read_table(session, QUOTED)
    file = tmp_path / "verify.sql"
    file.write_text(verify_sql(spec, ()), encoding="utf-8")
    assert max(map(len, file.read_text(encoding="utf-8").splitlines())) <= LONGEST_LINE
    unnoticed = []
    for what, (change, says) in structural_changes(spec, session.major).items():
        with session.example():
            session.connection.execute(change.encode(), prepare=False)
            session.run("SET LOCAL ROLE postgres")
            result = verify_file.inside(session.connection, file)
        if f"  {says}" not in result.deviations:
            unnoticed.append(f"{what}: {says}\n{result}")
    assert not unnoticed, "\n".join(unnoticed)


@pytest.mark.parametrize("claims", [None, "", "{}", '{"sub": "me"}', '{"sub": "you"}'])
def test_a_policy_is_tried_with_a_request_s_claims(verified: Verified, claims: str | None) -> None:
    """Both expressions of a policy are true of the row for its holder alone."""
    probe = PolicyProbe("R2", "own rows", "a row of mine", "open", {"user": "'me'"}, claims=claims)
    told = "  R2: policy own rows, a row of mine: closed; must be: open"
    assert verified(QUOTED, [probe]).deviations[1:] == (() if claims == '{"sub": "me"}' else (told, told))


def test_a_policy_for_new_rows_is_tried(verified: Verified) -> None:
    """WITH CHECK alone is an expression too."""
    given = {"now": "now()", "tomorrow": "now() + interval '1 day'"}
    probes = [
        PolicyProbe("R1", "sign_up_newsletter_signups", f"consent {when}", "open", {"consented_at": value}, headers="")
        for when, value in given.items()
    ]
    told = "  R1: policy sign_up_newsletter_signups, consent tomorrow: closed; must be: open"
    assert verified(SIGNUPS, probes).deviations[1:] == (told,)


@pytest.mark.parametrize(
    ("contracts", "migrations"),
    [(CONTRACTS, MIGRATIONS), (SAMPLES / "newsletter_signups", SAMPLES / "newsletter_signups/migrations")],
    ids=["contracts", "sample"],
)
def test_the_verify_files_are_those_of_the_contracts(contracts: Path, migrations: Path) -> None:
    """What lies in the folder verify is what the command writes."""
    there = {file.name: file.read_text(encoding="utf-8") for file in (migrations / "verify").iterdir()}
    written = verify_files(contracts)
    differing = sorted(name for name in there.keys() | written.keys() if there.get(name) != written.get(name))
    hint = f"tox -e verify-files -- --contracts {contracts} --migrations {migrations}; remove what has no contract."
    assert not differing, f"{migrations}/verify: not what the contracts say: {', '.join(differing)}. Hint: {hint}"


def test_a_verification_is_heard_as_in_the_dashboard(sampled: Database, tmp_path: Path) -> None:
    """The last result that has rows, or the lines of the error."""
    file = tmp_path / "verify.sql"
    with closing(sampled.connect(MIGRATOR)) as connection:
        file.write_text("SELECT 'no'; SELECT 'yes'; SET work_mem = '1MB'", encoding="utf-8")
        assert str(verify_file.in_the_dashboard(connection, file)) == "yes"
        file.write_text("SELECT 'no'; DO $$ BEGIN RAISE E'one\\ntwo'; END $$", encoding="utf-8")
        result = verify_file.in_the_dashboard(connection, file)
    assert (result.row, result.deviations) == (None, ("one", "two"))


def test_a_verification_out_of_its_transaction_is_refused(superuser_session: Session, tmp_path: Path) -> None:
    """The file is one transaction, or cannot be run inside another; without a file there is no traceback."""
    file = tmp_path / "verify.sql"
    with pytest.raises(AssertionError, match=r"verify\.sql: there is no such file, so nothing verifies the table"):
        verify_file.inside(superuser_session.connection, file)
    file.write_text("SELECT 1; COMMIT", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"verify\.sql: is not one transaction from BEGIN to COMMIT"):
        verify_file.inside(superuser_session.connection, file)
