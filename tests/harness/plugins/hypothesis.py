"""The profiles of Hypothesis, and the count of examples of each test."""

from collections.abc import Callable, Generator
from functools import wraps
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
    report_multiple_bugs=False,
)
settings.load_profile("gate")


class Counter:
    """Counts the examples of one test."""

    def __init__(self, item: pytest.Item) -> None:
        """Start at zero."""
        self.item = item
        self.count = 0

    def counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what runs once an example."""

        @wraps(call)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            next_example(self.item)
            return call(*args, **kwargs)

        return counted


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> Counter:
    """The counter of this test, for a state machine, whose examples no wrapper sees."""
    return _counter(request.node)


def _counter(item: pytest.Item) -> Counter:
    return item.stash.setdefault(_COUNTER, Counter(item))


_COUNTER = pytest.StashKey[Counter]()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Count the examples of a property, and let the report carry the number."""
    counter = _counter(pyfuncitem)
    handle = pyfuncitem.obj.hypothesis if is_hypothesis_test(pyfuncitem.obj) else None
    if handle is None:
        try:
            return (yield)
        finally:
            _report(pyfuncitem, counter)
    original = handle.inner_test
    handle.inner_test = counter.counting(original)
    try:
        return (yield)
    finally:
        handle.inner_test = original
        _report(pyfuncitem, counter)


def _report(item: pytest.Item, counter: Counter) -> None:
    if counter.count:
        item.user_properties.append((EXAMPLES, counter.count))
