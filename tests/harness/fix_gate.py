"""The options, and what happens once a run: read the migrations, start a server, build the template databases.

The controller does it all, and hands the server's address to xdist's workers.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.harness import migration, platform, server
from tests.harness.guardian import CannotStart

CANNOT_RUN = 3
ROOT = Path(__file__).parents[2]

SERVER = pytest.StashKey[server.Server]()
MIGRATIONS = pytest.StashKey[Sequence[migration.Migration]]()
REFUSAL = pytest.StashKey[str]()


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
        default=ROOT / "migrations",
        help="the folder of migrations to gate (default: migrations/)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the migrations, and make sure that no other PostgreSQL can be reached by accident."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    if config.option.help or config.option.version:
        return
    try:
        config.stash[MIGRATIONS] = migration.read_folder(config.option.migrations)
    except migration.BadMigrations as fault:
        raise pytest.UsageError(str(fault)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server before xdist starts its workers."""
    config = session.config
    handed_over: dict[str, Any] | None = getattr(config, "workerinput", None)
    if handed_over is not None:
        config.stash[SERVER] = server.Server(**handed_over["server"])
        if handed_over["refusal"] is not None:
            config.stash[REFUSAL] = handed_over["refusal"]
    elif not config.option.collectonly:
        _start(config)


def _start(config: pytest.Config) -> None:
    try:
        running = server.start(server.binaries(config.option.pg))
    except CannotStart as reason:
        pytest.exit(f"The gate cannot run: PostgreSQL did not start. {reason}", returncode=CANNOT_RUN)
    config.add_cleanup(running.stop)
    config.stash[SERVER] = running.server
    try:
        platform.build(running.server, config.stash[MIGRATIONS])
    except migration.DoesNotApply as refusal:
        config.stash[REFUSAL] = str(refusal)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    stash = node.config.stash
    node.workerinput["server"] = asdict(stash[SERVER])
    node.workerinput["refusal"] = stash.get(REFUSAL, None)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is gated, and on what."""
    names = ", ".join(each.path.name for each in config.stash[MIGRATIONS])
    lines = [f"migrations: {names} (of {config.option.migrations})"]
    if SERVER in config.stash:
        running = config.stash[SERVER]
        lines.append(
            f"postgresql: {running.version // 10000}.{running.version % 10000} ({config.option.pg or 'embedded'})"
        )
    return lines


class Applies(pytest.Item):
    """The one test of a run whose migrations do not apply: everything else would only repeat it."""

    def runtest(self) -> None:
        """Fail, in PostgreSQL's words."""
        raise AssertionError(self.config.stash[REFUSAL])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Show the message alone."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the folder of migrations in the place of a test file."""
        return self.path, None, self.name


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Put one test in the place of all, where the migrations do not apply."""
    if REFUSAL in config.stash:
        config.hook.pytest_deselected(items=list(items))
        alone = Applies.from_parent(session, name="the migrations apply", nodeid="migrations::apply")
        alone.add_marker(pytest.mark.clause("I1"))
        items[:] = [alone]
    return (yield)


@pytest.fixture(scope="session")
def the_server(request: pytest.FixtureRequest) -> server.Server:
    """The throwaway server of this run."""
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def migrations(request: pytest.FixtureRequest) -> Sequence[migration.Migration]:
    """The migrations that are gated, in order."""
    return request.config.stash[MIGRATIONS]
