"""Hostile files: what could harm a reader of migrations is refused before anything is started, in a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.migrations import files
from tests.harness.migrations.files import LARGEST_BYTES, MOST_STATEMENTS, BadMigrations
from tests.harness.migrations.parser import HARMLESS_CHARACTERS, parser_failure
from tests.selftest.runs import QUICK, RunFolder

LINE = b"SELECT 1;\n"


def link_to(target: str) -> Callable[[Path], object]:
    """Make a link in the place of a file."""
    return lambda path: path.symlink_to(target)


def holding(content: bytes) -> Callable[[Path], object]:
    """Make a file."""
    return lambda path: path.write_bytes(content)


def sparse(size: int) -> Callable[[Path], object]:
    """Make a file with a hole, of that size."""

    def make(path: Path) -> None:
        path.touch()
        os.truncate(path, size)

    return make


# Each is small enough to be read, and ends the parser's process, or takes it minutes.
CHAINS = {
    "chain of operators": b"SELECT 1" + b"+1" * 60_000,
    "chain of casts": b"SELECT 1" + b"::int" * 40_000,
    "chain of unions": b"SELECT 1" + b" UNION SELECT 1" * 15_000,
    "chain of joins": b"SELECT FROM a" + b" CROSS JOIN b" * 15_000,
    "comments in comments": b"/*" * 60_000 + b"*/" * 60_000 + b"SELECT 1",
}
FILES = {
    "100 MB": (sparse(100_000_000), "001_x.sql: 100000000 bytes."),
    "10,000 statements": (holding(LINE * 10_000), "001_x.sql: 10000 statements."),
    "a NUL byte": (holding(b"SELECT 1;\n\0DROP TABLE x;"), "001_x.sql:2: a NUL byte"),
    "rows to the client": (holding(b"COPY (SELECT 1) TO STDOUT;"), "001_x.sql:1: COPY … TO STDOUT"),
    "a device without an end": (link_to("/dev/zero"), "001_x.sql: not a plain file"),
    "a file that the log must not show": (link_to("/etc/passwd"), "001_x.sql: not a plain file"),
    "a link to nothing": (link_to("nothing"), "001_x.sql: not a plain file"),
    "a pipe that nobody writes to": (os.mkfifo, "001_x.sql: not a plain file"),
    "a folder": (Path.mkdir, "001_x.sql: not a plain file"),
    **{name: (holding(text), "001_x.sql: PostgreSQL's parser") for name, text in CHAINS.items()},
}


@pytest.mark.parametrize(("make", "words"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_refused_by_name(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    """The sentence names the file, and says how to mend it; nothing is read without a bound."""
    make(tmp_path / "001_x.sql")
    with pytest.raises(BadMigrations) as refusal:
        files.read_folder(tmp_path)
    assert words in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LINE * MOST_STATEMENTS, id="many statements"),
        pytest.param(b"SELECT 1" + b"+1" * 4_000, id="a long expression"),
        pytest.param(b"INSERT INTO t VALUES (1)" + b",\n(1)" * 20_000, id="many rows"),
        pytest.param(b"SELECT '" + b"x" * (LARGEST_BYTES - 9) + b"'", id="a long text"),
        pytest.param(b"SELECT ((((" + b"1" + b"))))" + b" -- )" * 10_000, id="a long comment"),
        pytest.param(b"SELECT (" * 20_000, id="an error of syntax"),
    ],
)
def test_a_large_file_that_does_no_harm_is_read(tmp_path: Path, text: bytes) -> None:
    """Only what harms is refused here; PostgreSQL refuses what it cannot parse."""
    (tmp_path / "001_x.sql").write_bytes(text)
    assert files.read_folder(tmp_path)[0].text == text.decode()


def test_a_short_text_is_not_tried_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text below the bound can harm, so that reading a migration costs no process."""
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert parser_failure("x" * HARMLESS_CHARACTERS, 1) is None
    with pytest.raises(OSError, match="nowhere"):
        parser_failure("x" * (HARMLESS_CHARACTERS + 1), 1)


def test_the_gate_refuses_it_before_it_starts(here: RunFolder) -> None:
    """The exit status is that of bad input, with one sentence and no traceback."""
    (here.folder / "c").mkdir()
    (here.folder / "c" / "001_x.sql").write_bytes(LINE * 10_000)
    status, printed = here.run(f"--migrations={here.folder / 'c'}", QUICK)
    assert (status, "10000 statements" in printed, "Traceback" in printed) == (4, True, False), printed
