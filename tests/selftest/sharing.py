"""A plugin for a run of the gate on several new files, which share what the room tests/upgrade tries on each.

Of the cases of a test, each of n files gets every n-th, and one at least; together they get all. At a test that takes
long, and finds the same in each file's transaction, the files take turns.
"""

from collections import defaultdict
from collections.abc import Generator

import pytest

from tests.selftest.mutation.gate import function_of, migration_of

IN_TURNS = (
    "test_a_killed_server_is_no_harm",
    "test_a_series_of_stopped_runs_does_no_harm",
    "test_mixed_appliers_all_succeed",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Leave each file its share, of what the options leave."""
    yield
    groups: dict[tuple[str, str | None], list[pytest.Item]] = defaultdict(list)
    for item in items:
        groups[function_of(item), migration_of(item)].append(item)
    files = list(dict.fromkeys(file for _, file in groups if file is not None))
    chosen: set[pytest.Item] = set()
    for (test, file), cases in groups.items():
        if file is None:
            chosen.update(cases)
            continue
        number, name = files.index(file), test.rpartition("::")[2]
        if name not in IN_TURNS:
            chosen.update(cases[number % len(cases) :: len(files)])
        elif IN_TURNS.index(name) % len(files) == number:
            chosen.update(cases)
    items[:] = [item for item in items if item in chosen]
