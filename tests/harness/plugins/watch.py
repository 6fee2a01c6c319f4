"""What the migrations do to the server while the tests run: a statement that does not end, a change of others' things.

A test that meets such a statement is red, and the run stops there: the others would wait as long, each for itself.
"""

from __future__ import annotations

import textwrap
from collections.abc import Generator, Iterator
from contextlib import closing, suppress

import psycopg
import pytest

from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.core.roles import SUPERUSER
from tests.harness.guards.watchdog import Watchdog
from tests.harness.migrations.files import escaped
from tests.harness.plugins.clauses import CLAUSE
from tests.harness.plugins.start import CLUSTER, PATIENCE, SERVER
from tests.harness.server.lifecycle import Server

BROKEN = 1
LONGEST = 400


class WatchdogPlugin:
    """Watches a run from its controller, and has the last word."""

    def __init__(self, server: Server, before: ClusterSnapshot, seconds: float) -> None:
        self.server, self.before = server, before
        self.watch = Watchdog(server, seconds)
        self.watch.start()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop at the first failure after a statement had to be ended."""
        if report.failed and self.watch.ended and self.watch.is_alive():
            pytest.exit("a statement did not end; it is told of as a failure.", returncode=BROKEN)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Look at the server for the last time, and report what is found as a test that failed."""
        self.watch.stop()
        findings = [*self._hung(), *self._changed()]
        for finding in findings:
            session.config.hook.pytest_runtest_logreport(report=finding)
        yield
        if findings:
            session.exitstatus = BROKEN

    def _hung(self) -> Iterator[pytest.TestReport]:
        for statement in self.watch.ended[:1]:
            yield _failed(
                "I1",
                "every statement ends by itself",
                f"this statement was still at work after {self.watch.seconds:g} s, and was ended; the run stops here.\n"
                f"  {textwrap.shorten(statement, LONGEST)}",
                must="what a migration makes or runs ends by itself, and soon.",
                hint="look for a loop, a sleep or a wait in the migration's functions, triggers and defaults.",
            )

    def _changed(self) -> Iterator[pytest.TestReport]:
        # A server that is gone is told of by those who met it first.
        with suppress(psycopg.OperationalError), closing(self.server.connect(SUPERUSER)) as superuser:
            if changes := self.before.changes(superuser, new_roles=False, new_databases=False):
                yield _failed(
                    "I13",
                    "a migration keeps to its database",
                    f"roles or databases of the server are not as they were before the tests.\n{changes}",
                    must="whenever a migration is run, it changes its own database alone.",
                    hint="leave the platform's roles and their settings, and other databases, alone.",
                )


def _failed(clause: str, rule: str, happened: str, *, must: str, hint: str) -> pytest.TestReport:
    told = f"migrations: {happened}\n  What must happen: {must}\n  Hint: {hint}"
    return pytest.TestReport(
        nodeid=f"migrations::{rule}",
        location=("migrations", None, rule),
        keywords={},
        outcome="failed",
        longrepr=escaped(told),
        when="call",
        user_properties=[(CLAUSE, clause)],
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Watch, in the process that started the server, once the migrations are applied."""
    config = session.config
    if CLUSTER in config.stash:
        guard = WatchdogPlugin(config.stash[SERVER], config.stash[CLUSTER], float(config.getini(PATIENCE)))
        config.add_cleanup(guard.watch.stop)
        config.pluginmanager.register(guard)
