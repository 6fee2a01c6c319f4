"""Statements that the platform takes and a throwaway server cannot: they are left out and told, and no fault is."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import DoesNotApply, Migration, apply, read_file
from tests.harness.server.database import Database
from tests.harness.supabase import not_here
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.not_here import LeftOut
from tests.selftest.cases import cases, tables

DATA = tomllib.loads(Path(not_here.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
Apply = Callable[[str, bool], list[LeftOut]]


@pytest.fixture
def database(databases: DatabaseFactory) -> Iterator[Database]:
    """A project before any migration."""
    with databases.project("explicit", 0) as made:
        yield made


@pytest.fixture
def apply_here(database: Database, tmp_path: Path) -> Apply:
    """Apply a file of that text to the database."""

    def run(migration: Migration) -> None:
        with closing(database.connect(MIGRATOR)) as connection:
            apply(connection, migration)

    def apply_text(text: str, roles_are_left: bool) -> list[LeftOut]:
        (tmp_path / "001_it.sql").write_text(text, encoding="utf-8")
        return not_here.apply_here(read_file(tmp_path / "001_it.sql"), run, roles_are_left)

    return apply_text


@cases("not_here/left_out", roles_are_left=False, untold=0)
def test_what_cannot_be_run_here_is_left_out_and_told(
    database: Database, apply_here: Apply, text: str, roles_are_left: bool, told: list[str], untold: int, then: str
) -> None:
    """It is told with its line, and what it is; the rest of the file is applied."""
    found = apply_here(text, roles_are_left)
    assert [str(each) for each in found if each.why] == [f"001_it.sql:{each}: {DATA['words']}." for each in told]
    assert len(found) == len(told) + untold
    with closing(database.connect(MIGRATOR)) as connection:
        assert connection.execute(f"SELECT {then}".encode()).fetchone() == (True,)


@cases("not_here/faults", roles_are_left=False)
def test_a_fault_is_not_left_out(apply_here: Apply, text: str, roles_are_left: bool, line: int, sqlstate: str) -> None:
    """It is PostgreSQL's error, at its line, whatever was left out before it."""
    with pytest.raises(DoesNotApply) as refusal:
        apply_here(text, roles_are_left)
    assert (refusal.value.failure.line, refusal.value.failure.error.sqlstate) == (line, sqlstate)


def test_each_kind_of_statement_is_left_out() -> None:
    """Of each that the list has, there is a case above."""
    told = {each.partition(": ")[2] for case in tables("not_here/left_out").values() for each in case["told"]}
    assert told == {each["what"] for each in DATA["statement"]} | {DATA["needs"]}
