"""Which clause each test proves: checked at collection, told in JUnit, in failures, and at the end of the run."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.paths import GATE
from tests.harness.core.paths import MIGRATIONS as OWN_MIGRATIONS
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.findings import CLAUSE, failures, note_failure, write_findings
from tests.harness.plugins.hypothesis import EXAMPLES
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import CONTRACT, Clause, Page, find_page
from tests.harness.plugins.single_report import report_only
from tests.harness.plugins.stash import FOLDER, MIGRATIONS, NOTES, REFUSAL, SERVER
from tests.harness.report.failures import TO_BE_CONFIRMED

# What pytest's short summary lists unless -r says otherwise: failures and errors.
PYTESTS_OWN = "fE"
# A property of a test's report: a table that no row could be made for, and why.
NO_ROWS = "no rows"
# The record of access that a run would write, where there is none.
ACCESS = "access"
ACCESS_LINES = 60
# The default privileges, and the record of access as it was measured under them: for reports.
MEASURED_ACCESS = "measured access"
# The exit statuses of pytest for a run that came to its end.
ENDED = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
# What the new files change of it, a sentence each.
ACCESS_CHANGES = "changes of access"
NO_CHANGE = "They change nothing of it."


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    words = "the clauses that it proves, of the page nearest above the test's file: CONTRACT.md or RULES.md"
    config.addinivalue_line("markers", f"clause(id, ...): {words}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Check the clauses of all tests that were collected, and give those that are left theirs as properties."""
    try:
        if REFUSAL not in config.stash:
            check_clauses(items, [config.invocation_params.dir / argument for argument in config.args])
    except pytest.UsageError as fault:
        # In an xdist worker it would end the controller in a traceback.
        if not hasattr(config, "workerinput"):
            raise
        report_only(session, items, "clauses::match", "clauses and tests match", str(fault), session.path)
    yield
    for item in items:
        item.user_properties.extend((CLAUSE, clause.label) for clause in clauses_of(item))


def check_clauses(items: Iterable[pytest.Item], collected: Sequence[Path]) -> None:
    """Raise UsageError where tests and pages do not match.

    A clause that the room's page does not have, a test of the gate without a clause, and a clause of a page without a
    test, where one of the paths that were collected holds the whole room, are errors.
    """
    proved: dict[Page, set[str]] = defaultdict(set)
    for item in items:
        page, named = find_page(item.path), ids_of(item)
        if unknown := [name for name in named if name not in page.clauses]:
            raise pytest.UsageError(f"{item.nodeid}: no clause {', '.join(unknown)} in {page.path}.")
        if not named and in_the_gate(item.path):
            raise pytest.UsageError(f'{item.nodeid}: say which clause it proves: @pytest.mark.clause("…").')
        if named:
            proved[page] |= set(named)
    for page, ids in proved.items():
        unproved = [name for name in page.clauses if name not in ids]
        if unproved and any(page.path.is_relative_to(path) for path in collected):
            words = {"page": page.path, "room": page.path.parent.name, "clauses": ", ".join(unproved)}
            raise pytest.UsageError(MESSAGES["unproved"].format(**words, first=unproved[0]))


def in_the_gate(path: Path) -> bool:
    """Whether a test's file is of a room whose tests must say which clause they prove."""
    return any(path.is_relative_to(room) for room in GATE) or find_page(path).path.name == CONTRACT


def ids_of(item: pytest.Item) -> list[str]:
    """List the IDs of the clauses that a test is marked with, each once."""
    return list(dict.fromkeys(name for mark in item.iter_markers(CLAUSE) for name in mark.args))


def clauses_of(item: pytest.Item) -> list[Clause]:
    """List the clauses that a test proves."""
    page = find_page(item.path)
    return [page.clauses[name] for name in ids_of(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail a test of a clause that was only observed so far: whether it is meant is for a person to say."""
    if observed := [clause for clause in clauses_of(item) if clause.is_to_be_confirmed]:
        item.user_properties.extend((TO_BE_CONFIRMED, clause.label) for clause in observed)
        labels, page = ", ".join(clause.label for clause in observed), find_page(item.path).path
        pytest.fail(MESSAGES["observed"].format(clauses=labels, page=page, words=TO_BE_CONFIRMED), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the broken clause, and the lines that define what keeps it, to a failure."""
    report = yield
    if report.failed:
        observed = [clause for clause in clauses_of(item) if clause.is_to_be_confirmed]
        note_failure(item, report, observed or clauses_of(item), item.config.stash[MIGRATIONS])
        for clause in clauses_of(item):
            places = clause.places(item.config.stash[MIGRATIONS])
            lines = [clause.text, *(f"    {path.name}:{line}: {text}" for path, line, text in places)]
            report.sections.append((f"The clause: {clause.label}", "\n".join(lines)))
    return report


def reports_of(terminal: Any, *outcomes: str) -> list[pytest.TestReport]:
    """List the reports of tests that came out so."""
    found = [report for outcome in outcomes for report in terminal.stats.get(outcome, [])]
    return [report for report in found if isinstance(report, pytest.TestReport)]


def values_of(report: pytest.TestReport, name: str) -> list[Any]:
    """List the values of a property of a report."""
    return [value for key, value in report.user_properties if key == name]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> Generator[None]:
    """End, after pytest's own summary, with one line per broken clause, or one that all held."""
    failed = reports_of(terminalreporter, "failed")
    judged = reports_of(terminalreporter, "failed", "passed")
    proved = {name for report in judged for name in values_of(report, CLAUSE)}
    if proved and config.option.reportchars == PYTESTS_OWN:
        # The clauses are what is broken; -rf lists the tests.
        terminalreporter.reportchars = PYTESTS_OWN.replace("f", "")
    if proved and config.option.tbstyle == "auto":
        # What a failure says is told below, once for all that say the same; --tb=short shows each.
        terminalreporter.summary_failures = lambda: None
    yield
    if not proved:
        return
    if records := [text for report in judged for text in values_of(report, ACCESS)]:
        _print_access(terminalreporter, records[0].splitlines(), config.stash[FOLDER])
    if changes := access_changes(judged):
        # Right above the verdict: where there is no record, this is no red, and must be read all the same.
        terminalreporter.section("access, before the new files and after")
        for line in changes[:ACCESS_LINES]:
            terminalreporter.line(line)
    terminalreporter.section("contract")
    no_rows = {str(name) for report in judged for name in values_of(report, NO_ROWS)}
    for note in [*config.stash.get(NOTES, ()), *sorted(no_rows)]:
        terminalreporter.line(note)
    unjudged = terminalreporter.stats.get("error", [])
    if unjudged:
        terminalreporter.line(
            "The gate did not run to its end: see the errors above. They say nothing of the contract."
        )
    if failed:
        write_findings(terminalreporter, failures(failed, config.stash[MIGRATIONS]))
    terminalreporter.line(last_line(config, failed, judged, ended=exitstatus in ENDED and not unjudged))


def access_changes(judged: Sequence[pytest.TestReport]) -> list[str]:
    """List what the new files change of access, under either default privileges; or that they change nothing."""
    found = dict.fromkeys(str(text) for report in judged for text in values_of(report, ACCESS_CHANGES))
    return [each for each in found if each != NO_CHANGE] or [*found]


def last_line(
    config: pytest.Config,
    failed: Sequence[pytest.TestReport],
    judged: Sequence[pytest.TestReport],
    *,
    ended: bool,
) -> str:
    """Say how many clauses are broken, or that all held that were asked for."""
    if not failed:
        return held(config, judged, ended=ended)
    proved = {name for report in judged for name in values_of(report, CLAUSE)}
    observed = {name for report in failed for name in values_of(report, TO_BE_CONFIRMED)}
    meant = [report for report in failed if not values_of(report, TO_BE_CONFIRMED)]
    broken = {name for report in meant for name in values_of(report, CLAUSE)}
    confirm = f"To be confirmed: {len(observed)} clauses. " if observed else ""
    words = f"Broken: {len(broken)} of {len(proved)} clauses; " if broken else ""
    version = f", on PostgreSQL {config.stash[SERVER].major}" if SERVER in config.stash else ""
    return f"{confirm}{words}{len(failed)} of {len(judged)} tests failed{version}."


def held(config: pytest.Config, judged: Sequence[pytest.TestReport], *, ended: bool = True) -> str:
    """Say that every clause held that these reports are of, and how much that was."""
    begun = "Held, of a selection" if is_selection(config) else "All held"
    if not ended:
        begun = "Held so far, of a run that did not end"
    proved = {name for report in judged for name in values_of(report, CLAUSE)}
    examples = sum(number for report in judged for number in values_of(report, EXAMPLES))
    version = f", on PostgreSQL {config.stash[SERVER].major}" if SERVER in config.stash else ""
    words = f"{len(proved)} clauses, {len(judged)} tests, {examples} examples{version}"
    return f"{begun}: {words}."


def is_selection(config: pytest.Config) -> bool:
    """Whether a run was told to leave tests out: by their names, markers or paths."""
    option, paths = config.option, {*config.getini("testpaths")}
    by_path = config.args_source is pytest.Config.ArgsSource.ARGS and not paths <= {*config.args}
    # Without pytest's cache there is no --last-failed.
    return by_path or bool(
        option.quick or option.keyword or option.markexpr or option.deselect or getattr(option, "lf", False)
    )


def _print_access(terminalreporter: Any, lines: Sequence[str], folder: MigrationsFolder) -> None:
    """Print what the record of access would say, or as much of it as fits a screen."""
    terminalreporter.section("access")
    for line in lines[:ACCESS_LINES]:
        terminalreporter.line(line)
    more = f"… and {len(lines) - ACCESS_LINES} more lines. " if len(lines) > ACCESS_LINES else ""
    option = "" if folder.path == OWN_MIGRATIONS else f" --migrations {folder.path}"
    terminalreporter.line(f"{more}{MESSAGES['no_access_record'].format(option=option)}")
