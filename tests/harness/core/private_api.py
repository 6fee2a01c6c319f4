"""The private parts of pytest and Hypothesis that are used, all of them: what to look at when either is upgraded."""

from typing import Any

import pytest
from _pytest.outcomes import OutcomeException
from _pytest.runner import runtestprotocol
from hypothesis import settings

__all__ = ["OutcomeException", "runtestprotocol", "settings_of", "tear_down_all", "use_settings"]


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
