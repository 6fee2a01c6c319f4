"""The migrations as events, in the same way as the room tests/upgrade has them."""

from tests.upgrade.conftest import case, pytest_generate_tests, workshop

__all__ = ["case", "pytest_generate_tests", "workshop"]
