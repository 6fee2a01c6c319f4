"""A folder of migrations, and the files beside them: the script that applies one, the verify files, the record."""

from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.paths import APPLY_SCRIPT, VERIFY_FILES


@dataclass(frozen=True)
class MigrationsFolder:
    """The folder that is gated; what it does not bring of the script and the verify files is the repository's."""

    path: Path

    @property
    def script(self) -> Path:
        """The script that applies a migration and verifies it."""
        own = self.path / APPLY_SCRIPT.name
        return own if own.is_file() else APPLY_SCRIPT

    @property
    def verify_files(self) -> Path:
        """The folder of the verify files."""
        own = self.path / VERIFY_FILES.name
        return own if own.is_dir() else VERIFY_FILES

    @property
    def rows(self) -> Path:
        """The folder of the files that put rows into a table, each named after its table; there may be none."""
        return self.path / "rows"

    @property
    def record(self) -> Path:
        """The list of the files that are applied somewhere, as sha256sum writes it; there may be none."""
        return self.path / "applied.sha256"
