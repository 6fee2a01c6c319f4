"""How far a run over mutants is: a bar on a terminal, and few plain lines elsewhere."""

import io
import sys

import pytest

from tests.selftest.mutation.progress import MOST_LINES, progress

TOTAL = 40


class Terminal(io.StringIO):
    """A file that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def run() -> None:
    """Tell of some, and print something meanwhile."""
    with progress("mutants", TOTAL) as took:
        for number in range(TOTAL):
            took("survived" if number == 0 else "killed")
            if number == 0:
                print("SURVIVED that one")


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts what became of them; what is printed meanwhile stays whole."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    for name, value in {"TERM": "xterm", "COLUMNS": "120", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    run()
    printed = terminal.getvalue()
    assert f"{TOTAL}/{TOTAL}" in printed
    assert f"{TOTAL - 1} killed, 1 survived" in printed
    assert "SURVIVED that one\n" in printed


def test_elsewhere_there_are_few_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Each says how many there are, what became of them, and how long the others will take."""
    run()
    survivor, *lines = capsys.readouterr().out.splitlines()
    assert survivor == "SURVIVED that one"
    assert len(lines) == MOST_LINES - 1
    assert lines[0].startswith(f"mutants: 4 of {TOTAL} (3 killed, 1 survived), ")
    assert all(line.endswith(" s left") and line.isprintable() for line in lines)
