"""Judges whole texts of a migration: the gate's tests, collected once, and a server, asked again and again.

A process of its own, which reads a question from each line of its input, and ends when that does. A gate for each of
dozens of texts would take the time of everything else together, so the texts share one: each meets every test, under
both default privileges, but for a few that take long, and all of them together meet every parameter of all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.harness.core.paths import ROOT
from tests.harness.server.binaries import installation
from tests.selftest.mutation.gate import Gate, few_examples, function_of, with_the_gate
from tests.selftest.mutation.judging import Judge, JudgingServer, Task
from tests.selftest.mutation.subject import Subject, subjects
from tests.selftest.mutation.verdicts import plan_of
from tests.selftest.runs import clean_environment

# What is green on the contract is green on its first examples.
EXAMPLES = 10
# These, and those that a contract names, take as long as all others together. The texts take turns at them.
SLOW_TESTS = frozenset(
    {
        "test_a_failure_anywhere_leaves_nothing",
        "test_a_killed_server_is_no_harm",
        "test_a_run_completes_what_stopped_after_any_statement",
        "test_a_series_of_stopped_runs_does_no_harm",
        "test_a_stopped_transaction_leaves_nothing",
        "test_differences_are_mended_or_refused",
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
    """How many tests ran, which failed, with their words, and why the others said nothing, if so."""

    tests: int
    failed: dict[str, str]
    trouble: str


@dataclass(frozen=True)
class JudgingProcess:
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
def judging(contract: Path) -> Iterator[JudgingProcess]:
    """Start a process that judges texts of the migration of a contract; its server and folders are gone at the end."""
    command = [sys.executable, "-m", "tests.selftest.judge", str(contract)]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield JudgingProcess(process)


def share(items: Iterable[pytest.Item], slow: Collection[str], turn: int, turns: int) -> list[pytest.Item]:
    """Choose this turn's tests: each under both default privileges, with some parameters; of the slow ones, some."""
    groups: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        test = function_of(item)
        callspec = getattr(item, "callspec", None)
        default_privileges = callspec.params.get("default_privileges") if callspec is not None else None
        groups["slow" if test.rpartition("::")[2] in slow else (test, default_privileges)].append(item)
    return [item for group in groups.values() for item in group[turn % len(group) :: turns]]


def _serve(subject: Subject) -> int:
    server = JudgingServer(installation.find(None))

    def answer(session: pytest.Session, gate: Gate) -> None:
        few_examples(gate.items, EXAMPLES)
        for _, judgement in Judge(subject, session, gate, [server]).judge(_tasks(subject, gate)):
            failed = {each.test: each.message for each in judgement.failed}
            trouble = [*judgement.errors, judgement.invalid, "its time is up" * judgement.timed_out]
            print(json.dumps(asdict(Answer(judgement.tests, failed, "\n".join(filter(None, trouble))))), flush=True)

    try:
        return with_the_gate(subject, server.running.server, answer)
    finally:
        server.stop()


def _tasks(subject: Subject, gate: Gate) -> Iterator[Task]:
    slow = {*SLOW_TESTS, *subject.inputs.slow_tests}
    unknown = slow - {function_of(item).rpartition("::")[2] for item in gate.items}
    assert not unknown, f"no test of the gate is called {', '.join(unknown)}"
    for line in sys.stdin:
        question = Question(**json.loads(line))
        chosen = share(gate.items, slow, question.turn, question.turns)
        yield Task("a text", subject.path, question.text, plan_of(chosen), to_the_end=True)


if __name__ == "__main__":
    sys.exit(_serve(*subjects(Path(sys.argv[1]))))
