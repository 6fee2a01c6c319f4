"""The profiles of Hypothesis, and the count of examples of each test."""

import re
from collections.abc import Callable, Collection, Generator, Iterable
from functools import partial, wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings

from tests.harness.core import private_api
from tests.harness.plugins.timeouts import next_example

# A failure is shown at the line of the test, not in here.
__tracebackhide__ = True

EXAMPLES = "examples"
# How Hypothesis shows a counterexample, in the notes of what a test raised.
FAILING = re.compile(r"^Failing test case: \w+\(\n(?P<arguments>.*?)^\)$", re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"^    (?P<name>\w+)=.*?\n(?=    \w|\Z)", re.MULTILINE | re.DOTALL)
BLOB = re.compile(r"@reproduce_failure\(.*\)")

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
    max_examples=1000,
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
# For a verdict while one writes: what is found is small.
settings.register_profile("quick", settings.get_profile("gate"), max_examples=8, stateful_step_count=10)
settings.load_profile("gate")


def few_examples(items: Iterable[pytest.Item], profile: settings, at_most: int | None = None) -> None:
    """Let the profile's number of examples, or a smaller one, bound the tests too that ask for one of their own."""
    for item in items:
        function: Any = getattr(item, "obj", None)
        if function is not None and is_hypothesis_test(function):
            number = min(private_api.settings_of(function).max_examples, at_most or profile.max_examples)
            private_api.use_settings(function, settings(profile, max_examples=number))


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


def pasteable(notes: Iterable[str], given: Collection[str]) -> str | None:
    """Return the decorator that tries a counterexample again: its values, or where a test draws them itself, its bytes.

    Not what is `given` by a fixture or a parameter.
    """
    text = "\n".join(notes)
    if (failing := FAILING.search(text)) is None:
        return None
    drawn = "".join(each[0] for each in ARGUMENT.finditer(failing["arguments"]) if each["name"] not in given)
    if drawn and "=data(...)" not in drawn:
        return f"@example(\n{drawn})"
    return blob[0] if (blob := BLOB.search(text)) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the gate looks further, at random, add to a failure what lets the gate look there each time."""
    report = yield
    if call.excinfo is not None and item.config.getoption("--hypothesis-profile") == "explore":
        notes = getattr(call.excinfo.value, "__notes__", ())
        if decorator := pasteable(notes, getattr(item, "fixturenames", ())):
            report.sections.append(("To try it each time, paste above the test", decorator))
    return report


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
