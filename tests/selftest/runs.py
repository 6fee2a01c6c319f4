"""Runs of the gate in processes of their own, each in a temporary folder."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.harness.core.paths import MIGRATIONS, ROOT
from tests.harness.migrations.edits import Edit
from tests.harness.server.lifecycle import MEMORY
from tests.harness.server.limits import Limits
from tests.selftest.cases import SAMPLES, tables

MIGRATION = MIGRATIONS / "014_create_calculator2_sessions.sql"
SETTINGS = MIGRATIONS / "gate.toml"
# syrupy is installed beside the selftest alone; under xdist it warns where a run is stopped.
GATE = "-m pytest -c pyproject.toml -p tests.harness.plugins -p tests.harness.plugins.options -p no:syrupy"
QUICK = "tests/contract/calculator2_sessions/test_structure.py"
# Those of its tests that read the catalog, for a run that need only be one.
CATALOG = "catalog_holds"
LONG = "tests/contract/calculator2_sessions/test_several_roles.py"
# How the end of a run names a clause that failed.
FAILED = re.compile(r"((?:\w+ )?[A-Z]\d+)(?= is (?:broken|to be confirmed)| \(\d+\))")
# A run that takes longer hangs: on a busy machine an ordinary one takes ten times what it takes on an idle one.
SECONDS = 600
# Two workers, each with a run that may fill its disk.
MEMORY_BYTES = 2 * Limits().with_workers(2).folder
# The migration refuses to leave another shape than it promises, so a test of a clause has that refusal disabled.
NO_SHAPE_CHECK = ("IF differences IS NOT NULL THEN", "IF false THEN")


@dataclass(frozen=True)
class RunFolder:
    """A temporary folder for runs of the gate: the processes and files of a run are below it, or name it."""

    folder: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a run in the background, in a process group of its own."""
        return subprocess.Popen(
            # What ignores Ctrl-C, as a job in the background does, hands that on.
            [
                "/usr/bin/env",
                "--default-signal",
                sys.executable,
                *GATE.split(),
                "-o",
                f"cache_dir={self.folder / 'pytest-of-nobody'}",
                *arguments,
            ],
            cwd=ROOT,
            env={**clean_environment(), "TMPDIR": str(self.folder), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run to the end; return the exit status and all that was printed."""
        with self.start(*arguments, **environment) as process:
            try:
                printed, _ = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            return process.returncode, printed

    def processes(self) -> list[psutil.Process]:
        """List the processes whose command line or working folder is below the folder."""
        return [process for process in psutil.process_iter() if str(self.folder) in command_of(process, folder=True)]

    def left(self) -> list[str]:
        """Wait for the guardian to clean up, and name what is left: processes, and files."""
        psutil.wait_procs(self.processes(), timeout=30)
        # pytest's own folder of temporary files is pytest's to keep.
        files = [str(path) for path in self.folder.iterdir() if not path.name.startswith("pytest-of-")]
        return [*(str(process) for process in self.processes()), *files]

    def until_served(self, run: subprocess.Popen[str] | subprocess.Popen[bytes], by: str = "checkpointer") -> None:
        """Wait until a run's server has a process with that in its title: one of its own, or the session of a role."""
        for _ in range(SECONDS * 20):
            if any(by in command_of(process) for process in self.processes()):
                return
            with suppress(subprocess.TimeoutExpired):
                run.wait(0.05)
                break
        raise AssertionError("the run ended, or its time did, before it had come that far")


def command_of(process: psutil.Process, *, folder: bool = False) -> str:
    """Return a process' command line, and its working folder if asked; nothing when it has ended meanwhile."""
    try:
        return " ".join([*process.cmdline(), *([process.cwd()] if folder else [])])
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return ""


def clauses_that_failed(printed: str) -> set[str]:
    """Name the clauses that a run's end calls broken, or to be confirmed, with their tables."""
    return set(FAILED.findall(printed.rpartition("what breaks it")[2]))


def clean_environment() -> dict[str, str]:
    """Return the environment without the variables of PostgreSQL, pytest and CI: there, more is printed."""
    others = ("PG", "PYTEST_", "CI", "GITHUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}


@contextmanager
def run_folder(name: str = "gate") -> Iterator[RunFolder]:
    """Make a folder that any account may search, as the server's may be another one; remove it at the end.

    It is in memory, where that holds what the servers of two runs may take: there a run takes half the time.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=MEMORY if in_memory else "/tmp"))
    folder.chmod(0o755)
    try:
        yield RunFolder(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as an account without privileges, where this is root, who may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def candidate(folder: Path, *edits: tuple[str, str]) -> Path:
    """Write the migration with some edits into a folder; an edit that does not match exactly once is an error."""
    text = MIGRATION.read_text(encoding="utf-8")
    for edit in edits:
        text = Edit(*edit).apply(text)
    folder.mkdir(exist_ok=True)
    (folder / MIGRATION.name).write_text(text, encoding="utf-8")
    settings = SETTINGS.read_text(encoding="utf-8").replace(f'judge_as_new = ["{MIGRATION.name}"]\n', "")
    (folder / SETTINGS.name).write_text(settings, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class RunCase:
    """A run of the gate, and how it must end: its keys are those of the tables in samples/runs/.

    `edits` are of the migration; `prepare` is a shell script for the folder that `{here}` stands for in `arguments`,
    where the edited migration is in `migrations`, and `$ROOT` is this repository. What is said `once` or `never`
    is looked for in all that was printed, `never` by regular expressions. `writes` are files, and what each
    of them says. `any_order`: of plugins, too.
    """

    arguments: Sequence[str] = ()
    edits: Sequence[tuple[str, str]] = ()
    keeps_shape_check: bool = True
    prepare: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: Sequence[str] = ("0",)
    any_order: bool = False
    temporary_folder: str = "gate"
    status: int = 0
    says: Sequence[str] = ()
    once: Sequence[str] = ()
    never: Sequence[str] = ()
    writes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def check(self, *arguments: str) -> None:
        """Run it; nothing of the run may be left."""
        with run_folder(self.temporary_folder) as here:
            own = here.folder / "pytest-of-case"
            if self.edits or self.prepare:
                own.mkdir()
                candidate(own / "migrations", *self.edits, *([] if self.keeps_shape_check else [NO_SHAPE_CHECK]))
                variables = {**os.environ, "ROOT": str(ROOT)}
                subprocess.run(["/bin/sh", "-euc", self.prepare], cwd=own, env=variables, check=True)
                arguments = (*arguments, f"--migrations={own / 'migrations'}")
            given = [each.format(here=own) for each in self.arguments]
            environment = {name: value.format(here=own) for name, value in self.environment.items()}
            status, printed = here.run(*arguments, *given, **environment)
            assert (status, here.left()) == (self.status, []), printed
            for file, says in self.writes.items():
                text = (own / file).read_text(encoding="utf-8")
                assert [words for words in says if words not in text] == [], text
        assert [words for words in self.says if words not in printed] == [], printed
        assert [words for words in self.once if printed.count(words) != 1] == [], printed
        assert [words for words in (*self.never, "Traceback") if re.search(words, printed)] == [], printed


def run_cases() -> dict[str, RunCase]:
    """Read every run in samples/runs/, by its name."""
    files = sorted((SAMPLES / "runs").iterdir())
    return {name: RunCase(**table) for file in files for name, table in tables(f"runs/{file.stem}").items()}
