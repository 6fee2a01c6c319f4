"""The option --quick: a selection of the tests, at few examples, for a verdict in seconds; what it left out is told."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.harness.core.paths import UPGRADE
from tests.harness.core.private_api import parameters_of
from tests.harness.plugins.clauses import clauses_of, reports_of, values_of
from tests.harness.plugins.hypothesis import few_examples
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import CONTRACT, find_page
from tests.harness.plugins.stash import REFUSAL

PROFILE = "quick"
# Of a new file, what is read in it, or seen while it is applied once: that it applies twice, each run begins with.
OF_A_FILE = ("test_hygiene.py", "test_locks.py", "test_versions.py")
# Of a contract, what reads the catalog, and what acts in a transaction on the database that tests share: nothing is
# copied, committed or started. Of each that acts, so many parameters at most, with each value once while there is room.
READING, ACTING, COMMITTING = "catalog_session", "session", {"own_database", "created_by"}
MOST_PARAMETERS = 6
# A property of a test's report: the clauses that no test of the selection is about.
NOT_LOOKED_AT = "not looked at"


def pytest_configure(config: pytest.Config) -> None:
    """Take the profile, unless another one is named."""
    if config.option.quick and not config.getoption("--hypothesis-profile", None):
        settings.load_profile(PROFILE)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Leave the selection, of what the other options leave."""
    yield
    if not config.option.quick:
        return
    chosen = list(selection(items))
    few_examples(chosen, settings())
    if left_out := {*_labels(items)} - {*_labels(chosen)}:
        for item in chosen[:1]:
            item.user_properties.append((NOT_LOOKED_AT, _listed(left_out)))
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _labels(items: Iterable[pytest.Item]) -> Iterator[str]:
    return (clause.label for item in items for clause in clauses_of(item))


def _listed(labels: Iterable[str]) -> str:
    """Write clauses, those of a table behind its name."""
    of: dict[str, list[str]] = defaultdict(list)
    for label in sorted(labels, key=lambda each: (each.rstrip("0123456789"), len(each), each)):
        table, _, name = label.rpartition(" ")
        of[table].append(name)
    return ", ".join(" ".join([*([table] if table else []), *names]) for table, names in of.items())


def selection(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the tests that --quick runs, in their order."""
    number: dict[str, int] = defaultdict(int)
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in items:
        test, fixtures = item.nodeid.partition("[")[0], {*getattr(item, "fixturenames", ())}
        if not isinstance(item, pytest.Function):
            # It stands in the place of others, with what is to be told.
            yield item
        elif find_page(item.path).path.name == CONTRACT:
            values = {(name, repr(value)) for name, value in parameters_of(item).items()}
            is_new = number[test] == 0 or (number[test] < MOST_PARAMETERS and values - seen[test])
            if not fixtures & COMMITTING and (READING in fixtures or (ACTING in fixtures and is_new)):
                number[test] += 1
                seen[test] |= values
                yield item
        elif not item.path.is_relative_to(UPGRADE) or item.path.name in OF_A_FILE:
            yield item


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was not looked at; where the files do not apply, nothing was."""
    reports = reports_of(terminalreporter, "passed", "failed")
    if config.option.quick and reports and REFUSAL not in config.stash:
        terminalreporter.section("quick")
        for left_out in [text for report in reports for text in values_of(report, NOT_LOOKED_AT)][:1]:
            terminalreporter.line(MESSAGES["not_looked_at"].format(clauses=left_out))
        words = MESSAGES["quick"].format(examples=settings().max_examples, parameters=MOST_PARAMETERS)
        terminalreporter.line(words)
