"""A plugin for a run of the gate on other files beside this repository's table, whose contract has to hold there too.

Each of its tests is tried once for each of its clauses, under each of the default privileges: all its cases are tried
by the gate.
"""

from collections.abc import Generator

import pytest

from tests.harness.core.paths import CONTRACTS
from tests.harness.core.private_api import parameters_of
from tests.harness.plugins.clauses import ids_of
from tests.selftest.mutation.gate import function_of


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Leave the first case of each, of what the options leave."""
    yield
    chosen: dict[tuple[object, ...], pytest.Item] = {}
    for item in items:
        is_of_the_contract = item.path.is_relative_to(CONTRACTS)
        test = function_of(item) if is_of_the_contract else item.nodeid
        chosen.setdefault((test, *ids_of(item), parameters_of(item).get("default_privileges")), item)
    items[:] = chosen.values()
