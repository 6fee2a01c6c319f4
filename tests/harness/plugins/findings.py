"""What a red run ends with: the statements that break the contract, each with what it breaks, and how to repeat it."""

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.harness.core.paths import MIGRATIONS, ROOT
from tests.harness.migrations.files import Migration
from tests.harness.plugins.pages import Clause
from tests.harness.report.failures import BrokenClause, Cause, Failure, Place, causes, failure
from tests.harness.report.screen import screen
from tests.harness.server.session import Session

# The property of a test's report that holds the label of a clause.
CLAUSE = "clause"
NO_CLAUSE = "the gate"
MOST_ANNOTATIONS = 10
# What a run must be given to repeat it; that of the migrations always has a value.
OPTIONS = ("pg", "baseline", "contracts", "since", "migrations")


def note_failure(item: pytest.Item, report: Any, clauses: Sequence[Clause], migrations: Sequence[Migration]) -> None:
    """Let the report of a failure carry the broken clauses, and the counterexample; xdist hands on plain values."""
    report.broken = [
        [clause.label, clause.text, [[str(path), line, text] for path, line, text in clause.places(migrations)]]
        for clause in clauses
    ]
    session = getattr(item, "funcargs", {}).get("session")
    report.counterexample = ""
    if isinstance(session, Session):
        report.counterexample = session.counterexample()


def failures(
    reports: Sequence[pytest.TestReport], migrations: Sequence[Migration], shown: Callable[[Path], str] | None = None
) -> list[Failure]:
    """Read the reports of what failed; `shown` names the files, as seen from the working directory if none is given."""
    return [_failure(report, migrations, shown or _from_here) for report in reports]


def _failure(report: pytest.TestReport, migrations: Sequence[Migration], shown: Callable[[Path], str]) -> Failure:
    # A report that no test made has the labels alone, and that of a worker which crashed not even these.
    labels = [value for name, value in report.user_properties if name == CLAUSE] or [NO_CLAUSE]
    broken = getattr(report, "broken", [[label, "", []] for label in labels])
    clauses = [
        BrokenClause(label, words, tuple(Place(shown(Path(file)), line, text) for file, line, text in places))
        for label, words, places in broken
    ]
    found = failure(report.nodeid, report.longreprtext, clauses, getattr(report, "counterexample", ""))
    return found.with_places(lambda place: _place(place, migrations, shown))


def _place(place: Place, migrations: Sequence[Migration], shown: Callable[[Path], str]) -> Place:
    """Look up the file and the line's text."""
    for migration in migrations:
        lines = migration.text.splitlines()
        if migration.path.name == Path(place.file).name and 0 < place.line <= len(lines):
            return Place(shown(migration.path), place.line, lines[place.line - 1].strip())
    return place


def _from_here(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) or path.is_relative_to(ROOT) else str(path)


def write_findings(terminalreporter: Any, failed: Sequence[Failure]) -> None:
    """Write what a reviewer needs at the end of the screen."""
    found = causes(failed)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _write_annotations(terminalreporter, found)
    terminalreporter.section("what breaks it")
    for line in screen(found):
        terminalreporter.line(line)
    _write_repeat(terminalreporter, found[0].witness)


def _write_repeat(terminalreporter: Any, witness: Failure) -> None:
    """Write the command that repeats one test: one of a file, and not of a live database, which is not ours to keep."""
    option = terminalreporter.config.option
    if option.database_url is None and witness.nodeid.partition("::")[0].endswith(".py"):
        values = {name: getattr(option, name) for name in OPTIONS if getattr(option, name) not in (None, MIGRATIONS)}
        given = "".join(f"--{name}={shlex.quote(str(value))} " for name, value in values.items())
        terminalreporter.line(
            f"One test again, in full: tox -e gate -- {given}--tb=short {shlex.quote(witness.nodeid)}"
        )


def _write_annotations(terminalreporter: Any, found: Sequence[Cause]) -> None:
    """Write workflow commands, by which GitHub shows an error at its line in the pull request; it shows ten a step."""
    told = [(cause, words) for cause in found if cause.places for words in cause.sentences or _words(cause)]
    for cause, words in told[:MOST_ANNOTATIONS]:
        place = cause.places[0]
        path = Path(os.path.relpath(place.file, os.environ.get("GITHUB_WORKSPACE", ".")))
        at = f"file={_encoded(path.as_posix(), '%:,')},line={place.line}"
        terminalreporter.line(f"::error {at}::{_encoded(words, '%' + chr(13) + chr(10))}")


def _words(cause: Cause) -> list[str]:
    """Say in one annotation what a cause breaks that no sentence tells, with the counterexample."""
    clauses = "; ".join(f"{clause.label}: {clause.words}" for clause in cause.clauses)
    return ["\n".join([clauses, *cause.witness.told[:10], cause.witness.counterexample]).strip()]


def _encoded(text: str, reserved: str) -> str:
    return "".join(quote(each, safe="") if each in reserved else each for each in text)
