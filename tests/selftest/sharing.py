"""A plugin for a run of the gate on several new files, which share what the room tests/upgrade tries on each.

Of the cases of a test, each of n files gets every n-th, and together they get all. Of a contract of this repository,
whose cases the gate tries by itself, each test is tried once under each of the default privileges.
"""

from collections import defaultdict
from collections.abc import Generator

import pytest

from tests.harness.core.paths import CONTRACTS, UPGRADE
from tests.harness.core.private_api import parameters_of
from tests.selftest.mutation.gate import function_of, migration_of


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Leave each file its share, of what the options leave."""
    yield
    files = list(dict.fromkeys(name for item in items if (name := migration_of(item)) is not None))
    groups: dict[object, list[pytest.Item]] = defaultdict(list)
    chosen: set[pytest.Item] = set()
    for item in items:
        test, file = function_of(item), migration_of(item)
        if item.path.is_relative_to(UPGRADE) and file is not None:
            groups[test, file].append(item)
        elif item.path.is_relative_to(CONTRACTS):
            groups[test, parameters_of(item).get("default_privileges")] = [item]
        else:
            chosen.add(item)
    for its in groups.values():
        first = files.index(file) if (file := migration_of(its[0])) is not None else 0
        chosen.update(its[first % len(its) :: len(files)])
    items[:] = [item for item in items if item in chosen]
