"""The private parts of pytest, Hypothesis and psycopg that are used, all of them: to be read when one is upgraded."""

from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import OutcomeException
from _pytest.runner import runtestprotocol
from hypothesis import settings
from psycopg._queries import PostgresQuery

__all__ = [
    "OutcomeException",
    "PostgresQuery",
    "configure",
    "list_no_tests",
    "no_conftest_above",
    "parameters_of",
    "runtestprotocol",
    "settings_of",
    "tear_down_all",
    "use_settings",
]


def configure(config: pytest.Config) -> None:
    """Let the plugins read the options, as pytest does where it begins to collect."""
    config._do_configure()


def no_conftest_above(pluginmanager: Any, folder: Path) -> None:
    """Load no conftest.py, and collect nothing, above a folder."""
    is_in = pluginmanager._is_in_confcutdir
    pluginmanager._is_in_confcutdir = lambda path: path not in folder.parents and is_in(path)


def list_no_tests(terminalreporter: Any) -> None:
    """Keep --collect-only from listing the tests."""
    terminalreporter._printcollecteditems = lambda items: None


def parameters_of(item: Any) -> dict[str, Any]:
    """Return what `parametrize` gives a test, by name: a fixture that asks for one gets what stands there then."""
    callspec = getattr(item, "callspec", None)
    parameters: dict[str, Any] = {} if callspec is None else callspec.params
    return parameters


def settings_of(test: Any) -> settings:
    """Return the settings of a property."""
    own: settings = test._hypothesis_internal_use_settings
    return own


def use_settings(test: Any, new: settings) -> None:
    """Replace the settings of a property."""
    test._hypothesis_internal_use_settings = new


def tear_down_all(session: pytest.Session) -> None:
    """Tear down every fixture that is set up, as pytest does after the last test."""
    session._setupstate.teardown_exact(None)
