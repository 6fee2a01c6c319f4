"""Would the gate notice? Tries every mutant of the migration on it: `tox -e mutants`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness.core.paths import CONTRACTS, UPGRADE
from tests.harness.plugins.pages import read_page
from tests.harness.plugins.start import HINT_CHOSEN, HINT_EMBEDDED
from tests.harness.server.binaries import installation
from tests.harness.server.binaries.installation import checked
from tests.harness.server.process import CannotStart
from tests.selftest.mutation import report
from tests.selftest.mutation.cache import Cache
from tests.selftest.mutation.catalogue import mutants_of
from tests.selftest.mutation.decoration import decoration
from tests.selftest.mutation.judging import (
    LIMIT_SECONDS,
    Gate,
    Place,
    Task,
    clauses_of,
    few_examples,
    is_slow,
    judge,
    mutated_file,
    with_the_gate,
)
from tests.selftest.mutation.source import BadMutant, Mutant, Source, without_check
from tests.selftest.mutation.verdicts import BAD, BadLedger, Verdict, plan_for, plan_of, read_ledger, unshown, verdict

FAILED, CANNOT_RUN = 1, 3
# How many parameters of each test are tried on the original after the mutants.
SAMPLE = 2


def main(words: list[str]) -> int:
    """Run, and return 0 if the gate noticed everything, 1 if not, 3 if that cannot be said."""
    began = time.monotonic()
    options = _options(words)
    try:
        source = Source(mutated_file().read_text(encoding="utf-8"))
        mutants = mutants_of(source)
        ledger = read_ledger(mutants.values())
        chosen = _chosen(mutants, options)
    except (BadMutant, BadLedger) as fault:
        print(f"The mutants are wrong: {fault}")
        return CANNOT_RUN
    if options.list:
        for mutant in chosen:
            print(f"{mutant.id}  {mutant.place}  {mutant.name}  [{', '.join(mutant.falls)}]")
        return 0
    # What is begun is ended, whichever signal comes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as stack:
        try:
            places = _started(stack, min(options.jobs, max(2, len(chosen))), options.pg)
        except CannotStart as fault:
            print(f"The mutants cannot be judged: {fault}")
            return CANNOT_RUN
        run = _Run(options, source, chosen, ledger, places, began)
        status = with_the_gate(places, run.go)
    return run.status if status == 0 else CANNOT_RUN


def _started(stack: ExitStack, number: int, pg: str | None) -> list[Place]:
    """Start so many places side by side; the stack ends each that has begun. Raises CannotStart."""
    bindir = checked(installation.find(pg), HINT_EMBEDDED if pg is None else HINT_CHOSEN)
    starts: list[Future[Place]] = []

    def stop() -> None:
        for start in starts:
            if start.exception() is None:
                start.result().stop()

    stack.callback(stop)
    with ThreadPoolExecutor(number) as starting:
        starts += [starting.submit(Place, bindir) for _ in range(number)]
    return [start.result() for start in starts]


class _Run:
    """One run over the chosen mutants."""

    def __init__(
        self,
        options: argparse.Namespace,
        source: Source,
        chosen: list[Mutant],
        ledger: dict[str, str],
        places: list[Place],
        began: float,
    ) -> None:
        self.options = options
        self.source = source
        self.chosen = chosen
        self.ledger = ledger
        self.places = places
        self.status = CANNOT_RUN
        self.began = began

    def go(self, session: pytest.Session) -> None:
        """Judge the original, the mutants, and the original once more."""
        few_examples(session.items)
        gate = Gate(session.items, {})
        if lost := unshown(self.chosen, gate):
            print("\n".join(["The mutants are wrong:", *lost]))
            return
        bare = without_check(self.source.text)
        if not self._baseline(session, gate, bare, "before"):
            return
        verdicts = self._judged(session, gate)
        ornaments = decoration(session, gate, self.places, verdicts) if self._whole else []
        if not self._baseline(session, gate, self.source.text, "after"):
            return
        self._tell(gate, verdicts, ornaments)

    def _depth(self, mutant: Mutant) -> int | None:
        """How many parameters of the other tests are tried: all, for a mutant that is asked for by its name."""
        if self.options.mutant is not None:
            return None
        return 0 if mutant.id in self.ledger else SAMPLE

    @property
    def _whole(self) -> bool:
        return self.options.mutant is None and self.options.shard is None

    def _baseline(self, session: pytest.Session, gate: Gate, text: str, when: str) -> bool:
        """The gate must be green on the original; without its closing check, I9 alone may be red."""
        # Before, everything, so that its durations are known; after, a sample: is the server still what it was?
        items = gate.items if when == "before" else gate.quick(gate.sample(SAMPLE))
        files = gate.by_file(items)
        tasks = [Task(f"the original, {when}", text, plan_of(tests), to_the_end=True) for tests in files]
        if when == "before":
            tasks.append(Task("the original", self.source.text, plan_of(gate.of("I9")), to_the_end=True))
        green = True
        for task, judgement in judge(session, gate, self.places, tasks):
            gate.durations |= judgement.durations
            checked = task.text == self.source.text
            red = [each for each in judgement.red if checked or "I9" not in each.clauses]
            gate.excluded |= {each.test for each in judgement.red if not checked and "I9" in each.clauses}
            if red or judgement.errors or judgement.timed_out or judgement.stillborn:
                green = False
                print(f"The gate is not green on {task.name}, so nothing can be said of mutants.")
                lines = [f"{each.test}\n{each.message}" for each in red] + judgement.errors + [judgement.stillborn]
                lines += [f"A part of it was not done in {LIMIT_SECONDS} s."] * judgement.timed_out
                print("\n".join(f"  {line}" for line in lines if line))
        return green

    def _judged(self, session: pytest.Session, gate: Gate) -> list[Verdict]:
        cache = Cache(self.places[0].running.server.version)
        found: dict[str, Verdict] = {}
        for mutant in self.chosen if not self.options.no_cache else ():
            if (known := cache.find(mutant)) is not None:
                found[mutant.id] = known
        # The slow ones first, so that no place idles at the end, and dealt, so that not all wait for locks at once.
        left = [each for each in self.chosen if each.id not in found]
        left.sort(key=lambda each: (not is_slow(each.falls), each.digest))
        tasks = [
            Task(each.id, each.text, plan_for(each, parameters=self._depth(each)), file=each.file) for each in left
        ]
        by_id = {each.id: each for each in left}
        for task, judgement in judge(session, gate, self.places, tasks):
            found[task.name] = verdict(by_id[task.name], judgement, self.ledger)
            self._progress(found[task.name])
        verdicts = [found[each.id] for each in self.chosen]
        cache.keep(verdicts)
        return verdicts

    def _progress(self, each: Verdict) -> None:
        if self.options.verbose or each.word in BAD:
            red = "; ".join(red.test.split("::")[-1] for red in each.red)
            print(f"{each.seconds:5.1f} s {each.word:16} {each.mutant.id}  {each.mutant.name}  {red}", flush=True)

    def _tell(self, gate: Gate, verdicts: list[Verdict], ornaments: list[str]) -> None:
        for line in report.of(verdicts):
            print(line)
        bad = any(each.word in BAD for each in verdicts)
        if self._whole:
            tested = {clause for item in gate.items for clause in clauses_of(item)}
            missing = report.undefended(
                verdicts,
                read_page(CONTRACTS / "calculator2_sessions" / "CONTRACT.md").clauses
                | read_page(UPGRADE / "RULES.md").clauses,
                tested,
            )
            print("\n".join([f"clauses that nothing defends: {len(missing)}", *missing]))
            print(
                "\n".join(
                    [f"decoration, tests that no mutant of their clauses turns red: {len(ornaments)}", *ornaments]
                )
            )
            bad = bad or bool(missing)
        seconds = time.monotonic() - self.began
        fresh = sum(not each.cached for each in verdicts)
        print(f"{seconds:.0f} s, {60 * fresh / seconds:.0f} mutants a minute, on {len(self.places)} servers")
        if self.options.json:
            _write(self.options.json, verdicts)
        self.status = FAILED if bad else 0


def _write(path: Path, verdicts: list[Verdict]) -> None:
    rows = [
        {
            "id": each.mutant.id,
            "mutant": each.mutant.name,
            "file": each.mutant.file,
            "line": each.mutant.line,
            "verdict": each.word,
            "should fall": each.mutant.falls,
            "fell": sorted(each.fallen),
            "behavioural": each.by_behaviour,
            "red": [f"{red.test}\n{red.message}" for red in each.red],
            "remark": each.remark,
            "seconds": round(each.seconds, 2),
        }
        for each in verdicts
    ]
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _chosen(mutants: dict[str, Mutant], options: argparse.Namespace) -> list[Mutant]:
    if options.mutant is not None:
        chosen = [each for each in mutants.values() if each.id == options.mutant or each.operator == options.mutant]
        if not chosen:
            raise BadMutant(f"there is no mutant or operator {options.mutant}; --list shows them all.")
        return chosen
    if options.shard is not None:
        number, total = options.shard
        return list(mutants.values())[number - 1 :: total]
    return list(mutants.values())


def _shard(text: str) -> tuple[int, int]:
    number, _, total = text.partition("/")
    if not (number.isdigit() and total.isdigit() and 1 <= int(number) <= int(total)):
        raise argparse.ArgumentTypeError("say it as 2/8: the second of eight parts")
    return int(number), int(total)


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tox -e mutants --", description=__doc__)
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
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every verdict there")
    parser.add_argument("--list", action="store_true", help="list the mutants, and judge none")
    parser.add_argument("--verbose", action="store_true", help="print every verdict as it comes")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
