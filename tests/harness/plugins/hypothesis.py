"""The profiles of Hypothesis, and the count of examples of each test."""

from collections.abc import Callable, Generator
from functools import partial, wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings

from tests.harness.plugins.timeouts import next_example

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

EXAMPLES = "examples"

settings.register_profile(
    "gate",
    derandomize=True,
    database=None,
    deadline=None,
    # A failure is shrunk, but not explained: which lines of the driver ran explains nothing.
    phases=set(Phase) - {Phase.explain},
    report_multiple_bugs=False,
    max_examples=178,
    stateful_step_count=20,
    # Every example runs in a savepoint of its own, so a fixture for the whole test is what we want.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    settings.get_profile("gate"),
    derandomize=False,
    max_examples=5000,
    stateful_step_count=60,
    print_blob=True,
)
# For mutants, of which there are hundreds: a failure need not be small.
settings.register_profile(
    "mutants",
    settings.get_profile("gate"),
    max_examples=30,
    stateful_step_count=12,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("gate")


Counting = Callable[[Callable[..., Any]], Callable[..., Any]]
_COUNT = pytest.StashKey[int]()


def _counting(item: pytest.Item, call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what runs once an example of a test, so that it is counted."""

    @wraps(call)
    def counted(*args: Any, **kwargs: Any) -> Any:
        item.stash[_COUNT] = item.stash.get(_COUNT, 0) + 1
        next_example(item)
        return call(*args, **kwargs)

    return counted


@pytest.fixture
def counting(request: pytest.FixtureRequest) -> Counting:
    """Count the examples of a state machine, which are made of what this wraps."""
    return partial(_counting, request.node)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Count the examples of a property, and let the report carry the number."""
    handle = pyfuncitem.obj.hypothesis if is_hypothesis_test(pyfuncitem.obj) else None
    with pytest.MonkeyPatch.context() as patch:
        if handle is not None:
            patch.setattr(handle, "inner_test", _counting(pyfuncitem, handle.inner_test))
        try:
            return (yield)
        finally:
            if count := pyfuncitem.stash.get(_COUNT, 0):
                pyfuncitem.user_properties.append((EXAMPLES, count))
