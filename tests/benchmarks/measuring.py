"""Alternating repetitions and their medians, what a process costs with all that it starts, and tables in the page."""

import os
import resource
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from hypothesis import settings

from tests.harness.plugins.hypothesis import EXAMPLES
from tests.selftest.runs import RunFolder, run_folder

# Debian's PostgreSQL, for which it has pgTAP as a package, and the command that runs tests in it.
DEBIAN, PG_PROVE = Path("/usr/lib/postgresql/15/bin"), Path("/usr/bin/pg_prove")
PAGE = Path(__file__).with_name("README.md")
# How often the memory of a run's processes is summed up; to do so takes a few milliseconds.
SAMPLE_SECONDS = 0.2
MEBIBYTE = 1024 * 1024
# The gate's own environment has none of the plugins that are installed for the benchmarks.
NO_OTHERS = ("-p", "no:syrupy", "-p", "no:anyio")
NO_SPLIT = ("-p", "no:pytest-split")


@dataclass(frozen=True)
class Effort:
    """How often what is compared is run, alternately; at how many examples; and whether only to see that it runs."""

    repeats: int = 5
    examples: int = settings.get_profile("gate").max_examples
    is_quick: bool = False


QUICK = Effort(repeats=1, examples=5, is_quick=True)


@dataclass(frozen=True)
class Table:
    """A table of the page, and what stands below it: sentences, and pictures by the name of their file."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write it as Markdown."""
        lines = [f"| {' | '.join(cells)} |" for cells in (self.head, ["---"] * len(self.head), *self.rows)]
        shown = [f"![{Path(name).stem}]({name})" for name in self.pictures]
        return "\n\n".join(["\n".join(lines), *self.notes, *shown])


@dataclass(frozen=True)
class Cost:
    """What a process took, with all that it started: seconds, seconds of processors, and its greatest memory."""

    seconds: float
    processor: float
    memory: int
    printed: str


@dataclass(frozen=True)
class Case:
    """One test of a run, as the JUnit report has it: fixtures count towards its seconds."""

    module: str
    name: str
    seconds: float
    examples: int


def alternately(repeats: int, *actions: Callable[[], object]) -> list[float]:
    """Run the actions one after the other, so many times; return the median seconds of each."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(repeats):
        for action, seconds in zip(actions, taken, strict=True):
            begin = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - begin)
    return [median(each) for each in taken]


def cost_of(start: Callable[[], subprocess.Popen[str]]) -> Cost:
    """Start a process, wait for it, and say what it took; it must succeed."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    sampled, ended = [0], threading.Event()
    with start() as process:

        def sample() -> None:
            while not ended.wait(SAMPLE_SECONDS):
                sampled.append(_memory(process.pid))

        sampling = threading.Thread(target=sample)
        sampling.start()
        try:
            printed = process.communicate()[0]
        except BaseException:
            process.terminate()
            raise
        finally:
            seconds = time.perf_counter() - begin
            ended.set()
            sampling.join()
    assert process.returncode == 0, printed
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(seconds, processor, max(sampled), printed)


def run_command(words: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end, and say what it took; it must succeed."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return cost_of(lambda: subprocess.Popen(words, cwd=folder, env=environment, **pipes))


def _memory(pid: int) -> int:
    """Sum up the memory of a process and all below it; what several share is divided among them (PSS)."""
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(_share(process.pid) for process in tree)


def _share(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        # It has ended meanwhile.
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def start_gate(here: RunFolder, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the gate as tox does: the server's data is where TMPDIR says, or else in memory."""
    # pytest's own folders are left alone by what looks for leftovers of a run.
    own = f"--basetemp={here.folder / 'pytest-of-bench'}"
    return here.start("-q", own, *NO_OTHERS, *arguments, TMPDIR=os.environ.get("TMPDIR", ""), **environment)


def run_gate(*arguments: str) -> tuple[Cost, list[Case]]:
    """Run the gate, or a part of it, in a process of its own; say what it took, and what each test did."""
    with run_folder("bench") as here:
        report = here.folder / "pytest-of-report.xml"
        took = cost_of(lambda: start_gate(here, f"--junitxml={report}", *arguments))
        return took, cases_of(report)


def cases_of(report: Path) -> list[Case]:
    """Read a JUnit report."""
    return [
        Case(
            each.attrib["classname"],
            each.attrib["name"],
            float(each.attrib["time"]),
            sum(int(of.attrib["value"]) for of in each.iter("property") if of.attrib["name"] == EXAMPLES),
        )
        for each in ElementTree.parse(report).iter("testcase")
    ]


def has_pgtap() -> bool:
    """Whether pgTAP and what runs it are here."""
    extensions = Path("/usr/share/postgresql/15/extension")
    return all(path.exists() for path in (DEBIAN / "postgres", PG_PROVE, extensions / "pgtap.control"))


def write(name: str, table: Table) -> None:
    """Put a table into the page, between its markers, and its pictures beside the page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    head, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    assert found, f"the page has no place for {name}"
    tail = rest.partition(end)[2]
    PAGE.write_text(f"{head}{begin}\n{table}\n{end}{tail}", encoding="utf-8")
    for file, content in table.pictures.items():
        PAGE.with_name(file).write_bytes(content)
