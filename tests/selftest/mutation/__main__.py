"""Would the gate notice? Tries every mutant of a contract's migration on it: `tox -e mutants`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.harness.core.paths import CONTRACTS, MIGRATIONS
from tests.harness.plugins.start import HINT_CHOSEN, HINT_EMBEDDED
from tests.harness.server.binaries import installation
from tests.harness.server.binaries.installation import checked
from tests.harness.server.process import CannotStart
from tests.selftest.mutation import report
from tests.selftest.mutation.cache import Cache
from tests.selftest.mutation.gate import few_examples, is_slow, with_the_gate
from tests.selftest.mutation.judging import LIMIT_SECONDS, Judge, JudgingServer, Task
from tests.selftest.mutation.mutant import BadMutant, Mutant
from tests.selftest.mutation.registry import mutants_of
from tests.selftest.mutation.subject import BadSubject, Subject, rules, subjects
from tests.selftest.mutation.verdicts import (
    BAD,
    BadLedger,
    Verdict,
    plan_for,
    plan_of,
    read_ledger,
    verdict,
    without_first_test,
)

FAILED, CANNOT_RUN = 1, 3
# How many parameters of each test are tried on the original after the mutants.
SAMPLE = 2
# The rule that a migration keeps by its closing check of the shape alone.
NO_SILENT_SUCCESS = "I9"


def main(words: list[str]) -> int:
    """Run, and return 0 if the gate noticed everything, 1 if not, 3 if that cannot be said."""
    options = _options(words)
    try:
        runs = [_run_of(subject, options) for subject in subjects(options.contract, options.migrations)]
        if not any(run.chosen for run in runs):
            raise BadMutant(f"there is no mutant or operator {options.mutant or 'at all'}; --list shows them all.")
    except (BadSubject, BadMutant, BadLedger) as fault:
        print(f"The mutants are wrong: {fault}")
        return CANNOT_RUN
    if options.list:
        for mutant in (mutant for run in runs for mutant in run.chosen):
            print(f"{mutant.id}  {mutant.place}  {mutant.name}  [{', '.join(mutant.falls)}]")
        return 0
    # What is begun is ended, whichever signal comes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    for run in runs:
        if run.chosen and (status := run.go()) != 0:
            return status
    verdicts = [each for run in runs for each in run.verdicts]
    bad = any(each.word in BAD for each in verdicts)
    if options.mutant is None and options.shard is None:
        missing = [line for run in runs for line in report.undefended(run.verdicts, run.subject.clauses)]
        # The rules for all tables are defended by the mutants of any.
        missing += report.undefended(verdicts, rules()) if options.contract == CONTRACTS else []
        print("\n".join([f"clauses that nothing defends: {len(missing)}", *missing]))
        bad = bad or bool(missing)
    return FAILED if bad else 0


def _run_of(subject: Subject, options: argparse.Namespace) -> _Run:
    mutants = mutants_of(subject)
    ledger = read_ledger(subject.contract / "mutants" / "equivalent.toml", mutants.values())
    return _Run(options, subject, _chosen(mutants, options), ledger)


@dataclass
class _Run:
    """One run over the chosen mutants of a contract's table."""

    options: argparse.Namespace
    subject: Subject
    chosen: list[Mutant]
    ledger: dict[str, str]
    verdicts: list[Verdict] = field(default_factory=list)
    done: bool = False

    def go(self) -> int:
        """Judge the original, the mutants, and the original once more; return 3 if that cannot be done."""
        with ExitStack() as stack:
            try:
                number = min(self.options.jobs, max(2, len(self.chosen)))
                servers = _started(stack, number, self.options.pg)
            except CannotStart as fault:
                print(f"The mutants cannot be judged: {fault}")
                return CANNOT_RUN
            server = servers[0].running.server
            status = with_the_gate(
                self.subject, server, lambda session, gate: self._judge(Judge(self.subject, session, gate, servers))
            )
        return 0 if self.done and status == 0 else CANNOT_RUN

    def _judge(self, judge: Judge) -> None:
        gate, began = judge.gate, time.monotonic()
        few_examples(gate.items)
        if lost := without_first_test(self.chosen, gate):
            print("\n".join(["The mutants are wrong:", *lost]))
            return
        # Before, everything, so that its durations are known; after, a sample: is the server still what it was?
        text, unchecked = self.subject.text, self.subject.unchecked(self.subject.text)
        if not self._is_green(judge, gate.items, unchecked, has_shape_check=text == unchecked):
            return
        if not self._is_green(judge, gate.of(NO_SILENT_SUCCESS), text):
            return
        self._try(judge)
        if not self._is_green(judge, gate.quick(gate.sample(SAMPLE)), text):
            return
        print("\n".join(report.of(self.verdicts)))
        seconds = time.monotonic() - began
        fresh = sum(not each.cached for each in self.verdicts)
        print(f"{seconds:.0f} s, {60 * fresh / seconds:.0f} mutants a minute, on {len(judge.servers)} servers")
        self.done = True

    def _depth(self, mutant: Mutant) -> int | None:
        """How many parameters of the other tests are tried: all, for a mutant that is asked for by its name."""
        if self.options.mutant is not None:
            return None
        return 0 if mutant.id in self.ledger else SAMPLE

    def _is_green(self, judge: Judge, tests: Sequence[pytest.Item], text: str, *, has_shape_check: bool = True) -> bool:
        """Whether the tests are green on the original; without its closing check, those of I9 may be red."""
        gate, green = judge.gate, True
        tasks = [
            Task("the original", self.subject.path, text, plan_of(part), True, has_shape_check)
            for part in gate.by_file(tests)
        ]
        for _, judgement in judge.judge(tasks):
            gate.durations |= judgement.durations
            failed = judgement.failed
            if not has_shape_check:
                gate.need_the_shape_check |= {each.test for each in failed if NO_SILENT_SUCCESS in each.clauses}
                failed = [each for each in failed if NO_SILENT_SUCCESS not in each.clauses]
            troubles = [f"{each.test}\n{each.message}" for each in failed] + judgement.errors + [judgement.invalid]
            troubles += [f"A part of it was not done in {LIMIT_SECONDS} s."] * judgement.timed_out
            if any(troubles):
                green = False
                print("The gate is not green on the original, so nothing can be said of mutants.")
                print("\n".join(f"  {trouble}" for trouble in troubles if trouble))
        return green

    def _try(self, judge: Judge) -> None:
        """Judge the mutants whose kills are not known from an earlier run."""
        cache = Cache(self.subject, judge.servers[0].running.server.version)
        found: dict[str, Verdict] = {}
        for mutant in self.chosen if not self.options.no_cache else ():
            if (known := cache.find(mutant)) is not None:
                found[mutant.id] = known
        # The slow ones first, so that no server idles at the end, and dealt, so that not all wait for locks at once.
        left = {each.id: each for each in self.chosen if each.id not in found}
        tasks = [
            Task(
                each.id,
                each.path,
                each.text,
                plan_for(each, parameters=self._depth(each)),
                has_shape_check=each.has_shape_check,
            )
            for each in sorted(left.values(), key=lambda each: (not is_slow(each.falls), each.digest))
        ]
        for task, judgement in judge.judge(tasks):
            made = found[task.name] = verdict(left[task.name], judgement, self.ledger)
            if self.options.verbose or made.word in BAD:
                failed = "; ".join(each.test.split("::")[-1] for each in made.failed)
                print(
                    f"{made.seconds:5.1f} s {made.word:16} {made.mutant.id}  {made.mutant.name}  {failed}", flush=True
                )
        self.verdicts = [found[each.id] for each in self.chosen]
        cache.keep(self.verdicts)


def _started(stack: ExitStack, number: int, pg: str | None) -> list[JudgingServer]:
    """Start so many servers side by side; the stack ends each that has begun. Raises CannotStart."""
    bindir = checked(installation.find(pg), HINT_EMBEDDED if pg is None else HINT_CHOSEN)
    starts: list[Future[JudgingServer]] = []

    def stop() -> None:
        for start in starts:
            if start.exception() is None:
                start.result().stop()

    stack.callback(stop)
    with ThreadPoolExecutor(number) as starting:
        starts += [starting.submit(JudgingServer, bindir) for _ in range(number)]
    return [start.result() for start in starts]


def _chosen(mutants: dict[str, Mutant], options: argparse.Namespace) -> list[Mutant]:
    every = list(mutants.values())
    if options.mutant is not None:
        return [each for each in every if options.mutant in (each.id, each.operator)]
    if options.shard is not None:
        number, total = options.shard
        return every[number - 1 :: total]
    return every


def _shard(text: str) -> tuple[int, int]:
    number, _, total = text.partition("/")
    if not (number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise argparse.ArgumentTypeError("say it as 2/8: the second of eight parts")
    return int(number), int(total)


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tox -e mutants --", description=__doc__)
    parser.add_argument(
        "--contract",
        metavar="DIR",
        type=Path,
        default=CONTRACTS,
        help="a contract's folder, or one that holds several (default: tests/contract)",
    )
    parser.add_argument(
        "--migrations",
        metavar="DIR",
        type=Path,
        default=MIGRATIONS,
        help="the folder with the migration that makes the table (default: migrations/)",
    )
    parser.add_argument("--mutant", metavar="ID", help="this one alone, or all of one operator")
    parser.add_argument(
        "--shard", metavar="N/OF", type=_shard, help="one part of them, so that several jobs share them"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=(os.cpu_count() or 1) + 1,
        help="how many at a time (default: one more than processors)",
    )
    parser.add_argument("--pg", metavar="VERSION|BINDIR", help="the PostgreSQL to run, as for the gate")
    parser.add_argument("--no-cache", action="store_true", help="judge those too whose kill is known")
    parser.add_argument("--list", action="store_true", help="list the mutants, and judge none")
    parser.add_argument("--verbose", action="store_true", help="print every verdict as it comes")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
