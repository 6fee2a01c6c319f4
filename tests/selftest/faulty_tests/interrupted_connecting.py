"""A test under which Ctrl-C comes while a connection is opened: psycopg drops it then, and does not close it."""

import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.server.lifecycle import Server


@pytest.mark.clause("I1")
def test_interrupted(server: Server) -> None:
    """It leaves a connection unclosed, and is interrupted."""
    server.connect(SUPERUSER)
    raise KeyboardInterrupt
