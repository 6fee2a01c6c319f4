"""Reports what migrations do while tests run: a statement that hangs, which ends the run; changes of the server."""

import textwrap
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

import psycopg
import pytest

from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.core.roles import SUPERUSER
from tests.harness.guards.watchdog import Watchdog
from tests.harness.migrations.files import escaped
from tests.harness.plugins import verdict
from tests.harness.plugins.findings import CLAUSE
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.stash import CLUSTER, KEPT, RUN_TIMEOUTS, SERVER

LONGEST = 400


@dataclass(eq=False)
class WatchdogPlugin:
    """Reports for the watchdog, in the process that started the server."""

    config: pytest.Config
    watchdog: Watchdog
    before: ClusterSnapshot

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop at the first failure after a statement had to be ended."""
        if report.failed and self.watchdog.ended and self.watchdog.is_alive():
            verdict.stop(self.config, "a statement did not end; it is reported as a failure.")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Look at the server for the last time, and report what is found as a test that failed."""
        self.watchdog.stop()
        for report in [*self._hung(), *self._changed()]:
            verdict.report_broken_clause(self.config, report)
        yield

    def _hung(self) -> Iterator[pytest.TestReport]:
        seconds = self.watchdog.timeouts.statement
        for statement in self.watchdog.ended[:1]:
            shown = textwrap.shorten(statement, LONGEST)
            words = MESSAGES["statement_did_not_end"].format(seconds=seconds, statement=shown)
            yield _failed("I1", "every statement ends by itself", words)

    def _changed(self) -> Iterator[pytest.TestReport]:
        if KEPT in self.config.stash:
            # What the test did to the server is a part of its failure.
            return
        # A server that is lost is reported by the tests.
        with suppress(psycopg.OperationalError), closing(self.watchdog.server.connect(SUPERUSER)) as superuser:
            if changes := self.before.changes(superuser, new_roles=False, new_databases=False):
                words = MESSAGES["server_changed"].format(changes=changes)
                yield _failed("I13", "a migration keeps to its database", words)


def _failed(clause: str, rule: str, words: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=f"migrations::{rule}",
        location=("migrations", None, rule),
        keywords={},
        outcome="failed",
        longrepr=escaped(f"migrations: {words}"),
        when="call",
        user_properties=[(CLAUSE, clause)],
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin once the migrations are applied."""
    config = session.config
    if CLUSTER in config.stash:
        watchdog = Watchdog(config.stash[SERVER], config.stash[RUN_TIMEOUTS])
        watchdog.start()
        config.add_cleanup(watchdog.stop)
        config.pluginmanager.register(WatchdogPlugin(config, watchdog, config.stash[CLUSTER]))
