"""A test under which Ctrl-C comes while Python collects garbage, as Hypothesis has a callback there."""

import gc
from typing import Any

import pytest


@pytest.mark.clause("I1")
def test_interrupted() -> None:
    """It passes by itself."""

    def interrupted(phase: str, info: dict[str, Any]) -> None:
        gc.callbacks.remove(interrupted)
        raise KeyboardInterrupt

    gc.callbacks.append(interrupted)
    gc.collect()
