"""The peers, each run as its users run it, in its best mode, with what it wants.

Each gets a superuser's connection through the server's socket, the schemas, and a copy of the database that is its
own. None of them knows which file was applied, but for the tables that rlsautotest is asked about.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.harness.core.roles import SUPERUSER
from tests.harness.server.connection import PORT
from tests.harness.server.database import Database
from tests.peers.said import Kind, Said, Statement

HERE = Path(__file__).parent
# Each has an environment of its own, since each wants another pglast; they come and go with the one that runs this.
ENVIRONMENTS = Path(sys.prefix) / "peers"
# What was said of a state of the database does not change until a file or the tool does.
KEPT = ENVIRONMENTS / "said"
SECONDS = 300
SCHEMAS = ("public", "storage")


@dataclass
class Peer:
    """One tool, on one database.

    `state` names the database's state, for what is kept; `folder` is where it may write, and `base` where it wrote
    on the state before. `words` are those of the file that was applied since.
    """

    database: Database
    state: str
    folder: Path
    base: Path
    words: frozenset[str]

    @classmethod
    def name(cls) -> str:
        """Its name in the package registry, and of its command."""
        return cls.__name__.lower()

    def said(self) -> Said:
        """Run it, and collect what it says."""
        commands = self.commands()
        # A folder has another name each time.
        key = repr((self.name(), version(self.name()), self.state, commands)).replace(str(self.base), "")
        kept = KEPT / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        if not kept.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(self._run(commands)), encoding="utf-8")
        error, seconds, done, written = json.loads(kept.read_text(encoding="utf-8"))
        for file, text in written.items():
            (self.folder / file).write_text(text, encoding="utf-8")
        found = Said(seconds=seconds, error=error)
        for arguments, (status, printed, complained) in zip(commands, done or (), strict=False):
            if status in (0, 1):
                found.statements |= {*self.statements(arguments, printed)}
            else:
                found.error += f"{arguments[0]}: {status} {(printed + complained)[-300:]}"
        return found

    def commands(self) -> list[list[str]]:
        """List the commands that it is run with."""
        raise NotImplementedError

    def statements(self, arguments: Sequence[str], printed: str) -> Iterator[Statement]:
        """Yield what one of its commands says."""
        raise NotImplementedError

    def tables(self) -> list[tuple[str, str]]:
        """List the tables that the file names, each with its schema; without a file, all."""
        query = (
            "SELECT schemaname::text, tablename::text FROM pg_tables WHERE schemaname = ANY(%s)"
            " AND (schemaname <> 'storage' OR tablename IN ('objects', 'buckets')) ORDER BY 1, 2"
        )
        with closing(self.database.connect(SUPERUSER)) as superuser:
            rows = [(str(schema), str(table)) for schema, table in superuser.execute(query.encode(), [list(SCHEMAS)])]
        return [each for each in rows if not self.words or each[1] in self.words]

    def written(self, file: str) -> Any:
        """Read what a command wrote."""
        return json.loads((self.folder / file).read_text(encoding="utf-8"))

    def _run(self, commands: Sequence[Sequence[str]]) -> tuple[str, float, object, dict[str, str]]:
        server = self.database.server
        url = f"postgresql://{SUPERUSER}:{quote(server.password)}@/{self.database.name}"
        environment = {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "DATABASE_URL": f"{url}?host={quote(server.socket_dir, safe='')}&port={PORT}",
            "PGHOST": server.socket_dir,
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": server.password,
            "PGDATABASE": self.database.name,
        }
        start = time.monotonic()
        error, done = "", None
        try:
            printed = subprocess.run(
                [ENVIRONMENTS / self.name() / "bin" / "python", HERE / "commands.py", self.name()],
                cwd=self.folder,
                env=environment,
                input=json.dumps(commands),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
            )
            error = printed.stderr if printed.returncode else ""
            done = None if error else json.loads(printed.stdout)
        except subprocess.TimeoutExpired:
            error = f"has not ended after {SECONDS} seconds"
        written = {each.name: each.read_text(encoding="utf-8") for each in self.folder.glob("*.json")}
        return error, time.monotonic() - start, done, written


def version(name: str) -> str:
    """Return the version of a peer that is installed."""
    (folder,) = (ENVIRONMENTS / name).glob("lib/python*/site-packages")
    return next(each.version for each in distributions(path=[str(folder)]) if each.name == name)


class Pgrls(Peer):
    """pgrls: its rules, its prover, tried on the database too, its matrix and its diff.

    Its gate fails, as it comes, at a warning, a leak, or a change that it calls dangerous. `pgrls vector` wants
    pgvector, and its mode of escalation a role of the API that is a member of a table's owner. Exit status 2 is an
    error of its own.
    """

    def commands(self) -> list[list[str]]:
        """List the commands that it is run with."""
        schemas = ["--schemas", ",".join(SCHEMAS)]
        of = [*schemas, "--format", "json"]
        modes = [["anon", "--probe"], ["cross-tenant", "--probe"], ["write", "--probe"], ["reachability"]]
        diff = [["diff", str(self.base / "snapshot.json"), *of]] if self.folder != self.base else []
        snapshot = ["snapshot", *schemas, "--output", "snapshot.json"]
        return [["lint", *of], *(["verify", *of, "--mode", *mode] for mode in modes), ["matrix", *of], snapshot, *diff]

    def statements(self, arguments: Sequence[str], printed: str) -> Iterator[Statement]:
        """Yield what one of its commands says."""
        match arguments[0]:
            case "lint" | "diff":
                for each in json.loads(printed)["violations"]:
                    is_alarm = each.get("classification", each["severity"]) in ("error", "warning", "dangerous")
                    words = f"{each['rule_id']} {each['location']}: {each['message']}"
                    yield Statement(Kind.ALARM if is_alarm else Kind.REPORT, words)
            case "verify":
                found = json.loads(printed)
                for table in found["tables"]:
                    yield from self._proven(found["mode"], table)
            case "matrix":
                yield from self._matrix(json.loads(printed))

    @staticmethod
    def _proven(mode: str, table: dict[str, Any]) -> Iterator[Statement]:
        for each in [table, *table.get("policies", ())]:
            proven, tried = each.get("static_verdict", each.get("verdict")), each.get("agreement", "")
            words = f"verify {mode}: {table['table']} {each.get('policy')}: {proven} {tried}"
            if proven == "leak" or tried in ("mismatch", "leak_confirmed"):
                yield Statement(Kind.ALARM, words)
            elif proven == "unverified":
                yield Statement(Kind.UNSURE, words)

    @staticmethod
    def _matrix(matrix: dict[str, Any]) -> Iterator[Statement]:
        for row in matrix["rows"]:
            for role, cell in row["access"].items():
                kind = Kind.UNSURE if cell["verdict"] == "undecided" else Kind.REPORT
                words = f"matrix {row['table']} {row['command']} {role}: {cell['verdict']} {cell['predicate']}"
                yield Statement(kind, words)
        for each in (*matrix["sensitive_exposures"], *matrix["untraced_doors"]):
            words = json.dumps(each, sort_keys=True)
            yield Statement(Kind.REPORT, f"matrix {words}")


class Rlsautotest(Peer):
    """rlsautotest: its lint with what goes round row-level security, its diff, and its report of the file's tables.

    Its lint fails at HIGH, its diff where a policy is gone or row-level security is off, its report at what the line
    FAIL names; there UNRELIABLE says that it could not judge. It reports table by table, which takes long: it is asked
    about those that the file names.
    """

    UNSURE = re.compile(r"UNRELIABLE|NOT TESTABLE|UNTESTED|PARTIALLY|not fully tested|MOCKED")
    COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")

    def commands(self) -> list[list[str]]:
        """List the commands that it is run with."""
        tables = self.tables()
        schemas = [each for each in SCHEMAS if each == "public" or each in {schema for schema, _ in tables}]
        snapshot = ["snapshot", "--schema", "public", "--out", "policies.json"]
        before = str(self.base / "policies.json")
        diff = ["diff", "--schema", "public", "--snapshot", before, "--json", "diff.json"]
        return [
            *(["lint", "--schema", schema, "--json", f"{schema}.json"] for schema in schemas),
            *([snapshot] if self.folder == self.base else [diff]),
            *(["--schema", schema, "--table", table, "--report"] for schema, table in tables),
        ]

    def statements(self, arguments: Sequence[str], printed: str) -> Iterator[Statement]:
        """Yield what one of its commands says."""
        match arguments[0]:
            case "lint":
                for each in self.written(arguments[-1]):
                    kind = Kind.ALARM if each["severity"] in ("CRITICAL", "HIGH") else Kind.REPORT
                    words = f"lint {arguments[2]}.{each['table']} {each['policy']}: {each['message']}"
                    yield Statement(kind, words)
            case "diff":
                changes = self.written("diff.json")
                for how in ("added", "removed", "changed", "rls_changes"):
                    for each in changes[how]:
                        is_alarm = how == "removed" or (how == "rls_changes" and not each["after"])
                        words = f"diff {how} {json.dumps(each, sort_keys=True)}"
                        yield Statement(Kind.ALARM if is_alarm else Kind.REPORT, words)
            case "--schema":
                yield from self._report(arguments[3], printed)

    def _report(self, table: str, printed: str) -> Iterator[Statement]:
        for line in map(str.strip, printed.splitlines()):
            cells = re.split(r"\s{2,}", line)
            if line.startswith("FAIL: "):
                for each in line.removeprefix("FAIL: ").partition("  (exit 1")[0].split("; "):
                    kind = Kind.UNSURE if "UNRELIABLE" in each else Kind.ALARM
                    yield Statement(kind, f"report {table} {each}")
            elif line.startswith("! footgun:"):
                kind = Kind.UNSURE if self.UNSURE.search(line) else Kind.REPORT
                yield Statement(kind, f"report {table} {line}")
            elif len(cells) >= 5 and cells[0] != "identity":
                for command, cell in zip(self.COMMANDS, cells[1:], strict=False):
                    kind = Kind.UNSURE if cell[:1] in "–‼" else Kind.REPORT
                    yield Statement(kind, f"report {table} {cells[0]} {command}: {cell}")


class Rlsgrid(Peer):
    """rlsgrid: its fuzzer between three tenants, and its plan, with the settings that it writes itself.

    rlsgrid.toml is what `rlsgrid init --from-db` writes of the sample project, with ten times its iterations.
    """

    def commands(self) -> list[list[str]]:
        """List the commands that it is run with."""
        return [["check", "--json", "--tenants", "3"], ["plan", "--json"]]

    def said(self) -> Said:
        """Run it, and collect what it says."""
        shutil.copy(HERE / "rlsgrid.toml", self.folder)
        return super().said()

    def statements(self, arguments: Sequence[str], printed: str) -> Iterator[Statement]:
        """Yield what one of its commands says."""
        if arguments[0] == "check":
            for each in json.loads(printed)["breaches"]:
                words = f"check {each['actor_role']} {each['operation']} {each['table']}"
                yield Statement(Kind.ALARM, words)
        else:
            for each in json.loads(printed)["cells"]:
                what = f"{each['expected']} {each['policies']}"
                words = f"plan {each['role']} {each['operation']} {each['table']}: {what}"
                yield Statement(Kind.REPORT, words)


PEERS = (Pgrls, Rlsautotest, Rlsgrid)
