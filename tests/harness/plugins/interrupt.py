"""Ends the run at Ctrl-C wherever it comes, without a traceback."""

import warnings
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Generator[None]:
    """Raise it again where it came in a callback, as of garbage collection: there, Python drops what is raised.

    pytest would report it as the failure of a test, which is a broken clause, and go on.
    """
    try:
        return (yield)
    except BaseException as raised:
        if isinstance(raised.__cause__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise


pytest_runtest_call = pytest_runtest_teardown = pytest_runtest_setup


def pytest_keyboard_interrupt() -> None:
    """Take what is left half done for no fault: psycopg drops the connection that it was opening, and Python warns."""
    warnings.simplefilter("ignore", pytest.PytestUnraisableExceptionWarning)
