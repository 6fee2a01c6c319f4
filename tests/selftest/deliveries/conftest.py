"""The migrations as events, in the same way as the room tests/upgrade has them."""

from tests.upgrade.conftest import case, databases, pytest_generate_tests, rows

__all__ = ["case", "databases", "pytest_generate_tests", "rows"]
