"""What the plugins of a run share: the keys of the stash of pytest's configuration."""

from collections.abc import Sequence

import pytest

from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.catalog.contracts import Contract
from tests.harness.catalog.live import Address
from tests.harness.core.timeouts import Timeouts
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.lifecycle import RunningServer, Server
from tests.harness.server.limits import Limits
from tests.harness.supabase.not_here import LeftOut

# The folder that is gated, and its migrations in the order in which they are applied.
FOLDER = pytest.StashKey[MigrationsFolder]()
MIGRATIONS = pytest.StashKey[Sequence[Migration]]()
# The contracts of this run, whether their tests were chosen or not.
CONTRACTS = pytest.StashKey[Sequence[Contract]]()
# Where the live database is, if one is judged.
ADDRESS = pytest.StashKey[Address]()
RUN_TIMEOUTS = pytest.StashKey[Timeouts]()
# What the server may take, where that is not the default.
RUN_LIMITS = pytest.StashKey[Limits]()
SERVER = pytest.StashKey[Server]()
# The same, in the process that has started it.
RUNNING = pytest.StashKey[RunningServer]()
# The databases that are kept for a look, of which the first is told, and what is in them.
KEPT = pytest.StashKey[tuple[list[str], str]]()
# The roles and databases of the server, once the migrations are applied.
CLUSTER = pytest.StashKey[ClusterSnapshot]()
# Where the migrations do not apply: the clause that is broken, and how.
REFUSAL = pytest.StashKey[tuple[str, str]]()
# The statements that could not be run on a throwaway server, and are left out of the files.
LEFT_OUT = pytest.StashKey[Sequence[LeftOut]]()
# What the run says at its end of what it could not judge.
NOTES = pytest.StashKey[Sequence[str]]()
