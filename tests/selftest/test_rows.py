"""Rows for every table of a migrated database, without a file where the columns' types are enough."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.harness.core.roles import MIGRATOR
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.cases import SAMPLES, cases
from tests.upgrade.support.rows import Rows

ENOUGH = 3000


@pytest.fixture
def project(databases: DatabaseFactory) -> Iterator[Database]:
    """A project of the test's own."""
    with databases.lend(templates.unmigrated("explicit")) as database:
        yield database


@pytest.fixture
def empty(project: Database) -> Iterator[Connection]:
    """A session of the migrator in it."""
    with closing(project.connect(MIGRATOR)) as connection:
        yield connection


@cases("rows/columns")
def test_rows_are_made_of_the_columns_types(project: Database, empty: Connection, tmp_path: Path, columns: str) -> None:
    """NOT NULL, UNIQUE, identities and foreign keys are kept; what may be null is so in some rows and not in others."""
    empty.execute((SAMPLES / "rows/before.sql").read_bytes() + f"CREATE TABLE public.a ({columns})".encode())
    Rows({}, tmp_path).fill(project)
    counts = [empty.execute(f"SELECT count(*) FROM public.{table}".encode()).fetchone() for table in "ayz"]
    assert counts == [(ENOUGH,)] * 3
    Rows({}, tmp_path).fill(project)
    assert empty.execute("SELECT count(*) FROM public.a").fetchone() == (ENOUGH,)


def test_a_column_that_may_be_null_is_so_in_some_rows(project: Database, empty: Connection, tmp_path: Path) -> None:
    """In a third of them."""
    empty.execute("CREATE TABLE public.a (a int)")
    Rows({}, tmp_path).fill(project)
    assert empty.execute("SELECT count(*) FROM public.a WHERE a IS NULL").fetchone() == (ENOUGH // 3,)


@pytest.mark.parametrize("file", [None, "SELECT 1"], ids=["no file", "a file that inserts nothing"])
def test_a_table_that_stays_empty_is_told_with_the_file_to_write(
    project: Database, empty: Connection, tmp_path: Path, snapshot: SnapshotAssertion, file: str | None
) -> None:
    """A CHECK may refuse what is made; the failure says why, and what to write where."""
    empty.execute("CREATE TABLE public.a (a text NOT NULL CONSTRAINT words CHECK (a ~ '^(one|two)$'))")
    if file is not None:
        (tmp_path / "public.a.sql").write_text(file, encoding="utf-8")
    with pytest.raises(AssertionError) as failure:
        Rows({}, tmp_path).fill(project)
    assert str(failure.value).replace(str(tmp_path), "migrations/rows") == snapshot


def test_a_file_is_preferred(project: Database, empty: Connection, tmp_path: Path) -> None:
    """A contract's own to one in the folder, and that to what could be made."""
    empty.execute("CREATE TABLE public.a (a int); CREATE TABLE public.b (a int)")
    files = {name: tmp_path / name for name in ("contract.sql", "public.a.sql", "public.b.sql")}
    for number, file in enumerate(files.values()):
        file.write_text(f"INSERT INTO {'public.b' if file.stem == 'public.b' else 'public.a'} VALUES ({number})")
    Rows({"public.a": files["contract.sql"]}, tmp_path).fill(project)
    assert empty.execute("SELECT a FROM public.a UNION ALL SELECT a FROM public.b").fetchall() == [(0,), (2,)]
