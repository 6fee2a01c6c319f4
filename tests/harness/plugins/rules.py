"""Which rules a run asks for: those that hold always, and those of house style where gate.toml asks for them."""

import pytest

from tests.harness.core.paths import ACCESS, UPGRADE
from tests.harness.core.private_api import parameters_of
from tests.harness.migrations.files import Migration
from tests.harness.migrations.settings import ALL
from tests.harness.migrations.statements import is_alone
from tests.harness.plugins.clauses import ids_of
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import RULES, read_page
from tests.harness.plugins.stash import FOLDER, MIGRATIONS

MARKERS = {
    "asked_for": "the rule is of house style: it is tried where gate.toml asks for it",
    "alone": "what only a file must keep whose one statement can be in no transaction",
    "in_a_transaction": "the file is run in a transaction, or again: not tried on a file that can be in none",
}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and refuse a rule that there is not."""
    for name, words in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {words}")
    if FOLDER in config.stash and (asked_for := config.stash[FOLDER].settings.asked_for) not in (ALL, frozenset()):
        known = {each for room in (UPGRADE, ACCESS) for each in read_page(room / RULES).clauses}
        if unknown := sorted(set(asked_for) - known):
            file, rules = config.stash[FOLDER].settings.file, ", ".join(unknown)
            raise pytest.UsageError(MESSAGES["no_rule"].format(file=file, rules=rules))


@pytest.hookimpl
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of rules that are asked for; of a file's rules, those that fit the file."""
    settings = config.stash[FOLDER].settings
    left: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        migration = parameters_of(item).get("migration")
        is_asked_for = item.get_closest_marker("asked_for") is None or any(map(settings.asks_for, ids_of(item)))
        if "migration" not in getattr(item, "fixturenames", ()) or isinstance(migration, Migration):
            marker = "in_a_transaction" if migration is not None and is_alone(migration) else "alone"
            fits = item.get_closest_marker(marker) is None
        else:
            # There is no new file.
            fits = False
        (left if is_asked_for and fits else others).append(item)
    config.hook.pytest_deselected(items=others)
    # File by file: what a file is tried on is then made once.
    migrations = config.stash[MIGRATIONS]
    order: dict[object, int] = {migration: number for number, migration in enumerate(migrations)}
    items[:] = sorted(left, key=lambda item: order.get(parameters_of(item).get("migration"), -1))
