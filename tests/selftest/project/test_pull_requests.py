"""Every pull request of the sample project gets its verdict, and a red one is told with file and line."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.guards.first_application import GuardedApplication
from tests.harness.migrations.files import BadFile, DoesNotApply, read_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.binaries import installation
from tests.harness.supabase import platform, templates
from tests.selftest import once
from tests.selftest.project.pull_requests import PullRequest, read_pull_requests, write_project
from tests.selftest.runs import RunFolder, run_folder

PULL_REQUESTS = read_pull_requests()
REFUSED = [each for each in PULL_REQUESTS if each.is_refused]
EDITS = [each for each in PULL_REQUESTS if each.edits]
TOGETHER = [each for each in PULL_REQUESTS if each not in REFUSED and each not in EDITS]
CONTRACT = [
    f"tests/contract/calculator2_sessions/test_{chapter}.py"
    for chapter in ("structure", "constraints", "row_level_security", "lifecycle", "verification")
]
ROOMS = ("tests/upgrade", "tests/access")
# FILE:LINE: what is wrong. A failure of the access room has such a line for each finding, with its rule at the end.
PLACE = re.compile(r"^(?:AssertionError: )?/\S*/(?P<file>[^/\s]+\.sql):(?P<line>\d+): .*?(?:\((?P<rule>E\d+)\)\.)?$")


def run(here: RunFolder, *arguments: str) -> tuple[int, str]:
    """Run the gate in memory: it copies databases by the thousand."""
    return here.run("-n", "2", f"--basetemp={here.folder / 'pytest-of-nobody'}", *arguments, TMPDIR="/dev/shm")


def test_the_project_and_every_good_pull_request_are_green(here: RunFolder) -> None:
    """All of them one after the other, each judged as an event; migration 014 keeps its contract in their midst."""
    good = [each for each in TOGETHER if not each.is_red]
    folder = write_project(here.folder / "migrations", good)
    # The cases and examples that the contract is judged by are the gate's; here it must hold beside others.
    few = ["-p", once.__name__, "--hypothesis-profile=mutants"]
    status, printed = run(here, f"--migrations={folder}", *few, *CONTRACT, *ROOMS)
    assert status == 0, printed
    assert [each.path.stem for each in good if not each.is_recorded and each.file not in printed] == [], printed


def test_every_bad_pull_request_is_told_at_its_line(here: RunFolder) -> None:
    """Each breaks its clauses and no other, at its line; and nothing is told of any other file."""
    bad = [each for each in TOGETHER if each.is_red]
    folder = write_project(here.folder / "migrations", bad)
    report = here.folder / "pytest-of-nobody.xml"
    status, printed = run(here, f"--migrations={folder}", f"--junitxml={report}", *ROOMS)
    assert status == 1, printed
    told = findings(report)
    assert {each.file: each.clauses for each in bad} == {file: frozenset(found) for file, found in told.items()}
    assert [each.file for each in bad if each.line not in set().union(*told[each.file].values())] == [], printed


def findings(report: Path) -> dict[str, dict[str, set[int]]]:
    """List what failed, by file and clause, with the lines that are named."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for case in ElementTree.parse(report).iter("testcase"):
        clauses = [str(each.get("value")) for each in case.iter("property") if each.get("name") == "clause"]
        for failure in case.iter("failure"):
            for line in str(failure.text).splitlines():
                if (place := PLACE.match(line.removeprefix("E").strip())) is not None:
                    for clause in [place["rule"]] if place["rule"] else clauses:
                        found[place["file"]][clause].add(int(place["line"] or 0))
    return found


@pytest.fixture(scope="module")
def project() -> Iterator[GuardedApplication]:
    """A server with the project on it, as it is before a pull request."""
    running = platform.start(installation.find(None))
    try:
        with run_folder() as here, closing(running.server.connect(SUPERUSER)) as superuser:
            history = MigrationsFolder(write_project(here.folder / "migrations")).read()
            templates.build_history(running.server, "explicit", history, TIMEOUTS.statement)
            yield GuardedApplication(running.server, superuser, TIMEOUTS.statement)
    finally:
        running.stop()


@pytest.mark.parametrize("pull_request", REFUSED, ids=lambda each: each.path.stem)
def test_a_pull_request_that_is_refused_is_told_at_its_line(
    project: GuardedApplication, pull_request: PullRequest, tmp_path: Path
) -> None:
    """The gate's words begin with file and line, and hold PostgreSQL's error."""
    pull_request.write(tmp_path)
    path, database = tmp_path / pull_request.file, f"with_{pull_request.path.stem}"
    templates.create(project.server, database, template="history_explicit")
    with pytest.raises((BadFile, DoesNotApply)) as refusal:
        project.apply(database, read_file(path))
    assert str(refusal.value).startswith(f"{path}:{pull_request.line}: ")
    assert (pull_request.sqlstate or "") in str(refusal.value)


@pytest.mark.parametrize("pull_request", EDITS, ids=lambda each: each.path.stem)
def test_an_edit_of_a_recorded_file_is_told_before_what_it_breaks(here: RunFolder, pull_request: PullRequest) -> None:
    """The history does not apply with it; that it was edited is the first thing that is said."""
    folder = write_project(here.folder / "migrations", [pull_request])
    status, printed = here.run("-n", "0", f"--migrations={folder}", *ROOMS)
    assert status == 1
    assert f"{folder / pull_request.file}:" in printed.partition("what breaks it")[2].splitlines()[1]
    assert "I5 is broken" in printed
