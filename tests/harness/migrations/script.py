"""execute_migration.sh, run as a person runs it, in an environment that holds nothing else."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.harness.core.roles import MIGRATOR
from tests.harness.server.binaries import installation
from tests.harness.server.connection import PORT
from tests.harness.server.database import Database


@dataclass(frozen=True)
class ScriptResult:
    """What the script said, and its exit status."""

    status: int
    out: str
    err: str

    def __str__(self) -> str:
        """Show it as a terminal does."""
        return f"exit status {self.status}\n{self.out}{self.err}"


@dataclass(frozen=True)
class ScriptRunner:
    """The script, and where it runs: with the embedded psql, or with another command of that name in `first`."""

    script: Path
    first: Path | None = None
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, connection: Mapping[str, str], *arguments: Path | str) -> ScriptResult:
        """Run the script with these variables, and no others."""
        folders = [*([self.first] if self.first else []), installation.find(None)]
        done = subprocess.run(
            [shutil.which("bash") or "bash", *self.options, self.script, *arguments],
            env={"PATH": os.pathsep.join([*map(str, folders), os.defpath]), **self.environment, **connection},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return ScriptResult(done.returncode, done.stdout, done.stderr)


def variables(database: Database) -> dict[str, str]:
    """The connection of the role that migrates, as PG* variables."""
    return {
        "PGHOST": database.server.socket_dir,
        "PGPORT": str(PORT),
        "PGUSER": MIGRATOR,
        "PGPASSWORD": database.server.password,
        "PGDATABASE": database.name,
    }


def url(database: Database) -> str:
    """The same as a URL, with every character of the password written as %XX."""
    written = "".join(f"%{byte:02X}" for byte in database.server.password.encode())
    host = quote(database.server.socket_dir, safe="")
    return f"postgresql://{MIGRATOR}:{written}@{host}:{PORT}/{database.name}"


def recording_psql(folder: Path, *, then: str = "exit 2") -> Path:
    """Make a folder with a psql that writes down its arguments and environment, and then runs another command."""
    folder.mkdir(exist_ok=True)
    command = folder / "psql"
    command.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$0" "$@" >>"{folder}/arguments"\nenv -0 >"{folder}/environment"\n{then}\n',
        encoding="utf-8",
    )
    command.chmod(0o700)
    return folder


def recorded_variables(folder: Path) -> dict[str, str]:
    """Read the PG* variables that a recording psql was given last."""
    pairs = (pair.partition("=") for pair in (folder / "environment").read_text(encoding="utf-8").split("\0"))
    return {name: value for name, _, value in pairs if name.startswith("PG")}
