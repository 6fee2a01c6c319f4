"""The options, and what happens once a run: read the migrations, start a server, build the template databases.

The controller does it all, and hands the server's address to xdist's workers.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.harness.catalog import live
from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.catalog.live import Address, BadAddress
from tests.harness.core.paths import MIGRATIONS as OWN_MIGRATIONS
from tests.harness.core.paths import UPGRADE
from tests.harness.guards import first_application
from tests.harness.migrations import files
from tests.harness.migrations.bounded_query import SECONDS
from tests.harness.migrations.files import BadMigrations, DoesNotApply, Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.binaries.installation import checked
from tests.harness.server.lifecycle import Server
from tests.harness.server.process import CannotStart

CANNOT_RUN = 3

SERVER = pytest.StashKey[Server]()
MIGRATIONS = pytest.StashKey[Sequence[Migration]]()
# The clause that is broken, and how that is told.
REFUSAL = pytest.StashKey[tuple[str, str]]()
CLUSTER = pytest.StashKey[ClusterSnapshot]()
ADDRESS = pytest.StashKey[Address]()
PATIENCE = "statement_seconds"

HINT_EMBEDDED = "Make the environment anew: tox -r -e gate."
HINT_CHOSEN = "Give --pg the folder of another installation, or its version, or leave it out: one comes with the gate."


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the gate's own options."""
    group = parser.getgroup("gate", "which PostgreSQL, and which migrations")
    group.addoption(
        "--pg",
        metavar="VERSION|BINDIR",
        help="the PostgreSQL to run: a major version, or the folder of its initdb and postgres (default: embedded)",
    )
    group.addoption(
        "--migrations",
        metavar="DIR",
        type=Path,
        default=OWN_MIGRATIONS,
        help="the folder of migrations to gate (default: migrations/)",
    )
    group.addoption(
        "--database-url",
        metavar="env:NAME|URL",
        help="read a live database's catalog, in READ ONLY transactions, and judge it by the clauses of structure; "
        "env:NAME names the environment variable that holds its URL, and a URL given here takes no password",
    )
    parser.addini(PATIENCE, "how long a migration, and any statement of a test, may take", default=str(SECONDS))


def pytest_configure(config: pytest.Config) -> None:
    """Read the migrations, and make sure that no other PostgreSQL can be reached by accident."""
    if config.option.database_url is not None:
        _take_address(config)
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    if config.option.help or config.option.version:
        return
    try:
        config.stash[MIGRATIONS] = files.read_folder(config.option.migrations)
    except BadMigrations as fault:
        raise pytest.UsageError(str(fault)) from None


def _take_address(config: pytest.Config) -> None:
    """Keep the live database's address where nothing prints it."""
    option, config.option.database_url = config.option.database_url, "(not shown)"
    beside = {
        "--pg": config.option.pg is not None,
        "--migrations": config.option.migrations != OWN_MIGRATIONS,
        "--locks": config.option.locks,
        "-n": bool(getattr(config.option, "tx", None)),
    }
    if given := [name for name, is_given in beside.items() if is_given]:
        raise pytest.UsageError(
            f"--database-url does not go with {' and '.join(given)}: it starts no server, applies nothing, and reads "
            "through one connection. Leave one or the other out, or use: tox -e live."
        )
    try:
        config.stash[ADDRESS] = live.address(option, os.environ)
    except BadAddress as fault:
        raise pytest.UsageError(str(fault)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server before xdist starts its workers; beside a live database there is none."""
    config = session.config
    handed_over: dict[str, Any] | None = getattr(config, "workerinput", None)
    if handed_over is not None:
        config.stash[SERVER] = Server(**handed_over["server"])
        if handed_over["refusal"] is not None:
            config.stash[REFUSAL] = handed_over["refusal"]
    elif not config.option.collectonly and ADDRESS not in config.stash:
        _start(config)


def _start(config: pytest.Config) -> None:
    try:
        hint = HINT_EMBEDDED if config.option.pg is None else HINT_CHOSEN
        bindir = checked(installation.find(config.option.pg), hint)
        running = lifecycle.start(bindir, lifecycle.limits_for(getattr(config.option, "numprocesses", None) or 1))
    except CannotStart as reason:
        pytest.exit(f"The gate cannot run: PostgreSQL did not start. {reason}", returncode=CANNOT_RUN)
    config.add_cleanup(running.stop)
    config.stash[SERVER] = running.server
    try:
        config.stash[CLUSTER] = first_application.build(
            running.server, config.stash[MIGRATIONS], seconds=float(config.getini(PATIENCE))
        )
    except DoesNotApply as refusal:
        words = running.server.last_words()
        config.stash[REFUSAL] = (
            refusal.failure.clause,
            f"{refusal}\n  The server's end: {words}" if words else str(refusal),
        )
    except psycopg.OperationalError:
        if words := running.server.last_words():
            pytest.exit(f"The gate cannot run: PostgreSQL was lost. {words}", CANNOT_RUN)
        raise


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    stash = node.config.stash
    node.workerinput["server"] = asdict(stash[SERVER])
    node.workerinput["refusal"] = stash.get(REFUSAL, None)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is gated, and on what; beside a live database, nothing is."""
    if ADDRESS in config.stash:
        return []
    names = ", ".join(each.path.name for each in config.stash[MIGRATIONS])
    lines = [f"migrations: {names} (of {config.option.migrations})"]
    if SERVER in config.stash:
        running = config.stash[SERVER]
        lines.append(
            f"postgresql: {running.version // 10000}.{running.version % 10000} ({config.option.pg or 'embedded'})"
        )
    return lines


class SingleReport(pytest.Item):
    """The one test of a run in which everything else would only repeat what it says."""

    words = ""

    def runtest(self) -> None:
        """Fail, in these words."""
        raise AssertionError(self.words)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Show the message alone."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the rule in the place of a test file."""
        return self.path, None, self.name


def report_only(
    session: pytest.Session, items: list[pytest.Item], nodeid: str, rule: str, clause: str, words: str, page: Path
) -> None:
    """Put one test in the place of all: the rule, the clause of a page that it breaks, and what there is to say."""
    session.config.hook.pytest_deselected(items=list(items))
    alone = SingleReport.from_parent(session, name=rule, nodeid=nodeid, path=page)
    alone.words = words
    alone.add_marker(pytest.mark.clause(clause))
    items[:] = [alone]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Put one test in the place of all, where the migrations do not apply."""
    if REFUSAL in config.stash:
        clause, words = config.stash[REFUSAL]
        report_only(session, items, "migrations::apply", "the migrations apply", clause, words, UPGRADE / "RULES.md")
    return (yield)


@pytest.fixture(scope="session")
def the_server(request: pytest.FixtureRequest) -> Server:
    """The throwaway server of this run."""
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def migrations(request: pytest.FixtureRequest) -> Sequence[Migration]:
    """The migrations that are gated, in order."""
    return request.config.stash[MIGRATIONS]


@pytest.fixture(scope="session")
def migrations_folder(request: pytest.FixtureRequest) -> MigrationsFolder:
    """The folder that is gated, with its script and verify files."""
    return MigrationsFolder(request.config.option.migrations)
