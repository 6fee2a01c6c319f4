"""Fetch PostgreSQL 13 to 17: python -m tests.harness.server.binaries.postgresql."""

from tests.harness.server.binaries.postgresql import fetch

if __name__ == "__main__":
    fetch()
