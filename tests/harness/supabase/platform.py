"""Starts a throwaway server that has the platform: from the cache, where an earlier run made the same."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from tests.harness.core.paths import STAND_INS, TESTS
from tests.harness.core.timeouts import TIMEOUTS, Timeouts
from tests.harness.server import extensions, lifecycle
from tests.harness.server.data_cache import DataCache
from tests.harness.server.lifecycle import DEFAULT_LIMITS, RunningServer
from tests.harness.server.limits import Limits
from tests.harness.supabase import templates

HARNESS = TESTS / "harness"
CACHE = "database-contract-gate"
# The code that makes the data.
SOURCES = tuple(HARNESS / name for name in ("core/roles.py", "server/process.py", "supabase/templates.py"))


def start(
    bindir: Path, limits: Limits = DEFAULT_LIMITS, timeouts: Timeouts = TIMEOUTS, **settings: str
) -> RunningServer:
    """Start a server, with a project before any migration under each default privileges. Raises CannotStart."""
    cache = _cache(bindir)
    running = lifecycle.start(bindir, limits, timeouts, cache, **settings)
    if not running.is_from_cache:
        try:
            templates.build_unmigrated(running.server)
            if cache is not None:
                running.save()
        except BaseException:
            running.stop()
            raise
    return running


def _cache(bindir: Path) -> DataCache | None:
    """Return the entry for these programs; None where they cannot be read, or the account has no home."""
    try:
        # XDG Base Directory Specification.
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return DataCache(folder / CACHE / _key(bindir))
    except (OSError, RuntimeError):
        return None


def _key(bindir: Path) -> str:
    """Return a digest of all that the data hangs on: programs, extensions, the platform's SQL, and the code."""
    digest = hashlib.sha256(repr(extensions.names(bindir)).encode())
    for file in _files(bindir):
        digest.update(f"{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(bindir: Path) -> Iterator[Path]:
    yield from (bindir / "initdb", bindir / "postgres", *SOURCES)
    for folder in (STAND_INS, templates.FOLDER):
        yield from sorted(each for each in folder.iterdir() if each.is_file())
