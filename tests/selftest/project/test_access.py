"""Faults of access in the sample project, each told in a sentence at its line; and what only looks like one."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.access.support import explained, record
from tests.access.support.measure import Measured, measure
from tests.access.support.record import Lines
from tests.harness.catalog.places import is_found
from tests.harness.catalog.places import told as told_rules
from tests.harness.catalog.rules import Finding
from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.files import Migration, read_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.binaries import installation
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.cases import SAMPLES
from tests.selftest.project.planted import HEADERS, broken
from tests.selftest.project.pull_requests import write_project

FAULTS, RIGHT = (sorted((SAMPLES / "project" / "access" / kind).glob("*.sql")) for kind in ("faults", "right"))
HEADER = re.compile(r"^-- (told|line): (.+)\n", re.MULTILINE)
# But for the platform's functions that say who asks, which no file changes.
NAMES = re.compile(r"\b(?:public|storage|auth)\.(?!(?:uid|jwt|role|email)\b)\w+")
# So many files at most are measured at once.
TOGETHER = 12


@dataclass(frozen=True)
class Project:
    """The sample project on a server, with its files, and who can do what in it."""

    databases: DatabaseFactory
    migrations: tuple[Migration, ...]
    before: Lines
    broken_before: frozenset[Finding]

    @contextmanager
    def measured_after(self, files: Sequence[Path]) -> Iterator[tuple[Measured, list[Migration], list[Finding]]]:
        """Measure access once some files more are applied, and find the rules that they break."""
        more = [read_file(file) for file in files]
        migrations = [*self.migrations, *more]
        with self.databases.lend(templates.migrated("explicit"), MIGRATOR) as database:
            templates.migrate(self.databases.server, database.name, more)
            found = [each for each in broken(database) if is_found(each, migrations)]
            with measure(database, ["public"], HEADERS, SAMPLES) as measured:
                yield measured, migrations, [each for each in found if each not in self.broken_before]


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample project, measured."""
    migrations = MigrationsFolder(write_project(tmp_path_factory.mktemp("project") / "migrations")).read()
    running = platform.start(installation.find(pytestconfig.option.pg))
    try:
        templates.build_migrated(running.server, "explicit", migrations)
        databases = DatabaseFactory(running.server, "access", migrations)
        with databases.lend(templates.migrated("explicit"), MIGRATOR) as database:
            broken_before = frozenset(each for each in broken(database) if is_found(each, migrations))
            with measure(database, ["public"], HEADERS, SAMPLES) as measured:
                assert [*explained.faults(measured, migrations)] == []
                before = record.as_lines(measured.access.lines)
        yield Project(databases, migrations, before, broken_before)
        databases.close()
    finally:
        running.stop()


Tell = Callable[[tuple[Path, ...]], list[str]]


@pytest.fixture(scope="module")
def tell(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Say what is told of access once some files are applied; what was asked for is remembered."""

    @cache
    def told(files: tuple[Path, ...]) -> list[str]:
        folder = tmp_path_factory.mktemp("files")
        copies = [
            Path(shutil.copy(file, folder / f"202612030000{number:02}_{file.name}"))
            for number, file in enumerate(files)
        ]
        with project.measured_after(copies) as (measured, migrations, found):
            return [
                *explained.changes(project.before, measured, migrations),
                *explained.faults(measured, migrations),
                *told_rules(found, migrations).splitlines(),
            ]

    return told


def in_company(files: Sequence[Path]) -> list[Any]:
    """Put files together that speak of nothing in common, for one measurement; each is told of by its name still.

    What is not as it must be in company is judged alone.
    """
    made: list[tuple[set[str], list[Path]]] = []
    for file in files:
        names = {*NAMES.findall(file.read_text(encoding="utf-8").lower())}
        for known, company in made:
            if len(company) < TOGETHER and not names & known:
                known |= names
                company.append(file)
                break
        else:
            made.append((names, [file]))
    return [pytest.param(tuple(company), id=" + ".join(file.stem for file in company)) for _, company in made]


def missing(file: Path, told: Sequence[str]) -> list[str]:
    """List the sentences that a fault asks for, and that are not told at its line."""
    header = HEADER.findall(file.read_text(encoding="utf-8"))
    wanted = [value.partition(": ") for key, value in header if key == "told"]
    assert wanted
    line = next((value for key, value in header if key == "line"), "")
    place = f"{file.name}:{line}: " if line else ""
    return [
        f"{clause}: {words}"
        for clause, _, words in wanted
        if not any(place in each and words in each and f"({clause})" in each for each in told)
    ]


def unlike(files: Sequence[Path], told: Sequence[str]) -> tuple[list[str], list[str]]:
    """List what is told and not asked for by one of the files, and what is asked for and not told."""
    wanted = [value for file in files for key, value in HEADER.findall(file.read_text("utf-8")) if key == "told"]
    left = [each for each in told if not any(words in each for words in wanted)]
    return left, [words for words in wanted if not any(words in each for each in told)]


@pytest.mark.parametrize("company", in_company(FAULTS))
def test_a_fault_of_access_is_told_at_its_line(company: tuple[Path, ...], tell: Tell) -> None:
    """Each sentence that a file asks for is told, at its line if it names one."""
    untold = [file for file in company if missing(file, tell(company))]
    wrong = {file.name: (lacking, tell((file,))) for file in untold if (lacking := missing(file, tell((file,))))}
    assert wrong == {}


@pytest.mark.parametrize("company", in_company(RIGHT))
def test_what_is_right_changes_what_it_says_and_nothing_else(company: tuple[Path, ...], tell: Tell) -> None:
    """What only looks like a fault is told of just where it changes access, and as that."""
    alone = [] if unlike(company, tell(company)) == ([], []) else company
    wrong = {file.name: unlike([file], tell((file,))) for file in alone}
    assert {name: found for name, found in wrong.items() if found != ([], [])} == {}
