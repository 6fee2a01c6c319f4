"""Judges whole texts of a migration: the gate's tests, collected once, and a server, asked again and again.

A process of its own, as pytest runs in it; it ends when its pipe is closed. The texts share a gate: each meets every
test, but for a few that take long; all together meet every parameter of all.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness.plugins.hypothesis import few_examples
from tests.harness.server.binaries import installation
from tests.selftest.mutation.gate import Gate, function_of
from tests.selftest.mutation.judging import Judge, Judgement, JudgingServer, Task, with_the_gate
from tests.selftest.mutation.subject import Subject, subjects
from tests.selftest.runs import clean_environment

# What is green on the contract is green on its first examples.
EXAMPLES = 10
# Judges a text of the migration, which is number `turn` (from 0) of `turns` texts that share a gate.
Ask = Callable[[str, int, int], Judgement]


@contextmanager
def judging(contract: Path) -> Iterator[Ask]:
    """Start a process that judges texts of the migration of a contract; its server and folders are gone at the end."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(contract, there))
    process.start()
    there.close()

    def ask(text: str, turn: int, turns: int) -> Judgement:
        here.send((text, turn, turns))
        judgement: Judgement = here.recv()
        return judgement

    try:
        yield ask
    finally:
        here.close()
        process.join()


def share(items: Iterable[pytest.Item], slow: Collection[str], turn: int, turns: int) -> list[pytest.Item]:
    """Choose this turn's tests: each with some of its parameters; of the slow ones, some."""
    groups: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        test = function_of(item)
        groups["slow" if test.rpartition("::")[2] in slow else test].append(item)
    return [item for group in groups.values() for item in group[turn % len(group) :: turns]]


def _serve(contract: Path, pipe: Connection) -> None:
    for name in {*os.environ} - {*clean_environment()}:
        del os.environ[name]
    (subject,) = subjects(contract)

    def answer(judge: Judge) -> bool:
        few_examples(judge.gate.items, settings.get_profile("mutants"), EXAMPLES)
        for _, judgement in judge.judge(_tasks(subject, judge.gate, pipe)):
            pipe.send(judgement)
        return True

    with closing(JudgingServer(installation.find(None))) as server:
        with_the_gate(subject, [server], answer)


def _tasks(subject: Subject, gate: Gate, pipe: Connection) -> Iterator[Task]:
    slow = {*subject.inputs.slow_tests}
    unknown = slow - {function_of(item).rpartition("::")[2] for item in gate.items}
    assert not unknown, f"no test of the gate is called {', '.join(unknown)}"
    with suppress(EOFError):
        while True:
            text, turn, turns = pipe.recv()
            yield Task("a text", subject.path, text, share(gate.items, slow, turn, turns))
