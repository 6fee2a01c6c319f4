"""The option --keep: the first failing test ends the run, and its database stays for a look, for some minutes."""

import shlex
from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.harness.plugins import verdict
from tests.harness.plugins.databases import SESSIONS
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.stash import KEPT, REFUSAL, RUNNING
from tests.harness.server import psql
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.harness.supabase import templates
from tests.harness.supabase.databases import DatabaseFactory

# Properties of a test's report: the databases that are kept, and what is in them.
DATABASES, STATE = "kept databases", "kept state"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the first failing test has, before it is torn down: where it ran, with a server."""
    report = yield
    config = item.config
    if config.option.keep is not None and report.failed and report.when != "teardown" and REFUSAL not in config.stash:
        names, state = _keep(item)
        report.user_properties += [(DATABASES, " ".join(names)), (STATE, state)]
        # An xdist worker begins no other test, which would meet what this one has committed.
        item.session.shouldfail = MESSAGES["kept_stop"]
    return report


def _keep(item: pytest.Item) -> tuple[list[str], str]:
    """Commit what can be; name the databases that the test was at work on, and what is in them."""
    funcargs: dict[str, Any] = getattr(item, "funcargs", {})
    factory, sessions = funcargs.get("databases"), item.stash.get(SESSIONS, [])
    open_ones = [connection for session in sessions if (connection := _connection(session)) is not None]
    names = [connection.info.dbname for connection in open_ones]
    names += [value.name for value in funcargs.values() if isinstance(value, Database)]
    if isinstance(factory, DatabaseFactory):
        factory.keeps_all = True
        names += reversed(factory.failed)
    if not names:
        return [templates.migrated("explicit")], "as_migrated"
    is_whole = [_commit(connection) for connection in open_ones]
    return [*dict.fromkeys(names)], "with_its_rows" if is_whole and len(is_whole) == len(sessions) and all(
        is_whole
    ) else "as_committed"


def _connection(session: Session) -> Connection | None:
    """Return the connection of a session, in the state of the failure; None if it is lost."""
    try:
        return None if session.connection.closed else session.connection
    except psycopg.Error:
        return None


def _commit(connection: Connection) -> bool:
    """Commit what a session has done; return whether that could be done."""
    if connection.info.transaction_status != TransactionStatus.INTRANS:
        return False
    try:
        connection.execute("COMMIT")
    except psycopg.Error:
        return False
    return True


def pytest_configure(config: pytest.Config) -> None:
    """Register what ends the run in the process at the terminal."""
    if config.option.keep is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(KeepPlugin(config))


class KeepPlugin:
    """Ends the run, and says how to enter the server, in the process that started it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop after the first failing test."""
        properties = dict(report.user_properties)
        if DATABASES in properties and KEPT not in self.config.stash:
            self.config.stash[KEPT] = str(properties[DATABASES]).split(), str(properties[STATE])
            verdict.stop(self.config, MESSAGES["kept_stop"])

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Hand the server over to its guardian alone, and say how to enter it."""
        if REFUSAL in self.config.stash:
            terminalreporter.section("kept")
            terminalreporter.line(MESSAGES["kept_nothing"])
        if KEPT not in self.config.stash:
            return
        running, minutes = self.config.stash[RUNNING], self.config.option.keep
        (database, *others), state = self.config.stash[KEPT]
        script = psql.write_script(running.server, database)
        running.keep(60 * minutes)
        line = terminalreporter.line
        terminalreporter.section("kept")
        line(MESSAGES["kept"].format(minutes=minutes, database=database, state=MESSAGES[state]))
        if script is None:
            line(psql.NO_PSQL)
        else:
            for role in psql.ROLES:
                line(f"  sh {shlex.quote(str(script))} {role}")
        if script and others:
            line(MESSAGES["kept_others"].format(script=script, names=", ".join(others)))
        line(MESSAGES["kept_end"].format(pid=running.guardian.pid))
