"""The tools that deliver a migration in production, each run as it is: postgres-meta, and the Supabase CLI.

Both reach the server through its private socket; neither needs Docker, an account or the network.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from tests.harness.core.roles import MIGRATOR
from tests.harness.migrations.deliveries import DeliveryResult
from tests.harness.migrations.files import Migration
from tests.harness.server.connection import PORT
from tests.harness.server.database import Database
from tests.selftest.deliveries.install import TOOLS

SECONDS = 60
NODE = shutil.which("node") or "node"
POSTGRES_META = Path(__file__).with_name("postgres_meta.mjs")
# Telemetry and the look for a newer version are switched off; no keyring is asked for an account.
SILENT = {"DO_NOT_TRACK": "1", "SUPABASE_NO_UPDATE_NOTIFIER": "1", "SUPABASE_NO_KEYRING": "1"}


def url(database: Database) -> str:
    """The connection of the role that migrates, as both tools read it: through the socket, whatever the host says."""
    password = "".join(f"%{byte:02X}" for byte in database.server.password.encode())
    socket_dir = quote(database.server.socket_dir, safe="")
    return f"postgresql://{MIGRATOR}:{password}@localhost:{PORT}/{database.name}?host={socket_dir}"


@dataclass(frozen=True)
class PostgresMeta:
    """A running postgres-meta."""

    port: int

    def deliver(self, database: Database, migration: Migration, path: str = "/query") -> DeliveryResult:
        """Send the file, as the dashboard's SQL editor does."""
        headers = {"content-type": "application/json", "x-connection": url(database)}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request("POST", path, json.dumps({"query": migration.text}), headers)
            answer = connection.getresponse()
            said = json.load(answer)
        if answer.status == 200:
            return DeliveryResult()
        context = "\n".join(filter(None, (said["message"], said.get("detail"))))
        return DeliveryResult(error=f"{said.get('code')}: {context}", status=1)


@contextmanager
def postgres_meta() -> Iterator[PostgresMeta]:
    """Run one, which ends with the pipe that it reads: when this ends, or when the run is killed."""
    with subprocess.Popen(
        [NODE, "--input-type=module", "--eval", POSTGRES_META.read_text(encoding="utf-8")],
        cwd=TOOLS.folder,
        env={"PATH": os.defpath},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            yield PostgresMeta(int(process.stdout.readline()))
            process.stdin.close()
            process.wait(SECONDS)
        finally:
            process.kill()


@dataclass(frozen=True)
class SupabaseCli:
    """The Supabase CLI, with a folder of its own for what it writes."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=lambda: SILENT)

    def deliver(self, database: Database, migration: Migration) -> DeliveryResult:
        """Run `supabase migration up` in a project that has this one file."""
        project = Path(tempfile.mkdtemp(dir=self.home))
        files = project / "supabase" / "migrations"
        files.mkdir(parents=True)
        (files / migration.path.name).write_bytes(migration.text.encode())
        status, printed = self.migrate(database, project)
        if status == 0:
            return DeliveryResult()
        found = re.search(r"\(SQLSTATE (\w{5})\)", printed)
        words = f"{found[1] if found else None}: {printed}"
        if "INSERT INTO supabase_migrations.schema_migrations" in printed:
            return DeliveryResult(status=status, bookkeeping=words)
        return DeliveryResult(error=words, status=status)

    def migrate(self, database: Database, project: Path) -> tuple[int, str]:
        """Run `supabase migration up` in a project."""
        return self.run("migration", "up", "--yes", f"--remote={url(database)}", "--workdir", str(project))

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run it to the end; return its exit status and all that it printed."""
        command: list[str | Path] = [NODE, TOOLS.path("supabase") / "dist" / "supabase.js", *arguments]
        with subprocess.Popen(
            command,
            env={"PATH": os.defpath, "HOME": str(self.home), "SUPABASE_HOME": str(self.home), **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            try:
                printed, _ = process.communicate(timeout=SECONDS)
            finally:
                # The command is a shim: its child is the CLI itself.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            return process.returncode, printed
