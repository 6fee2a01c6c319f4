"""Starts the server of a run, applies the migrations for the first time, and hands the server to xdist's workers."""

import gc
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

import psycopg
import pytest

from tests.harness.core.paths import UPGRADE
from tests.harness.core.roles import SUPERUSER
from tests.harness.guards import first_application
from tests.harness.migrations.dump import Dump
from tests.harness.migrations.files import DoesNotApply, Migration, Statement
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins import verdict
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.single_report import report_only
from tests.harness.plugins.stash import (
    ADDRESS,
    CLUSTER,
    FOLDER,
    LEFT_OUT,
    MIGRATIONS,
    NOTES,
    REFUSAL,
    RUN_LIMITS,
    RUN_TIMEOUTS,
    RUNNING,
    SERVER,
)
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import Server
from tests.harness.server.limits import Limits
from tests.harness.server.process import CannotStart
from tests.harness.supabase import platform, templates
from tests.harness.supabase.not_here import LeftOut
from tests.harness.supabase.stand_ins import stand_ins_met


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server before xdist starts its workers; beside a live database there is none."""
    config = session.config
    handed_over: dict[str, Any] | None = getattr(config, "workerinput", None)
    if handed_over is not None:
        config.stash[SERVER] = Server(**handed_over["server"])
        _leave_out(config, [LeftOut(file, Statement(*at), why) for file, at, why in handed_over["left_out"]])
        if handed_over["refusal"] is not None:
            config.stash[REFUSAL] = handed_over["refusal"]
    elif not config.option.collectonly and ADDRESS not in config.stash:
        _start(config)


def _start(config: pytest.Config) -> None:
    timeouts = config.stash[RUN_TIMEOUTS]
    limits = config.stash.get(RUN_LIMITS, Limits()).with_workers(getattr(config.option, "numprocesses", None) or 1)
    try:
        running = platform.start(installation.usable(config.option.pg), limits, timeouts)
    except CannotStart as fault:
        verdict.cannot_run(f"The gate cannot run: PostgreSQL did not start. {fault}")
    config.add_cleanup(running.stop)
    config.stash[RUNNING] = running
    config.stash[SERVER] = running.server
    if REFUSAL in config.stash:
        return
    try:
        migrations, settings = config.stash[MIGRATIONS], config.stash[FOLDER].settings
        first = first_application.build(running.server, migrations, timeouts.statement, settings.asks_for)
        config.stash[CLUSTER] = first.cluster
        _leave_out(config, first.left_out)
        with closing(running.server.connect(SUPERUSER, templates.migrated("explicit"))) as migrated:
            stand_ins = stand_ins_met(migrated)
        config.stash[NOTES] = [
            *(str(each) for each in first.left_out if each.why),
            *([MESSAGES["stand_ins"].format(names=", ".join(stand_ins))] if stand_ins else []),
        ]
    except DoesNotApply as refusal:
        reason = running.server.exit_reason()
        words = f"{refusal}\n  The server's end: {reason}" if reason else str(refusal)
        edits = [*config.stash[FOLDER].history.edits()] if refusal.failure.is_history else []
        told = [
            MESSAGES["edited"].format(folder=config.option.migrations, name=n, line=i, record=r) for n, i, r in edits
        ]
        config.stash[REFUSAL] = "I5" if edits else refusal.failure.clause, "\n".join([*told, words])
    except psycopg.OperationalError:
        if reason := running.server.exit_reason():
            verdict.cannot_run(f"The gate cannot run: PostgreSQL was lost. {reason}")
        raise


def _leave_out(config: pytest.Config, left_out: Sequence[LeftOut]) -> None:
    """Take what could not be run here out of the files, for every test."""
    config.stash[LEFT_OUT] = left_out
    for each in left_out:
        config.stash[MIGRATIONS] = tuple(each.of(migration) for migration in config.stash[MIGRATIONS])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    stash = node.config.stash
    node.workerinput["server"] = asdict(stash[SERVER])
    left_out = [(each.file, (each.statement.text, each.statement.line), each.why) for each in stash.get(LEFT_OUT, ())]
    node.workerinput["left_out"] = left_out
    node.workerinput["refusal"] = stash.get(REFUSAL, None)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is gated, and on what; beside a live database, nothing is."""
    if ADDRESS in config.stash:
        return []
    migrations = config.stash[MIGRATIONS]
    names = ", ".join(each.path.name for each in migrations if not each.is_history)
    history = sum(each.is_history and not isinstance(each, Dump) for each in migrations)
    applied = f"{history} that are applied already, and " if history else ""
    lines = [f"migrations: {applied}{names or 'no new one'} (of {config.option.migrations})"]
    for each in migrations:
        if isinstance(each, Dump):
            lines += [f"baseline: {each.path}", *(f"baseline: {told}" for told in each.told)]
    if not config.stash[FOLDER].history.is_watched:
        lines.append(f"history: {MESSAGES['no_record']}")
    if SERVER in config.stash:
        major, minor = divmod(config.stash[SERVER].version, 10000)
        lines.append(f"postgresql: {major}.{minor} ({config.option.pg or 'embedded'})")
    return lines


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Put one test in the place of all, where the migrations do not apply."""
    if REFUSAL in config.stash:
        clause, words = config.stash[REFUSAL]
        report_only(session, items, "migrations::apply", "the migrations apply", words, UPGRADE / "RULES.md", clause)
    return (yield)


def pytest_collection_finish() -> None:
    """Leave what is here by now out of garbage collection: at its end, pytest collects several times over."""
    gc.freeze()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """The throwaway server of this run."""
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def migrations(request: pytest.FixtureRequest) -> Sequence[Migration]:
    """The migrations that are gated, in order."""
    return request.config.stash[MIGRATIONS]


@pytest.fixture(scope="session")
def migrations_folder(request: pytest.FixtureRequest) -> MigrationsFolder:
    """The folder that is gated, with its script and verify files."""
    return request.config.stash[FOLDER]
