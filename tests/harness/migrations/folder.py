"""A folder of migrations, and what is beside them: the script, verify files, the record, the settings."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.harness.core.paths import APPLY_SCRIPT, VERIFY_FILES
from tests.harness.migrations.files import FAULTS, NAME, Migration, read_folder
from tests.harness.migrations.history import History
from tests.harness.migrations.settings import Settings, read_settings

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class MigrationsFolder:
    """The folder that is gated; what it does not bring of the script and the verify files is the repository's.

    `since` is a git revision: what is older than that is applied already.
    """

    path: Path
    since: str | None = None

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
        return self.path / self.settings.rows

    @property
    def record(self) -> Path:
        """The list of the files that are applied somewhere, as sha256sum writes it; there may be none."""
        return self.path / "applied.sha256"

    @cached_property
    def settings(self) -> Settings:
        """What the folder asks for. Raises BadSettings."""
        return read_settings(self.path)

    @cached_property
    def history(self) -> History:
        """What of the folder is applied already."""
        return History(self.path, self.record, self.since, self.settings.judge_as_new)

    def read(self) -> tuple[Migration, ...]:
        """Read the migrations, those that are applied already first. Raises BadMigrations and BadSettings."""
        return read_folder(self.path, self.history.names)

    def not_taken(self) -> Iterator[tuple[str, str]]:
        """Yield each file that the Supabase CLI does not apply, or not as every tool does, and what it does with it."""
        versions = defaultdict(list)
        applied = self.history.applied
        for path in sorted(self.path.glob("*.sql"), key=lambda each: (each.name not in applied, each.name)):
            if (name := NAME.fullmatch(path.name)) is None:
                yield path.name, FAULTS["never_applied"]
                continue
            versions[name["version"]].append(path.name)
            if path.read_bytes().startswith(BYTE_ORDER_MARK):
                yield path.name, FAULTS["byte_order_mark"]
        for version, (first, *others) in versions.items():
            for other in others:
                yield other, FAULTS["version_taken"].format(version=version, other=first)
