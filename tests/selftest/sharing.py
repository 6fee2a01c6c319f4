"""A plugin for a run of the gate on several new files, which share what the room tests/upgrade tries on each.

Of the cases of a test, each of n files gets every n-th, and one at least; together they get all.
"""

from collections import defaultdict
from collections.abc import Generator

import pytest

from tests.selftest.mutation.gate import function_of, migration_of


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Leave each file its share, of what the options leave."""
    yield
    groups: dict[tuple[str, str | None], list[pytest.Item]] = defaultdict(list)
    for item in items:
        groups[function_of(item), migration_of(item)].append(item)
    files = list(dict.fromkeys(file for _, file in groups if file is not None))
    chosen: set[pytest.Item] = set()
    for (_, file), cases in groups.items():
        chosen.update(cases if file is None else cases[files.index(file) % len(cases) :: len(files)])
    items[:] = [item for item in items if item in chosen]
