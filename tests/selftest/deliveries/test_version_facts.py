"""The table of what older versions lack, held to a server of every version that is supported."""

import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.versions import SUPPORTED
from tests.harness.migrations.version_facts import FACTS, NAMES
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.connection import Connection
from tests.selftest.cases import SAMPLES

FOLDER = SAMPLES / "version_facts"
STATEMENTS: dict[str, str] = tomllib.loads((FOLDER / "facts.toml").read_text(encoding="utf-8"))
# As a guard by the version has it: parsed on each, and run on none that lacks it.
GUARDED = "DO $block$ BEGIN IF false THEN {}; END IF; END $block$"


@contextmanager
def superuser_of(version: int) -> Iterator[Connection]:
    """Run a server of that version, and connect to it."""
    running = lifecycle.start(installation.find(str(version)))
    try:
        with closing(running.server.connect(SUPERUSER)) as connection:
            yield connection
    finally:
        running.stop()


def accepted(connection: Connection, statement: str) -> bool:
    """Try a statement, and leave nothing of it."""
    connection.execute("BEGIN")
    try:
        connection.execute(statement.encode())
    except psycopg.Error:
        return False
    finally:
        connection.execute("ROLLBACK")
    return True


def bare(name: object) -> str:
    """Return a function's name without its number of arguments."""
    return str(name).partition("/")[0]


@pytest.mark.parametrize("version", SUPPORTED)
def test_each_fact_is_so_on_this_version(version: int) -> None:
    """Its statement is refused before the version that has it, and accepted since; behind a guard, as it says."""
    with superuser_of(version) as connection:
        connection.execute((FOLDER / "before.sql").read_bytes())
        for fact in {fact for _, fact in FACTS}:
            statement, there = STATEMENTS[fact.what], version >= fact.since
            assert accepted(connection, statement) is there, fact
            guarded = statement if statement.startswith("DO ") else GUARDED.format(statement)
            assert accepted(connection, guarded) is (there or fact.at_run_time), fact


def test_no_name_is_missing() -> None:
    """What the catalogs name from one version to the next is what the table names, and nothing else."""
    seen: set[tuple[object, ...]] = set()
    found: dict[tuple[object, ...], int] = {}
    for version in SUPPORTED:
        with superuser_of(version) as connection:
            names = set(connection.execute((FOLDER / "names.sql").read_bytes()).fetchall())
        found |= {new: version for new in names - seen if seen}
        seen |= names
    # A function whose name is new is new with any number of arguments.
    new = {
        (kind, name): since
        for (kind, name), since in found.items()
        if (kind, bare(name)) not in found or name == bare(name)
    }
    assert {key: fact.since for key, fact in NAMES.items()} == new
