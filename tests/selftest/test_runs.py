"""Runs of the gate, each a table of samples/runs/: how it ends, what a person sees of it, and that nothing is left."""

import pytest

from tests.selftest.runs import RunCase, run_cases


@pytest.mark.parametrize(
    ("case", "workers"),
    [
        pytest.param(case, workers, id=f"{name} with {workers} workers" if len(case.workers) > 1 else name)
        for name, case in run_cases().items()
        for workers in case.workers
    ],
)
def test_a_run_ends_as_it_must(case: RunCase, workers: str) -> None:
    """Its status is the one that is documented, a sentence says why where it is not 0, and there is no traceback."""
    case.check("-n", workers)
