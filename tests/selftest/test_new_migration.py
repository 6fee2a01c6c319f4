"""tox -e new-migration: what it writes keeps every rule as it stands, and so does what is edited and checked anew."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.migrations.edits import Edit
from tests.scaffold import new_migration
from tests.selftest import sharing
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import MIGRATION, QUICK, RunFolder, candidate

COLUMN = ["add_locale", "--column=public.calculator2_sessions.locale:text", "--check=char_length(locale) <= 35"]
# What somebody adds by hand: an index, whose work is said to block, before the check.
INDEX = (SAMPLES / "new_migration" / "index.sql").read_text(encoding="utf-8")
ROOM = ["tests/upgrade", "tests/access"]


@pytest.fixture
def here(here: RunFolder) -> RunFolder:
    """A place for a run, with the migration in a folder."""
    candidate(here.folder / "migrations")
    return here


def begin(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the command; return its exit status and the names of the migrations that are there then."""
    status = new_migration.main([f"--migrations={folder}", *arguments])
    return status, sorted(path.name for path in folder.glob("*.sql"))


def test_what_is_begun_keeps_every_rule(here: RunFolder) -> None:
    """A column with a CHECK and an index, a table, and no work yet: each file keeps the rules of its room as it stands.

    The contract of the table is another matter: a column more is a change of it, and red.
    """
    folder = here.folder / "migrations"
    for arguments in (COLUMN, ["create_invoices", "--table=public.invoices"], ["say_nothing"]):
        assert begin(folder, *arguments)[0] == 0
    file = folder / "015_add_locale.sql"
    before_check = "-- IF NOT EXISTS looks at names only."
    file.write_text(Edit(before_check, f"{INDEX}{before_check}").apply(file.read_text("utf-8")), "utf-8")
    assert begin(folder, "add_locale")[0] == 0
    assert "('index public.idx_calculator2_sessions_locale'" in file.read_text("utf-8").replace("(\n            ", "(")
    judged = ["-p", sharing.__name__, "-q", "--locks", "-knot 014", *ROOM]
    status, printed = here.run(f"--migrations={folder}", *judged)
    assert status == 0, printed
    assert "AccessExclusiveLock" in printed
    status, printed = here.run(f"--migrations={folder}", "-q", "-kcolumns", QUICK)
    assert status == 1, printed
    assert "calculator2_sessions S2 is broken" in printed
    assert "unexpected: column locale: text" in printed


@pytest.mark.parametrize("linter", [["squawk"], ["sqlfluff", "lint"]], ids=["squawk", "sqlfluff"])
def test_what_is_begun_is_clean(here: RunFolder, linter: list[str]) -> None:
    """The linters of tox -e lint find nothing in it."""
    folder = here.folder / "migrations"
    begin(folder, *COLUMN)
    begin(folder, "create_invoices", "--table=public.invoices")
    for settings in (".squawk.toml", ".sqlfluff"):
        shutil.copy(ROOT / settings, here.folder)
    command = [str(Path(sys.executable).with_name(linter[0])), *linter[1:], *map(str, sorted(folder.glob("*.sql")))]
    found = subprocess.run(command, cwd=here.folder, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@cases("new_migration/names")
def test_the_number_is_the_next_in_the_folder_s_style(tmp_path: Path, there: list[str], named: str) -> None:
    """As many digits as the last file has, or a timestamp."""
    for name in there:
        (tmp_path / name).write_bytes(MIGRATION.read_bytes())
    assert begin(tmp_path, "more") == (0, sorted([*there, named]))


@cases("new_migration/refused")
def test_what_cannot_be_begun_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    """In a sentence, with what to give instead; no file is written or changed."""
    text = MIGRATION.read_bytes()
    (tmp_path / MIGRATION.name).write_bytes(text)
    (tmp_path / "applied.sha256").write_text(f"{hashlib.sha256(text).hexdigest()}  {MIGRATION.name}\n", "ascii")
    assert begin(tmp_path, *arguments) == (2, [MIGRATION.name])
    assert says in capsys.readouterr().err
    assert (tmp_path / MIGRATION.name).read_bytes() == text


def test_a_file_without_a_place_for_the_check_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what to write, and where."""
    (tmp_path / "001_mine.sql").write_text("CREATE TABLE IF NOT EXISTS public.t (id int);", encoding="ascii")
    assert begin(tmp_path, "001_mine")[0] == 2
    assert "Write this before NOTIFY: DO $check$ BEGIN END; $check$;" in capsys.readouterr().err
