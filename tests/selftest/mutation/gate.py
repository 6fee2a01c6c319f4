"""The tests that judge a table's mutants: found by clause, in the order in which they find most in the least time."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.harness.core import private_api
from tests.harness.plugins.clauses import ids_of

# A test that takes longer is tried on the mutants of its own clauses alone, unless all are asked for.
QUICK_SECONDS = 0.5


class Gate:
    """The tests that judge a subject, found by clause."""

    def __init__(self, items: Sequence[pytest.Item]) -> None:
        """Take what was collected."""
        self.items = items
        self.durations: dict[str, float] = {}
        # Without the closing check of the shape these fail on the original.
        self.need_the_shape_check: set[str] = set()
        self.by_clause: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            for clause in ids_of(item):
                self.by_clause[clause].append(item)

    def ordered(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """Keep modules together, for their fixtures; in each, try one parameter of every test, then the next one."""
        costs: list[tuple[float, pytest.Item]] = []
        modules: dict[Path, float] = defaultdict(lambda: float("inf"))
        for rank, item in _ranked(each for each in items if each.nodeid not in self.need_the_shape_check):
            cost = rank * 0.02 + self.durations.get(item.nodeid, 0.05)
            costs.append((cost, item))
            modules[item.path] = min(modules[item.path], cost)
        costs.sort(key=lambda each: (modules[each[1].path], str(each[1].path), each[0], each[1].nodeid))
        return [item for _, item in costs]

    def sample(self, parameters: int) -> list[pytest.Item]:
        """List every test, with so many parameters of each at most."""
        return [item for rank, item in _ranked(self.items) if rank < parameters]

    def quick(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """Leave out the tests that are known to take long."""
        return [item for item in items if self.durations.get(item.nodeid, 0) < QUICK_SECONDS]


def _ranked(items: Iterable[pytest.Item]) -> Iterator[tuple[int, pytest.Item]]:
    """Number the parameters of each test."""
    ranks: dict[str, Iterator[int]] = defaultdict(itertools.count)
    return ((next(ranks[function_of(item)]), item) for item in items)


def function_of(item: pytest.Item) -> str:
    """A test without its parameters."""
    return item.nodeid.split("[")[0]


def migration_of(item: pytest.Item) -> str | None:
    """The name of the migration that a test of the upgrade room is about."""
    migration = private_api.parameters_of(item).get("migration")
    return None if migration is None else str(migration.name)
