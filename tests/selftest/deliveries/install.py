"""The real tools, installed into the environment that runs this; nothing goes into the source tree.

The lock holds the Supabase CLI's binary for Linux on x86-64 alone: that is where its hash was seen.
"""

import sys
from pathlib import Path

from tests.harness.server.binaries.npm import Packages

HERE = Path(__file__).parent
# An environment's own folder, so that it comes and goes with the environment.
TOOLS = Packages("The real tools of delivery", HERE, Path(sys.prefix) / "deliveries")

if __name__ == "__main__":
    TOOLS.install()
