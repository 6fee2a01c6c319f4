"""Access as it is measured: what each role can do with each exposed object, on rows of several owners."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.access.support import explained, record
from tests.access.support.measure import Headers, Measured, measure
from tests.access.support.record import as_lines
from tests.harness.core.paths import MIGRATIONS
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.clauses import ACCESS, ACCESS_CHANGES, MEASURED_ACCESS, NO_CHANGE, NO_ROWS
from tests.harness.plugins.databases import Clone, under_both_default_privileges
from tests.harness.plugins.stash import CONTRACTS
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory

EMPTY = (
    "{table}: no row could be made ({why}), so what is done with its rows was not measured. Put INSERTs into {file}."
)


@pytest.fixture(scope="module")
def headers(request: pytest.FixtureRequest) -> Headers:
    """The headers that a contract's holder sends, by its table."""
    files = {each.table.qualified_name: each.folder / "access.toml" for each in request.config.stash[CONTRACTS]}
    there = {table: file for table, file in files.items() if file.is_file()}
    return {table: tomllib.loads(file.read_text(encoding="utf-8"))["headers"] for table, file in there.items()}


@pytest.fixture(scope="module")
def measured_under(
    clone: Clone, migrations_folder: MigrationsFolder, headers: Headers
) -> Iterator[Callable[[str], Measured]]:
    """Measure access with all migrations applied, once for each setting of the default privileges."""
    with ExitStack() as stack:

        def measured(default_privileges: str) -> Measured:
            database = clone(templates.migrated(default_privileges))
            return stack.enter_context(
                measure(database, migrations_folder.settings.exposed_schemas, headers, migrations_folder.rows)
            )

        yield cache(measured)


@pytest.fixture
def measured(measured_under: Callable[[str], Measured], default_privileges: str) -> Measured:
    """What was measured under these default privileges."""
    return measured_under(default_privileges)


@pytest.fixture(scope="module")
def file(
    request: pytest.FixtureRequest,
    measured_under: Callable[[str], Measured],
    migrations_folder: MigrationsFolder,
) -> Path:
    """The record; with --write, it is written first."""
    path = migrations_folder.path / record.NAME
    if request.config.option.write:
        explicit, granting = (as_lines(measured_under(each).access.lines) for each in ("explicit", "granting"))
        path.write_text(record.written(explicit, granting), encoding="utf-8")
    return path


@pytest.fixture
def told_of_new_files(
    databases: DatabaseFactory,
    measured: Measured,
    default_privileges: str,
    migrations: Sequence[Migration],
    migrations_folder: MigrationsFolder,
    headers: Headers,
) -> list[str]:
    """What the new files change of access, in sentences, where some files are applied already."""
    applied = len([each for each in migrations if each.is_history])
    if not 0 < applied < len(migrations):
        return []
    with (
        databases.project(default_privileges, applied) as database,
        measure(database, migrations_folder.settings.exposed_schemas, headers, migrations_folder.rows) as before,
    ):
        lines = as_lines(before.access.lines)
    return [*explained.changes(lines, measured, migrations)] or [NO_CHANGE]


@pytest.mark.clause("A1")
@under_both_default_privileges
def test_access_is_what_the_record_says(
    request: pytest.FixtureRequest,
    measured: Measured,
    file: Path,
    default_privileges: str,
    migrations: Sequence[Migration],
    told_of_new_files: list[str],
    migrations_folder: MigrationsFolder,
) -> None:
    """What each role can do with each exposed object is what access.txt says, beside the migrations."""
    request.node.user_properties.extend((ACCESS_CHANGES, each) for each in told_of_new_files)
    for table, why in measured.access.empty.items():
        words = EMPTY.format(file=migrations_folder.rows / f"{table}.sql", table=table, why=why)
        request.node.user_properties.append((NO_ROWS, words))
    lines = as_lines(measured.access.lines)
    written = record.written(lines, lines)
    request.node.user_properties.append((MEASURED_ACCESS, (default_privileges, written)))
    if not file.is_file():
        request.node.user_properties.append((ACCESS, written))
    elif told := [*explained.changes(record.read(file, default_privileges), measured, migrations)]:
        folder = "" if migrations_folder.path == MIGRATIONS else f" --migrations {migrations_folder.path}"
        command = f"tox -e access -- --write{folder}"
        hint = f"If that is meant, write the record anew ({command}): the diff of {file.name} shows it."
        pytest.fail("\n".join([*told, f"Hint: {hint}"]), pytrace=False)


@pytest.mark.clause("A2")
@under_both_default_privileges
def test_no_attempt_ends_in_an_error(measured: Measured, migrations: Sequence[Migration]) -> None:
    """Whoever asks gets rows or a refusal: no policy, trigger or function fails on the way."""
    if told := [*explained.faults(measured, migrations)]:
        pytest.fail("\n".join(told), pytrace=False)
