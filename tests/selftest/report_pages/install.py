"""The rules of accessibility that the page is held to, installed into the environment that runs this."""

import sys
from pathlib import Path

from tests.harness.server.binaries.npm import Packages

HERE = Path(__file__).parent
RULES = Packages("The rules of accessibility", HERE, Path(sys.prefix) / "report_pages")

if __name__ == "__main__":
    RULES.install()
