"""A server that takes too much, or too long, is ended, and the reason is reported."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS, Timeouts
from tests.harness.server import lifecycle
from tests.harness.server.binaries import installation
from tests.harness.server.cleanup import PREFIX, SEGMENT_LINE
from tests.harness.server.lifecycle import RunningServer
from tests.harness.server.limits import MEBIBYTE, Limits
from tests.harness.server.process import CannotStart
from tests.selftest.faulty_tests.losing import FILL, pid_file
from tests.selftest.runs import RunFolder, command_of

# Rows that are large, and are kept as they come: written soon.
SPILL = "WITH s AS MATERIALIZED (SELECT repeat('x', 1000000) FROM generate_series(1, 10000)) SELECT count(s) FROM s"
LONG = "string_agg(repeat('x', 1000000), '')"
HOARD = f"SELECT {LONG} || {LONG} FROM generate_series(1, 800)"


@pytest.fixture
def here(here: RunFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunFolder]:
    """A folder for the servers that this process starts."""
    monkeypatch.setenv("TMPDIR", str(here.folder))
    yield here
    assert here.left() == []


@contextmanager
def serving(timeouts: Timeouts = TIMEOUTS, **limits: int) -> Iterator[RunningServer]:
    """Start a server, with other bounds."""
    running = lifecycle.start(installation.find(None), Limits(**limits), timeouts)
    try:
        yield running
    finally:
        running.stop()


def run(running: RunningServer, query: str) -> None:
    """Run a statement as the superuser."""
    with closing(running.server.connect(SUPERUSER)) as connection:
        connection.execute(query.encode())


def test_a_server_that_grows_beyond_its_limit_is_ended(here: RunFolder) -> None:
    """The statement is broken off, the data removed at once, and the reason can be asked for."""
    with serving(folder=128 * MEBIBYTE) as running:
        with pytest.raises(psycopg.OperationalError):
            run(running, FILL)
        assert "128 MB is what it may take" in str(running.server.exit_reason())
        assert not (Path(running.server.socket_dir) / "data").exists()


def test_a_full_disk_is_told_before_anything_is_written(here: RunFolder) -> None:
    """Where too little is free, no server is started; the guardian looks at it for as long as the server lives."""
    with pytest.raises(CannotStart, match=r"must be\. Make room, or set TMPDIR"), serving(free=1 << 60):
        pass


@pytest.mark.parametrize(
    ("query", "state"), [pytest.param(HOARD, "53200", id="memory"), pytest.param(SPILL, "53400", id="temporary files")]
)
def test_a_statement_that_takes_too_much_fails_alone(here: RunFolder, query: str, state: str) -> None:
    """PostgreSQL refuses the statement, and goes on."""
    with serving() as running:
        with pytest.raises(psycopg.OperationalError) as refusal:
            run(running, query)
        assert refusal.value.sqlstate == state
        run(running, "SELECT 1")
        assert running.server.exit_reason() is None


def test_a_server_does_not_live_for_ever(here: RunFolder) -> None:
    """When its time is over it ends, whatever it is doing, and says so."""
    with serving(Timeouts(server_life=1)) as running:
        with pytest.raises(psycopg.OperationalError):
            run(running, "SELECT pg_sleep(600)")
        assert running.server.exit_reason() == "it had lived for 1 s, and no run may take longer."


@pytest.mark.parametrize("hanging", ["initdb", "postgres"])
def test_a_start_that_hangs_is_given_up(here: RunFolder, hanging: str) -> None:
    """It says which program was not done, and leaves neither it nor what it has started."""
    bindir = here.folder / "pytest-of-bin"
    bindir.mkdir()
    for name in ("initdb", "postgres"):
        script = "echo slow; sleep 600 & wait" if name == hanging else "exit 0"
        (bindir / name).write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        (bindir / name).chmod(0o755)
    with pytest.raises(CannotStart, match=f"{hanging} was not .* within 1 s: slow"):
        lifecycle.start(bindir, timeouts=Timeouts(server_start=1))


def test_a_killed_guardian_takes_its_server_with_it(here: RunFolder) -> None:
    """The next run removes the folder, but not those that another guardian holds."""
    running = lifecycle.start(installation.find(None))
    with serving() as neighbour, closing(running.server.connect(SUPERUSER)) as connection:
        segment = segment_of(running)
        assert segment in segments()
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12::bigint)")
        running.guardian.kill()
        running.stop()
        psutil.wait_procs([each for each in here.processes() if running.server.socket_dir in command_of(each)], 30)
        assert segment not in segments()
        assert Path(running.server.socket_dir).is_dir()
        with serving():
            assert not Path(running.server.socket_dir).exists()
            run(neighbour, "SELECT 1")


def test_what_both_killed_leave_is_removed_by_the_next_run(here: RunFolder) -> None:
    """Server and guardian killed at once, while a statement computes: its process, folder and memory go next time."""
    running = lifecycle.start(installation.find(None))
    with closing(running.server.connect(SUPERUSER)) as connection:
        segment = segment_of(running)
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12::bigint)")
        here.until_served(running.guardian, "SELECT")
        running.guardian.send_signal(signal.SIGSTOP)
        os.kill(int(pid_file(running.server)[0]), signal.SIGKILL)
        running.guardian.kill()
        running.stop()
        assert [each for each in here.processes() if "SELECT" in command_of(each)]
        assert segment in segments()
    with serving():
        assert [PREFIX in each.name for each in here.folder.iterdir()] == [True]
        assert segment not in segments()
        gone = Path(running.server.socket_dir).name
        assert not [each for each in here.processes() if gone in command_of(each)]


def test_a_folder_that_is_not_ours_is_left_alone(here: RunFolder) -> None:
    """A folder of such a name without a guardian's lock may be of another program."""
    foreign = here.folder / f"{PREFIX}foreign"
    foreign.mkdir()
    with serving():
        assert foreign.is_dir()
    foreign.rmdir()


def segment_of(running: RunningServer) -> int:
    """The server's segment of shared memory."""
    return int(pid_file(running.server)[SEGMENT_LINE - 1].split()[1])


def segments() -> set[int]:
    """Every segment on this machine."""
    rows = Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()[1:]
    return {int(row.split()[1]) for row in rows}
