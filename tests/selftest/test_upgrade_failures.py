"""What a person reads of each kind of failure of the room tests/upgrade; and that it lets a right migration pass."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.lifecycle import Server
from tests.selftest.events import GOOD, case_of
from tests.selftest.upgrade_failures import TESTS, WRONG, Wrong
from tests.upgrade import test_hygiene
from tests.upgrade.support import hygiene
from tests.upgrade.support.case import MigrationCase, fill

OF_A_VERSION = re.compile(r"\n +\+[^\n]*(?:privilege:|: oid )[^\n]*")


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_migration_is_told_in_these_words(the_server: Server, tmp_path: Path, wrong: Wrong) -> None:
    """Where, what happened, what must happen, how to mend it."""
    with case_of(the_server, tmp_path, wrong.text) as case, pytest.raises(AssertionError) as failure:
        TESTS[wrong.test](case)
    assert OF_A_VERSION.sub("", str(failure.value)) == told(case, wrong)


def told(case: MigrationCase, wrong: Wrong) -> str:
    """Write it as it must be read."""
    return (
        f"{case.migration.path}:{wrong.line}: {wrong.happened}\n  What must happen: {wrong.must}\n  Hint: {wrong.hint}"
    )


# That one makes no secret of taking any table for its own.
@pytest.mark.parametrize("name", sorted(TESTS.keys() - {"differences"}))
def test_a_right_migration_passes(the_server: Server, tmp_path: Path, name: str) -> None:
    """The same tests are silent about one that keeps their rules."""
    with case_of(the_server, tmp_path, GOOD) as case:
        TESTS[name](case)


def test_every_kind_of_failure_is_read_here() -> None:
    """Each of the tests above has a wrong migration, but for one of two views of the same."""
    assert TESTS.keys() - {wrong.test for wrong in WRONG.values()} == {"rows"}


def test_a_table_without_rows_is_told_by_the_file_that_is_missing(the_server: Server, tmp_path: Path) -> None:
    """A new table wants a file of rows, and the failure says what goes into it."""
    with case_of(the_server, tmp_path, GOOD) as case, case.after() as database:
        (tmp_path / "public.t.sql").unlink()
        with closing(database.connect(MIGRATOR)) as connection, pytest.raises(AssertionError) as failure:
            fill(connection, tmp_path)
    assert str(failure.value) == (
        f"{tmp_path / 'public.t.sql'}: there is no such file, and so no row for this table.\n"
        "  What must happen: every migration is tried on a table full of rows.\n"
        "  Hint: write one INSERT … SELECT FROM generate_series with rows in every state."
    )


@pytest.mark.parametrize("name", ["1_it", "001_It", "001_9it", "0001_it"])
def test_a_name_that_sorts_otherwise_is_refused(tmp_path: Path, name: str) -> None:
    """A number of other width, capitals, or no words: the failure says how to name it."""
    named = [Migration(tmp_path / f"{each}.sql", 1, "", ()) for each in (name, "002_other")]
    with pytest.raises(AssertionError, match=r"Hint: name it like 014_create_calculator2_sessions\.sql"):
        test_hygiene.test_the_name_has_its_place_in_the_order(named[0], named)
    test_hygiene.test_the_name_has_its_place_in_the_order(named[1], named[1:])


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
def test_a_record_of_what_is_applied_is_held_to(the_server: Server, tmp_path: Path, record: str, says: str) -> None:
    """A file that was edited, renamed or overtaken is told; the file as it was applied, or not recorded, is right."""
    with case_of(the_server, tmp_path, GOOD) as case:
        digests = {"it": hygiene.digest(case.migration), "other": "0" * 64}
        for right in ("", "{it}  001_it.sql\n"):
            recorded(case, tmp_path, right.format(**digests))
        with pytest.raises((AssertionError, pytest.fail.Exception), match=re.escape(says)):
            recorded(case, tmp_path, record.format(**digests))
