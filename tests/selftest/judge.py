"""A judge of whole texts of the migration: the gate's tests, collected once, and its server, asked again and again.

A process of its own, which reads a question from each line of its input, and ends when that does. A gate for each of
dozens of texts would take the time of everything else together, so the texts share one: each meets every test, in both
eras, but for a few that take long, and all of them together meet every parameter of all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.server.binaries import installation
from tests.selftest.mutation.judging import (
    Gate,
    Judgement,
    Place,
    Task,
    few_examples,
    function_of,
    judge,
    with_the_gate,
)
from tests.selftest.runs import clean_environment

# What is green on the contract is green on its first examples.
EXAMPLES = 10
# These take as long as all others together. The texts take turns at them.
LONG = frozenset(
    {
        "test_a_failure_anywhere_leaves_nothing",
        "test_a_killed_server_is_no_harm",
        "test_a_look_up_by_token_reads_no_more_than_its_index_needs",
        "test_a_run_completes_what_stopped_after_any_statement",
        "test_a_series_of_stopped_runs_does_no_harm",
        "test_a_stopped_transaction_leaves_nothing",
        "test_differences_are_mended_or_refused",
        "test_each_role_sees_its_own_after_every_step",
        "test_mixed_appliers_all_succeed",
        "test_no_single_difference_is_taken_for_success",
        "test_the_application_does_not_queue_behind_it",
    }
)


@dataclass(frozen=True)
class Question:
    """A text of the migration, which is number `turn` (from 0) of `turns` texts that share a gate."""

    text: str
    turn: int = 0
    turns: int = 1


@dataclass(frozen=True)
class Answer:
    """How many tests ran, which were red, with their words, and why the others said nothing, if so."""

    tests: int
    red: dict[str, str]
    trouble: str


@dataclass(frozen=True)
class Judge:
    """The process, to ask."""

    process: subprocess.Popen[str]

    def ask(self, question: Question) -> Answer:
        """Wait for the answer, which comes within the limit of a judgement."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(question)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the judge ended, with status {self.process.wait()}, and had not answered."
        return Answer(**json.loads(line))


@contextmanager
def sitting() -> Iterator[Judge]:
    """Let a judge sit; its server and folders are gone at the end."""
    command = [sys.executable, "-m", "tests.selftest.judge"]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Judge(process)


def share(items: Iterable[pytest.Item], turn: int, turns: int) -> list[pytest.Item]:
    """Choose this turn's tests: each under both default privileges, with some parameters; of the long ones, some."""
    heaps: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        test = function_of(item)
        callspec = getattr(item, "callspec", None)
        default_privileges = callspec.params.get("default_privileges") if callspec is not None else None
        heaps[LONG if test.rpartition("::")[2] in LONG else (test, default_privileges)].append(item)
    return [item for heap in heaps.values() for item in heap[turn % len(heap) :: turns]]


def _serve() -> int:
    place = Place(installation.find(None))

    def answer(session: pytest.Session) -> None:
        few_examples(session.items, EXAMPLES)
        gate = Gate(session.items, {})
        for _, judgement in judge(session, gate, [place], _tasks(session.items)):
            red = {each.test: each.message for each in judgement.red}
            trouble = [*judgement.errors, judgement.stillborn, "its time is up" * judgement.timed_out]
            print(json.dumps(asdict(Answer(judgement.tests, red, "\n".join(filter(None, trouble))))), flush=True)

    try:
        return with_the_gate([place], answer)
    finally:
        place.stop()


def _tasks(items: Sequence[pytest.Item]) -> Iterator[Task]:
    for line in sys.stdin:
        question = Question(**json.loads(line))
        chosen = share(items, question.turn, question.turns)

        def plan(gate: Gate, judgement: Judgement, chosen: list[pytest.Item] = chosen) -> Iterator[list[pytest.Item]]:
            yield gate.ordered(chosen)

        yield Task("a text", question.text, plan, to_the_end=True)


if __name__ == "__main__":
    sys.exit(_serve())
