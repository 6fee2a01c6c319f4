"""Judge mutants with the gate's own tests: a process is forked for each, and the migrated databases are made anew."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.harness.catalog import cluster_snapshot
from tests.harness.core.paths import ACCESS, ROOT, UPGRADE
from tests.harness.core.private_api import parameters_of, runtestprotocol, tear_down_all
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import DoesNotApply
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.plugins.clauses import ids_of
from tests.harness.plugins.stash import FOLDER, MIGRATIONS, SERVER
from tests.harness.server.connection import Connection
from tests.harness.supabase import platform, templates
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.selftest.mutation.gate import Gate, migration_of
from tests.selftest.mutation.subject import Subject

# Beyond this a judgement is given up; on an idle machine the longest takes a twentieth of it.
LIMIT_SECONDS = 300
# What says that the server or the connection to it is broken, and nothing of the mutant.
INFRASTRUCTURE = ("53", "57P", "58", "XX")
# Seen before any test runs: it does not apply on each platform (I1), or changes the whole server (I13).
APPLIES, DOES_NOT_APPLY, CHANGES_THE_SERVER = "the migrations apply", ("I1",), ("I13",)


@dataclass(frozen=True)
class FailedTest:
    """A test that failed, and the clauses that it proves."""

    test: str
    clauses: tuple[str, ...]
    message: str


@dataclass
class Judgement:
    """What the tests said of one text of a file, and whether the server must not be used again."""

    # Why it applies under no default privileges: then no test can say anything.
    invalid: str = ""
    failed: list[FailedTest] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    spoiled: bool = True
    seconds: float = 0.0
    durations: dict[str, float] = field(default_factory=dict)

    @property
    def fallen(self) -> set[str]:
        """The clauses of the tests that failed."""
        return {clause for each in self.failed for clause in each.clauses}


# Which tests to try, stage by stage: a stage ends with its first failure.
Plan = Callable[[Gate, Judgement], Iterator[Iterable[pytest.Item]]]


@dataclass(frozen=True)
class Task:
    """One text of a file in the folder of migrations, and the tests to try it with: each, or until one fails."""

    name: str
    path: Path
    text: str
    tests: Plan | Sequence[pytest.Item]
    has_shape_check: bool = True


class JudgingServer:
    """A server on which one mutant at a time is judged."""

    def __init__(self, bindir: Path) -> None:
        """Start it. Raises CannotStart."""
        self.bindir = bindir
        self._start()

    def close(self) -> None:
        """End the server that runs now."""
        self.running.stop()

    def renew(self) -> None:
        """Start another server."""
        self.running.stop()
        self._start()

    def _start(self) -> None:
        self.running = platform.start(self.bindir)
        with self._admin() as admin:
            self.before = cluster_snapshot.read(admin)

    def changes(self) -> str:
        """Tell what a mutant did to roles, and to the databases that were there before it; empty if nothing."""
        with self._admin() as admin:
            return self.before.changes(admin, new_roles=False, new_databases=False)

    def clear(self) -> bool:
        """Drop what a mutant left; return whether all is as before: no database holds the roles and their settings."""
        with self._admin() as admin:
            kept = ["postgres", "template0", "template1", *map(templates.unmigrated, DEFAULT_PRIVILEGES)]
            left = admin.execute("SELECT datname::text FROM pg_database WHERE datname <> ALL (%s)", [kept]).fetchall()
            for (name,) in left:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))
            return cluster_snapshot.read(admin) == self.before

    def _admin(self) -> Connection:
        return self.running.server.connect(SUPERUSER)


@dataclass
class Judge:
    """Judges texts of a subject's files, on as many servers as there are."""

    subject: Subject
    session: pytest.Session
    gate: Gate
    servers: Sequence[JudgingServer]

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Judgement]]:
        """Judge the tasks, one on each server at a time, as they come; nothing outlives it."""
        waiting, free = iter(tasks), list(self.servers)
        running: dict[Any, _Child] = {}
        try:
            while True:
                while free and (task := next(waiting, None)) is not None:
                    child = self._begin(free.pop(), task)
                    running[child.pipe] = child
                if not running:
                    return
                oldest = min(running, key=lambda pipe: running[pipe].began)
                left = running[oldest].began + LIMIT_SECONDS - time.monotonic()
                for pipe in connection.wait(list(running), max(0.0, left)) or [oldest]:
                    child = running.pop(pipe)
                    judgement = child.end()
                    if judgement.spoiled:
                        child.server.renew()
                    free.append(child.server)
                    yield child.task, judgement
        finally:
            for child in running.values():
                child.end()

    def _begin(self, server: JudgingServer, task: Task) -> _Child:
        folder = tempfile.mkdtemp(prefix="mutant-")
        context = get_context("fork")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=self._in_the_child, args=(server, task, Path(folder), there))
        process.start()
        there.close()
        return _Child(server, task, process, here, time.monotonic(), folder)

    def _in_the_child(self, server: JudgingServer, task: Task, folder: Path, pipe: connection.Connection) -> None:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # A server must not wait for this process when the one that started it is gone.
        for each in self.servers:
            each.running.pipe.close()
        silence = os.open(os.devnull, os.O_RDWR)
        for stream_number in (0, 1, 2):
            os.dup2(silence, stream_number)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = str(folder)
        judgement = Judgement()
        try:
            self._judge(server, task, folder, judgement)
            judgement.spoiled = not server.clear()
        except Exception as fault:
            judgement.errors.append(f"{type(fault).__name__}: {fault}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        pipe.send(judgement)
        pipe.close()
        os._exit(0)

    def _judge(self, server: JudgingServer, task: Task, folder: Path, judgement: Judgement) -> None:
        written = self._written(task, folder / "migrations")
        migrations = written.read()
        if task.has_shape_check:
            self.gate.need_the_shape_check = set()
        refusals = []
        for default_privileges in DEFAULT_PRIVILEGES:
            try:
                templates.build_migrated(server.running.server, default_privileges, migrations)
            except DoesNotApply as refusal:
                refusals.append(str(refusal))
        if len(refusals) == len(DEFAULT_PRIVILEGES):
            judgement.invalid = refusals[0]
        elif refusals:
            judgement.failed.append(FailedTest(APPLIES, DOES_NOT_APPLY, refusals[0]))
        elif beyond := server.changes():
            judgement.failed.append(FailedTest(APPLIES, CHANGES_THE_SERVER, beyond))
        else:
            self._try(task, server, written, judgement)

    def _try(self, task: Task, server: JudgingServer, folder: MigrationsFolder, judgement: Judgement) -> None:
        config, migrations = self.session.config, folder.read()
        config.stash[SERVER], config.stash[FOLDER], config.stash[MIGRATIONS] = server.running.server, folder, migrations
        config.option.collectonly = False
        config.option.migrations = folder.path
        by_name = {each.name: each for each in migrations}
        for item in self.gate.items:
            if (name := migration_of(item)) is not None:
                parameters_of(item)["migration"] = by_name[name]
        config.pluginmanager.register(_Faults())
        if not callable(task.tests):
            _run(self.gate.ordered(task.tests), judgement, to_the_end=True)
            return
        for stage in task.tests(self.gate, judgement):
            _run(list(stage), judgement, to_the_end=False)

    def _written(self, task: Task, copy: Path) -> MigrationsFolder:
        """Copy the folder of migrations, with another text of one file."""
        shutil.copytree(self.subject.migrations, copy)
        changed = copy / task.path.relative_to(self.subject.migrations)
        changed.write_bytes(task.text.encode())
        folder = MigrationsFolder(copy)
        record = folder.record
        if record.is_file():
            # It is another file, as if it had always been this one.
            line = re.compile(rf"^\w+(?=  {re.escape(changed.name)}$)", re.MULTILINE)
            recorded = line.sub(hashlib.sha256(task.text.encode()).hexdigest(), record.read_text("utf-8"))
            record.write_text(recorded, encoding="utf-8")
        return folder


@dataclass
class _Child:
    """A process that judges one task on one server."""

    server: JudgingServer
    task: Task
    process: Any
    pipe: connection.Connection
    began: float
    folder: str

    def end(self) -> Judgement:
        """Take its judgement, if it is done, and end it."""
        judgement = Judgement(errors=[f"the process that judged it ended, or was not done in {LIMIT_SECONDS} s"])
        with contextlib.suppress(EOFError):
            if self.pipe.poll():
                judgement = self.pipe.recv()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        judgement.seconds = time.monotonic() - self.began
        return judgement


class _Faults:
    """The plugin that sees the exceptions themselves, where reports have but their text."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note whether what was raised says something of the server only."""
        report = yield
        fault = call.excinfo.value if call.excinfo is not None else None
        if isinstance(fault, psycopg.OperationalError | psycopg.InternalError):
            broken = fault.sqlstate is None or fault.sqlstate.startswith(INFRASTRUCTURE)
        else:
            broken = isinstance(fault, MemoryError | OSError)
        report.user_properties.append((_Faults.__name__, broken))
        return report


def _run(items: list[pytest.Item], judgement: Judgement, *, to_the_end: bool) -> None:
    for item, following in zip(items, [*items[1:], None], strict=False):
        began = time.monotonic()
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = runtestprotocol(item, nextitem=following, log=True)
        judgement.durations[item.nodeid] = time.monotonic() - began
        failed = False
        for report in reports:
            if report.failed and report.when == "call" and (_Faults.__name__, False) in report.user_properties:
                failed = True
                message = str(report.longrepr).strip().splitlines()
                judgement.failed.append(FailedTest(item.nodeid, tuple(ids_of(item)), "\n".join(message[-6:])))
            elif report.failed:
                judgement.errors.append(f"{item.nodeid} ({report.when}): {str(report.longrepr)[-600:]}")
        if failed and not to_the_end:
            tear_down_all(item.session)
            return


@dataclass
class _Collected:
    """The plugin that stops pytest where the tests are collected, and hands the subject's over to `then`."""

    subject: Subject
    servers: Sequence[JudgingServer]
    then: Callable[[Judge], bool]
    done: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let the tests be collected for the server that they will meet."""
        session.config.stash[SERVER] = self.servers[0].running.server

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge, instead of running the tests once."""
        if not session.testsfailed:
            # What is here already stays for the whole run: each child would look through it for garbage.
            gc.collect()
            gc.freeze()
            own = [item for item in session.items if migration_of(item) in (None, self.subject.path.stem)]
            self.done = self.then(Judge(self.subject, session, Gate(own), self.servers))
        # It is stopped when pytest ends, and nobody should ask it how it ended.
        del session.config.stash[SERVER]
        return True


def with_the_gate(subject: Subject, servers: Sequence[JudgingServer], then: Callable[[Judge], bool]) -> bool:
    """Collect the tests of a contract, the upgrade room and access; return what `then` says, False without them."""
    options = ["--collect-only", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]
    # What this module imported before pytest could rewrite its asserts fails with fewer words, and no less.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    options += [f"--rootdir={ROOT}", f"--migrations={subject.migrations}"]
    # Another table's contract says nothing of this one.
    rooms = [str(room) for room in (subject.contract, UPGRADE, ACCESS)]
    collected = _Collected(subject, servers, then)
    return pytest.main([*options, *rooms], plugins=[collected]) == 0 and collected.done
