"""Keeps a data directory that takes long to make, for later runs: in an archive, with its checksum and its password.

Any number of runs may read and write the same entry: it appears whole, under its name, or not at all; what does not
have its checksum is removed. This runs in the guardian, and needs nothing but the standard library.
"""

import contextlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

# One for each version of PostgreSQL, and some of other branches.
MOST_ENTRIES = 10
ARCHIVE, ABOUT = "data.tar", "about.json"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class DataCache:
    """An entry of the cache: a folder, whose name is the key of all that the data hangs on."""

    entry: Path

    def password(self) -> str | None:
        """Return the password of the superuser in the data; None if there is no entry that is this account's own."""
        with contextlib.suppress(OSError, ValueError, LookupError):
            if self.entry.stat().st_uid != os.geteuid():
                return None
            os.utime(self.entry)
            return str(self._about()["password"])
        self.remove()
        return None

    def unpack(self, begin: Callable[[FileIO], Callable[[], bool]]) -> bool:
        """Unpack the archive, and return whether all was well; the entry is removed, where not.

        `begin` begins to unpack a file, and returns what waits until that is done and says whether it could be.
        """
        with contextlib.suppress(OSError, ValueError, LookupError):
            about = self._about()
            # Two files, each at its own place: what is unpacked meanwhile is read again for its checksum.
            with (self.entry / ARCHIVE).open("rb", buffering=0) as archive:
                done = begin(archive)
                try:
                    found = _checked(self.entry / ARCHIVE)
                finally:
                    is_done = done()
            if is_done and found == (about["bytes"], about["crc32"]):
                return True
        self.remove()
        return False

    def save(self, password: str, pack: Callable[[Path], bool]) -> None:
        """Keep an archive, which `pack` writes into a file and says whether it could; quietly not, where none can be.

        An entry that another run has made meanwhile stays.
        """
        with contextlib.suppress(OSError):
            self.entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix="new-", dir=self.entry.parent))
            try:
                if pack(new / ARCHIVE):
                    size, checksum = _checked(new / ARCHIVE)
                    about = {"password": password, "bytes": size, "crc32": checksum}
                    (new / ABOUT).write_text(json.dumps(about), encoding="utf-8")
                    new.rename(self.entry)
            finally:
                shutil.rmtree(new, ignore_errors=True)
            self._remove_oldest()

    def remove(self) -> None:
        """Remove the entry, whoever reads it."""
        shutil.rmtree(self.entry, ignore_errors=True)

    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = json.loads((self.entry / ABOUT).read_text(encoding="utf-8"))
        return about

    def _remove_oldest(self) -> None:
        entries = sorted(self.entry.parent.iterdir(), key=lambda each: each.stat().st_mtime)
        for each in entries[:-MOST_ENTRIES]:
            shutil.rmtree(each, ignore_errors=True)


def _checked(file: Path) -> tuple[int, int]:
    """Return the length of a file, and its CRC-32."""
    size = checksum = 0
    with file.open("rb", buffering=0) as archive:
        while piece := archive.read(CHUNK_BYTES):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
    return size, checksum
