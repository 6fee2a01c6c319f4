"""Tests that do not end, each for another reason; the selftest runs them one by one, with a short bound."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins.hypothesis import Counting
from tests.harness.plugins.timeouts import TIMEOUT
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.upgrade.support.concurrency import session_group

FOR_EVER = "SELECT pg_sleep(600)"
LOCK = "LOCK TABLE public.calculator2_sessions"


@pytest.fixture
def soon(request: pytest.FixtureRequest) -> None:
    """Let this test time out in a second from now on; what was set up before had more."""
    timeout = request.node.stash[TIMEOUT]
    timeout.timeouts = replace(timeout.timeouts, test=min(1.0, timeout.timeouts.test))
    timeout.start()


@pytest.fixture
def endless_setup(superuser_session: Session, soon: None) -> None:
    """Never come to the test."""
    superuser_session.run(FOR_EVER)


@pytest.fixture
def endless_teardown(own_database: Database, soon: None) -> Iterator[None]:
    """Never come to the next test."""
    yield
    with closing(own_database.connect("postgres")) as connection:
        connection.execute(FOR_EVER)


def test_a_lock(own_database: Database, soon: None) -> None:
    """One session waits for another of the same test."""
    with closing(own_database.connect("postgres")) as holder, closing(own_database.connect("postgres")) as waiter:
        holder.execute(f"BEGIN; {LOCK}")
        waiter.execute("BEGIN")
        waiter.execute(LOCK)


@given(number=st.integers())
def test_a_property(session: Session, number: int, soon: None) -> None:
    """An example does not end; Hypothesis would run it again, to make it smaller."""
    with session.example():
        session.run("SELECT %s::numeric", [number])
        session.run(FOR_EVER)


class Endless(RuleBasedStateMachine):
    """Rolls back on a connection that is still at work."""

    session: Session

    @rule()
    def wait(self) -> None:
        """Do not end."""
        self.session.run(FOR_EVER)

    def teardown(self) -> None:
        """As the gate's own machine does."""
        self.session.connection.execute("ROLLBACK")


def test_a_state_machine(session: Session, counting: Counting, soon: None) -> None:
    """A step of a series does not end."""
    Endless.session = session
    machine: Any = counting(Endless)
    run_state_machine_as_test(machine)


def test_python(soon: None) -> None:
    """No session does anything."""
    for _ in itertools.count():
        pass


def test_a_command(soon: None) -> None:
    """A program that the test has started does not end."""
    subprocess.run([sys.executable, "-c", "import threading; threading.Event().wait()"], check=True)


def test_a_thread(own_database: Database, soon: None) -> None:
    """A thread waits for a lock that the test itself holds, and the test for the thread."""
    with (
        closing(own_database.connect("postgres")) as holder,
        closing(own_database.connect(SUPERUSER)) as observer,
        session_group(observer) as at,
    ):
        holder.execute(f"BEGIN; {LOCK}")
        at.pool.submit(observer.execute, "TABLE public.calculator2_sessions").result()


def test_what_catches_everything(session: Session, soon: None) -> None:
    """A test that expects errors of any kind goes on after it was stopped."""
    while True:
        try:
            session.run(FOR_EVER)
        except Exception:  # noqa: S112 - this is the fault
            continue


@pytest.mark.usefixtures("endless_setup")
def test_setup() -> None:
    """The test itself is never run."""


@pytest.mark.usefixtures("endless_teardown")
def test_teardown() -> None:
    """The test has passed already."""


@pytest.mark.usefixtures("endless_teardown")
def test_teardown_after_a_failure() -> None:
    """The test has failed already."""
    raise AssertionError("for another reason")
