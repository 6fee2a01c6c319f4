"""Judge mutants with the gate's own tests, collected once: a process is forked for each, so that none leaves a trace.

Every place where a mutant can be judged has a server of its own; for each mutant its migrated databases are made anew.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import itertools
import os
import re
import shutil
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from pathlib import Path
from typing import Any

import psycopg
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import is_hypothesis_test, settings
from psycopg import sql

from tests.harness.catalog import cluster_snapshot
from tests.harness.core.paths import ROOT
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations import files
from tests.harness.migrations.files import DoesNotApply, Migration
from tests.harness.plugins.start import MIGRATIONS, SERVER
from tests.harness.server import lifecycle
from tests.harness.server.connection import Connection
from tests.harness.supabase import templates
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.selftest.mutation.source import MIGRATION, NO_CHECK

GATE = ("tests/contract", "tests/upgrade")
# Beyond this a judgement is given up; on an idle machine the longest takes a twentieth of it.
LIMIT_SECONDS = 300
# What says that the server or the connection to it is broken, and nothing of the mutant.
INFRASTRUCTURE = ("53", "57P", "58", "XX")
APPLIES = "the migrations apply"
# A test that takes longer is tried on the mutants of its own clauses alone, unless all are asked for.
QUICK_SECONDS = 0.5
# How many tests of a file are dealt out together.
PART = 40


@dataclass(frozen=True)
class Red:
    """A test that failed, and the clauses that it proves."""

    test: str
    clauses: tuple[str, ...]
    message: str


@dataclass
class Judgement:
    """What the tests said of one text of the migration, and whether the server must not be used again."""

    stillborn: str = ""
    red: list[Red] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    timed_out: bool = False
    spoiled: bool = True
    tests: int = 0
    seconds: float = 0.0
    durations: dict[str, float] = field(default_factory=dict)

    @property
    def fallen(self) -> list[str]:
        """The clauses that went red."""
        return sorted({clause for red in self.red for clause in red.clauses})


# Which tests to try, stage by stage: a stage ends with its first red, and is left out if it has no tests.
Plan = Callable[["Gate", Judgement], Iterator[Iterable[pytest.Item]]]


@dataclass(frozen=True)
class Task:
    """One text of the migration, or of another file below its folder, and the tests to try it with."""

    name: str
    text: str
    plan: Plan
    to_the_end: bool = False
    file: str = MIGRATION


class Gate:
    """The gate's tests, found by clause."""

    def __init__(self, items: Sequence[pytest.Item], durations: dict[str, float]) -> None:
        """Take what was collected."""
        self.items = items
        self.durations = durations
        self.excluded: set[str] = set()
        self.by_clause: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            for clause in clauses_of(item):
                self.by_clause[clause].append(item)

    def of(self, clause: str) -> list[pytest.Item]:
        """A clause's tests, in the order in which they find most in the least time."""
        return self.ordered(self.by_clause[clause])

    def ordered(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """Keep modules together, for their fixtures; in each, try one parameter of every test, then the next one."""
        ranks: dict[str, Iterator[int]] = defaultdict(itertools.count)
        cost: dict[str, float] = {}
        chosen = [item for item in items if item.nodeid not in self.excluded]
        for item in chosen:
            cost[item.nodeid] = next(ranks[function_of(item)]) * 0.02 + self.durations.get(item.nodeid, 0.05)
        modules: dict[Path, float] = defaultdict(lambda: float("inf"))
        for item in chosen:
            modules[item.path] = min(modules[item.path], cost[item.nodeid])
        return sorted(chosen, key=lambda item: (modules[item.path], str(item.path), cost[item.nodeid], item.nodeid))

    def sample(self, parameters: int) -> list[pytest.Item]:
        """List every test, with so many parameters of each at most."""
        ranks: dict[str, Iterator[int]] = defaultdict(itertools.count)
        return [item for item in self.items if next(ranks[function_of(item)]) < parameters]

    def quick(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """Leave out the tests that are known to take long."""
        return [item for item in items if self.durations.get(item.nodeid, 0) < QUICK_SECONDS]

    def by_file(self, items: Iterable[pytest.Item]) -> list[list[pytest.Item]]:
        """Deal out tests file by file, in parts, those that take longest first, so that no place idles at the end."""
        files: dict[Path, list[pytest.Item]] = defaultdict(list)
        for item in items:
            files[item.path].append(item)
        parts = [tests[at : at + PART] for tests in files.values() for at in range(0, len(tests), PART)]
        return sorted(parts, key=lambda tests: (not any(map(is_slow, map(clauses_of, tests))), -len(tests)))


def is_slow(clauses: Iterable[str]) -> bool:
    """Whether tests of these clauses take seconds, as what waits for locks and what needs many rows."""
    return any(clause[0] in "IP" for clause in clauses)


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """The clauses that a test proves."""
    return tuple(dict.fromkeys(name for mark in item.iter_markers("clause") for name in mark.args))


def function_of(item: pytest.Item) -> str:
    """A test without its parameters."""
    return item.nodeid.split("[")[0]


class Place:
    """A server, on which one mutant at a time is judged."""

    def __init__(self, bindir: Path) -> None:
        """Start it."""
        self.bindir = bindir
        self._start()

    def stop(self) -> None:
        """End the server that runs now."""
        self.running.stop()

    def renew(self) -> None:
        """Start another server."""
        self.running.stop()
        self._start()

    def _start(self) -> None:
        self.running = lifecycle.start(self.bindir)
        templates.build_unmigrated(self.running.server)
        with self._admin() as admin:
            self.before = cluster_snapshot.read(admin)

    def changes(self) -> str:
        """Tell what a mutant did to the roles and databases that were there before it; empty if nothing."""
        with self._admin() as admin:
            return self.before.changes(admin, new_databases=False)

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
class Collected:
    """The plugin that stops pytest where the tests are collected, and hands over to `then`."""

    places: list[Place]
    then: Callable[[pytest.Session], None]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let the tests be collected for the server that they will meet."""
        session.config.stash[SERVER] = self.places[0].running.server

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge, instead of running the tests once."""
        if not session.testsfailed:
            # What is here already stays for the whole run: each child would look through it for garbage.
            gc.collect()
            gc.freeze()
            self.then(session)
        # It is gone when pytest ends, and nobody should ask it for its last words.
        del session.config.stash[SERVER]
        return True


def with_the_gate(places: list[Place], then: Callable[[pytest.Session], None]) -> int:
    """Collect the gate's tests in this process, with few examples, and go on with them."""
    options = ["--collect-only", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]
    # What this module imported before pytest could rewrite its asserts fails with fewer words, and no less.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    rooms = [str(ROOT / room) for room in GATE if any((ROOT / room).glob("**/test_*.py"))]
    return int(pytest.main([f"--rootdir={ROOT}", *options, *rooms], plugins=[Collected(places, then)]))


def few_examples(items: Iterable[pytest.Item], at_most: int | None = None) -> None:
    """Let the profile's number of examples, or a smaller one, bound the tests too that ask for one of their own."""
    profile = settings.get_profile("mutants")
    for item in items:
        function: Any = getattr(item, "obj", None)
        if function is not None and is_hypothesis_test(function):
            own = function._hypothesis_internal_use_settings
            number = min(own.max_examples, at_most or profile.max_examples)
            function._hypothesis_internal_use_settings = settings(profile, max_examples=number)


@dataclass
class _Child:
    place: Place
    task: Task
    process: Any
    pipe: connection.Connection
    began: float
    folder: str


def judge(
    session: pytest.Session, gate: Gate, places: list[Place], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Judgement]]:
    """Judge the tasks, one at each place at a time, as they come; nothing outlives it."""
    waiting, free = iter(tasks), list(places)
    running: dict[Any, _Child] = {}
    try:
        while True:
            while free and (task := next(waiting, None)) is not None:
                child = _begin(session, gate, places, free.pop(), task)
                running[child.pipe] = child
            if not running:
                return
            patience = min(child.began for child in running.values()) + LIMIT_SECONDS - time.monotonic()
            ready = connection.wait(list(running), max(0.0, patience))
            now = time.monotonic()
            for child in [each for each in running.values() if each.pipe in ready or now - each.began >= LIMIT_SECONDS]:
                del running[child.pipe]
                judgement = _end(child)
                if judgement.spoiled:
                    child.place.renew()
                free.append(child.place)
                yield child.task, judgement
    finally:
        for child in running.values():
            _end(child)


def _begin(session: pytest.Session, gate: Gate, places: list[Place], place: Place, task: Task) -> _Child:
    folder = tempfile.mkdtemp(prefix="mutant-")
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(session, gate, places, place, task, Path(folder), there))
    process.start()
    there.close()
    return _Child(place, task, process, here, time.monotonic(), folder)


def _end(child: _Child) -> Judgement:
    judgement = Judgement(timed_out=True)
    try:
        if child.pipe.poll():
            judgement = child.pipe.recv()
    except EOFError:
        judgement = Judgement(errors=["the process that judged it ended without a word"])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.join()
        child.pipe.close()
        shutil.rmtree(child.folder, ignore_errors=True)
    judgement.seconds = time.monotonic() - child.began
    return judgement


def _child(
    session: pytest.Session,
    gate: Gate,
    places: list[Place],
    place: Place,
    task: Task,
    folder: Path,
    pipe: connection.Connection,
) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(LIMIT_SECONDS + 10)
    # A server must not wait for this process when the one that started it is gone.
    for stream in (stream for each in places for stream in (each.running.guardian.stdin, each.running.guardian.stdout)):
        if stream is not None:
            stream.close()
    silence = os.open(os.devnull, os.O_RDWR)
    for stream_number in (0, 1, 2):
        os.dup2(silence, stream_number)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = str(folder)
    judgement = Judgement()
    try:
        _judge(session, gate, place, task, folder, judgement)
        judgement.spoiled = not place.clear()
    except Exception as fault:
        judgement.errors.append(f"{type(fault).__name__}: {fault}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    pipe.send(judgement)
    pipe.close()
    os._exit(0)


def _judge(session: pytest.Session, gate: Gate, place: Place, task: Task, folder: Path, judgement: Judgement) -> None:
    the_server = place.running.server
    migrations = _written(task, folder)
    if NO_CHECK not in task.text:
        # Where the closing check stands, it is judged too.
        gate.excluded = set()
    refusals = []
    for default_privileges in DEFAULT_PRIVILEGES:
        try:
            templates.build_migrated(the_server, default_privileges, migrations)
        except DoesNotApply as refusal:
            refusals.append(str(refusal))
    if len(refusals) == len(DEFAULT_PRIVILEGES):
        judgement.stillborn = refusals[0]
        return
    if refusals:
        judgement.red.append(Red(APPLIES, ("I1",), refusals[0]))
        return
    if beyond := place.changes():
        judgement.red.append(Red(APPLIES, ("S9",), beyond))
        return
    config = session.config
    config.stash[SERVER], config.stash[MIGRATIONS] = the_server, migrations
    config.option.collectonly = False
    config.option.migrations = folder / "migrations"
    for item in gate.items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "migration" in callspec.params:
            (callspec.params["migration"],) = (
                each for each in migrations if each.name == callspec.params["migration"].name
            )
    faults = _Faults()
    config.pluginmanager.register(faults)
    for stage in task.plan(gate, judgement):
        _run(list(stage), judgement, faults, to_the_end=task.to_the_end)


def _written(task: Task, folder: Path) -> Sequence[Migration]:
    """The folder of migrations as it is, but for the file that is mutated."""
    copy = folder / "migrations"
    shutil.copytree(ROOT / "migrations", copy)
    (copy / task.file).write_bytes(task.text.encode())
    record = copy / "applied.sha256"
    if record.is_file() and task.file == MIGRATION:
        # It is another file, as if it had always been this one.
        line = re.compile(rf"^\w+(?=  {re.escape(MIGRATION)}$)", re.MULTILINE)
        record.write_text(line.sub(hashlib.sha256(task.text.encode()).hexdigest(), record.read_text(encoding="utf-8")))
    return files.read_folder(copy)


def mutated_file() -> Path:
    """The migration that the mutants are made of."""
    return ROOT / "migrations" / MIGRATION


class _Faults:
    """Sees the exceptions themselves, where reports have but their text."""

    def __init__(self) -> None:
        self.last: BaseException | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        self.last = call.excinfo.value if call.excinfo is not None else None

    def broken(self) -> bool:
        """Whether the last one says something of the server only."""
        fault = self.last
        if isinstance(fault, psycopg.OperationalError | psycopg.InternalError):
            return fault.sqlstate is None or fault.sqlstate.startswith(INFRASTRUCTURE)
        return isinstance(fault, MemoryError | OSError)


def _run(items: list[pytest.Item], judgement: Judgement, faults: _Faults, *, to_the_end: bool) -> None:
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        began = time.monotonic()
        reports = _reports(item, following, faults)
        judgement.durations[item.nodeid] = time.monotonic() - began
        judgement.tests += 1
        failed = False
        for report, broken in reports:
            if report.failed and report.when == "call" and not broken:
                failed = True
                message = str(report.longrepr).strip().splitlines()
                judgement.red.append(Red(item.nodeid, clauses_of(item), "\n".join(message[-6:])))
            elif report.failed:
                judgement.errors.append(f"{item.nodeid} ({report.when}): {str(report.longrepr)[-600:]}")
        if failed and not to_the_end:
            item.session._setupstate.teardown_exact(None)
            return


def _reports(item: pytest.Item, following: pytest.Item | None, faults: _Faults) -> list[tuple[pytest.TestReport, bool]]:
    seen: list[bool] = []

    class Noting:
        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            seen.append(faults.broken())

    noting = Noting()
    item.config.pluginmanager.register(noting)
    try:
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = runtestprotocol(item, nextitem=following, log=True)
    finally:
        item.config.pluginmanager.unregister(noting)
    return list(zip(reports, seen, strict=True))
