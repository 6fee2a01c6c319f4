"""Would the gate notice? Tries every mutant of a contract's migration on it: `tox -e mutants`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness.core.paths import CONTRACTS, MIGRATIONS
from tests.harness.plugins.hypothesis import few_examples
from tests.harness.report import files
from tests.harness.report.files import BadFile
from tests.harness.report.run import Report, summed
from tests.harness.server.binaries import installation
from tests.harness.server.process import CannotStart
from tests.selftest.mutation.inputs import BadMutants
from tests.selftest.mutation.judging import Judge, JudgingServer, Task, with_the_gate
from tests.selftest.mutation.operators import mutants_of
from tests.selftest.mutation.progress import progress
from tests.selftest.mutation.subject import Mutant, Subject, rules, subjects
from tests.selftest.mutation.verdicts import BAD, Verdict, plan_for, read_ledger, report, summary, undefended, verdict

FAILED, CANNOT_RUN = 1, 3
# How many parameters of each test are tried on a mutant that its own clauses do not notice; and on the original, last.
SAMPLE = 2
# In how many parts the original is judged.
PARTS = 20
# The rule that a migration keeps by its closing check of the shape alone.
NO_SILENT_SUCCESS = "I9"


def main(words: list[str]) -> int:
    """Run, and return 0 if the gate noticed everything, 1 if not, 3 if that cannot be said."""
    options = _options(words)
    try:
        if options.report is not None:
            files.check(options.report)
        runs = [_run_of(subject, options) for subject in subjects(options.contract, options.migrations)]
        if not any(run.chosen for run in runs):
            raise BadMutants(f"there is no mutant or operator {options.mutant or 'at all'}; --list shows them all.")
    except BadMutants as fault:
        print(f"The mutants are wrong: {fault}")
        return CANNOT_RUN
    except BadFile as fault:
        print(f"--report {fault}")
        return CANNOT_RUN
    if options.list:
        for mutant in (mutant for run in runs for mutant in run.chosen):
            print(f"{mutant.id}  {mutant.place}  {mutant.name}  [{', '.join(mutant.falls)}]")
        return 0
    if not all(run.go() for run in runs if run.chosen):
        return CANNOT_RUN
    verdicts = [each for run in runs for each in run.verdicts]
    bad = any(each.word in BAD for each in verdicts)
    missing: list[str] = []
    if options.mutant is None and options.shard is None:
        missing = [line for run in runs for line in undefended(run.verdicts, run.subject.clauses)]
        # The rules for all tables are defended by the mutants of any.
        missing += undefended(verdicts, rules()) if options.contract == CONTRACTS else []
        print("\n".join([f"clauses that nothing defends: {len(missing)}", *missing]))
        bad = bad or bool(missing)
    if options.report is not None:
        made = summed([*(summary(run.verdicts, run.again) for run in runs), summary([], missing=missing)])
        try:
            files.write(Report([], made), options.report)
        except BadFile as fault:
            print(f"--report {fault}")
            return CANNOT_RUN
    return FAILED if bad else 0


def _run_of(subject: Subject, options: argparse.Namespace) -> _Run:
    mutants = mutants_of(subject)
    ledger = read_ledger(subject.contract / "mutants" / "equivalent.toml", mutants.values())
    chosen = list(mutants.values())
    if options.mutant is not None:
        chosen = [each for each in chosen if options.mutant in (each.id, each.operator)]
    elif options.shard is not None:
        number, total = options.shard
        chosen = chosen[number - 1 :: total]
    return _Run(options, subject, chosen, ledger)


@dataclass
class _Run:
    """One run over the chosen mutants of a contract's table."""

    options: argparse.Namespace
    subject: Subject
    chosen: list[Mutant]
    ledger: dict[str, str]
    verdicts: list[Verdict] = field(default_factory=list)

    def go(self) -> bool:
        """Judge the original, the mutants, and the original once more; return whether that could be done."""
        number = min(self.options.jobs, max(2, len(self.chosen)))
        with ExitStack() as stack:
            try:
                bindir = installation.usable(self.options.pg)
                servers = [stack.enter_context(closing(JudgingServer(bindir))) for _ in range(number)]
            except CannotStart as fault:
                print(f"The mutants cannot be judged: {fault}")
                return False
            return with_the_gate(self.subject, servers, self._judge)

    def _judge(self, judge: Judge) -> bool:
        gate, began = judge.gate, time.monotonic()
        few_examples(gate.items, settings.get_profile("mutants"))
        text = self.subject.text
        # Before, everything, so that its durations are known; after, a sample: is the server still what it was?
        if not self._is_green(judge, gate.items, self.subject.unchecked(text), has_shape_check=False):
            return False
        # Dealt, so that not all wait for locks at once.
        dealt = sorted(self.chosen, key=lambda each: each.digest)
        found = {each.mutant.id: each for each in self._tried(judge, dealt)}
        if not self._is_green(judge, gate.sample(SAMPLE), text):
            return False
        self.verdicts = [found[each.id] for each in self.chosen]
        seconds = time.monotonic() - began
        print("\n".join(report(self.verdicts, self.again)))
        print(f"{seconds:.0f} s, {60 * len(found) / seconds:.0f} mutants a minute, on {len(judge.servers)} servers")
        return True

    @property
    def again(self) -> str:
        """The options that try one of its mutants again."""
        migrations = "" if self.options.migrations == MIGRATIONS else f"--migrations {self.options.migrations} "
        return f"--contract {os.path.relpath(self.subject.contract)} {migrations}"

    def _is_green(self, judge: Judge, tests: Sequence[pytest.Item], text: str, *, has_shape_check: bool = True) -> bool:
        """Whether the tests are green on the original; without its closing check, those of I9 may be red."""
        gate, green = judge.gate, True
        parts = [tests[at::PARTS] for at in range(PARTS)]
        tasks = [Task("the original", self.subject.path, text, part, has_shape_check) for part in parts]
        with progress("the original", len(tasks)) as took:
            for _, judgement in judge.judge(tasks):
                took("parts")
                gate.durations |= judgement.durations
                failed = judgement.failed
                if not has_shape_check:
                    gate.need_the_shape_check |= {each.test for each in failed if NO_SILENT_SUCCESS in each.clauses}
                    failed = [each for each in failed if NO_SILENT_SUCCESS not in each.clauses]
                troubles = [f"{each.test}\n{each.message}" for each in failed] + judgement.errors + [judgement.invalid]
                if any(troubles):
                    green = False
                    print("The gate is not green on the original, so nothing can be said of mutants.")
                    print("\n".join(f"  {trouble}" for trouble in troubles if trouble))
        return green

    def _tried(self, judge: Judge, mutants: Sequence[Mutant]) -> Iterator[Verdict]:
        """Judge mutants, in this order."""
        by_id = {each.id: each for each in mutants}
        tasks = (
            Task(each.id, each.path, each.text, plan_for(each, parameters=self._depth(each)), each.has_shape_check)
            for each in mutants
        )
        with progress("mutants", len(mutants)) as took:
            for task, judgement in judge.judge(tasks):
                made = verdict(by_id[task.name], judgement, self.ledger)
                took(made.word)
                if self.options.verbose or made.word in BAD:
                    failed = "; ".join(each.test.split("::")[-1] for each in judgement.failed)
                    print(
                        f"{judgement.seconds:5.1f} s {made.word:16} {task.name}  {made.mutant.name}  {failed}",
                        flush=True,
                    )
                yield made

    def _depth(self, mutant: Mutant) -> int | None:
        """How many parameters of the other tests are tried: all, for a mutant that is asked for by its name."""
        if self.options.mutant is not None:
            return None
        return 0 if mutant.id in self.ledger else SAMPLE


def _shard(text: str) -> tuple[int, int]:
    number, _, total = text.partition("/")
    if not (number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise argparse.ArgumentTypeError("say it as 2/8: the second of eight parts")
    return int(number), int(total)


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tox -e mutants --", description=__doc__)
    add = parser.add_argument
    at_once = (os.cpu_count() or 1) + 1
    add("--contract", type=Path, default=CONTRACTS, help="a contract's folder, or one that holds several")
    add("--migrations", type=Path, default=MIGRATIONS, help="the folder with the migration that makes the table")
    add("--mutant", metavar="ID", help="this one alone, or all of one operator")
    add("--shard", metavar="N/OF", type=_shard, help="one part of them, so that several jobs share them")
    add("--jobs", type=int, default=at_once, help="how many at a time (default: one more than processors)")
    add("--pg", metavar="VERSION|BINDIR", help="the PostgreSQL to run, as for the gate")
    add("--list", action="store_true", help="list the mutants, and judge none")
    add("--report", metavar="FILE", type=Path, help="write what became of them, as the gate's --report does")
    add("--verbose", action="store_true", help="print every verdict as it comes")
    return parser.parse_args(words)


if __name__ == "__main__":
    # What is begun is ended, whichever signal comes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
