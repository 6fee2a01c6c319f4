"""A plugin for a run of the gate: its server may take little."""

import pytest

from tests.harness.plugins.stash import RUN_LIMITS
from tests.harness.server.limits import Limits


def pytest_configure(config: pytest.Config) -> None:
    """Leave it what each worker adds."""
    config.stash[RUN_LIMITS] = Limits(folder=0)
