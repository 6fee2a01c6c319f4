"""The peers and this suite on the same faults and right things, side by side: the table in README.md beside this."""

import argparse
import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.access.support.record import Lines
from tests.harness.catalog.rules import Finding
from tests.harness.migrations.files import Migration, read_file
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.binaries import installation
from tests.harness.server.database import Database
from tests.harness.supabase import platform, templates
from tests.harness.supabase.databases import DatabaseFactory
from tests.peers import suite
from tests.peers.said import Kind, Said, Verdict, verdict, words
from tests.peers.tools import PEERS, version
from tests.selftest.project.planted import broken, faults, right_things
from tests.selftest.project.pull_requests import write_project
from tests.selftest.runs import MIGRATION

# What a database is before any migration.
PLATFORM = Path(templates.__file__).with_name("sql")
MARKERS = "<!-- peers: begin, written by tox -e peers -- --write -->", "<!-- peers: end -->"
OURS = "this suite"
HEAD = ["", "caught", "as a fault", "as a change alone", "missed", "not judged", "false alarms", "at rest", "seconds"]


@dataclass
class Row:
    """What one tool made of the files."""

    name: str
    of_faults: Counter[Verdict] = field(default_factory=Counter)
    of_right: Counter[Verdict] = field(default_factory=Counter)
    of_all: int = 0
    seconds: float = 0

    def cells(self) -> list[str]:
        """Write it as the table has it."""
        right, wrong = sum(self.of_right.values()), sum(self.of_faults.values())
        alarms, changes = self.of_faults[Verdict.ALARM], self.of_faults[Verdict.REPORT]
        unsure = self.of_faults[Verdict.NOT_JUDGED] + self.of_right[Verdict.NOT_JUDGED]
        return [
            self.name,
            f"{alarms + changes} of {wrong}",
            *map(str, (alarms, changes, self.of_faults[Verdict.NOTHING], unsure)),
            f"{self.of_right[Verdict.ALARM]} of {right}",
            str(self.of_all),
            f"{self.seconds / max(right + wrong, 1):.1f}",
        ]


@dataclass
class Sides:
    """The tools, on a server of their own."""

    databases: DatabaseFactory
    migrations: Sequence[Migration]
    folder: Path

    @cached_property
    def platform(self) -> list[Finding]:
        """What breaks a rule before any migration."""
        with self.databases.lend(templates.unmigrated("explicit")) as database:
            return broken(database)

    @contextmanager
    def state(self, *files: Path) -> Iterator[tuple[Database, list[Migration]]]:
        """Lend a database with the project, and files more."""
        more = [read_file(file) for file in files]
        with self.databases.lend(templates.migrated("explicit")) as database:
            templates.migrate(self.databases.server, database.name, more)
            yield database, [*self.migrations, *more]

    def said(self, lines: Lines | None, *files: Path) -> tuple[list[Said], Lines]:
        """Let each tool judge a state, each on a copy of its own; `lines` is the record of the state before."""
        folder = Path(tempfile.mkdtemp(dir=self.folder)) if files else self.folder
        made_of = [*sorted(PLATFORM.glob("*.sql")), *(each.path for each in self.migrations), *files]
        text = b"\0".join(each.read_bytes() for each in made_of)
        named = frozenset().union(*map(words, files))
        found = []
        for peer in PEERS:
            with self.state(*files) as (database, _):
                tool = peer(database, hashlib.sha256(text).hexdigest(), folder, self.folder, named)
                found.append(tool.said())
        with self.state(*files) as (database, migrations):
            ours, record = suite.said(database, self.platform, migrations, lines)
        return [*found, ours], record


@contextmanager
def sides(migrations: Sequence[Migration], folder: Path) -> Iterator[Sides]:
    """Start a server with some migrations on it."""
    running = platform.start(installation.find(None))
    try:
        # rlsautotest brings its own pgTAP where there is none, and a stand-in has no assertions.
        for control in Path(running.server.socket_dir).rglob("pgtap.control"):
            control.unlink()
        templates.build_migrated(running.server, "explicit", migrations)
        databases = DatabaseFactory(running.server, "peers", migrations)
        yield Sides(databases, migrations, folder)
        databases.close()
    finally:
        running.stop()


def compare(only: str) -> list[Row]:
    """Let each tool judge the migrated table, the sample project, and each file on top of it."""
    rows = [Row(f"{peer.name()} {version(peer.name())}") for peer in PEERS] + [Row(OURS)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("table", "project"):
            (folder / each).mkdir()
        with sides([read_file(MIGRATION)], folder / "table") as table:
            for row, said in zip(rows, table.said(None)[0], strict=True):
                row.of_all += alarms(said)
        project = MigrationsFolder(write_project(folder / "migrations")).read()
        with sides(project, folder / "project") as all_files:
            before, lines = all_files.said(None)
            for row, said in zip(rows, before, strict=True):
                row.of_all += alarms(said)
            for file, is_fault in [*((each, True) for each in faults()), *((each, False) for each in right_things())]:
                if only not in file.name:
                    continue
                print(f"{'a fault' if is_fault else 'right'}: {file.name}", flush=True)
                after, _ = all_files.said(lines, file)
                for row, was, now in zip(rows, before, after, strict=True):
                    judged = verdict(was, now)
                    (row.of_faults if is_fault else row.of_right)[judged] += 1
                    row.seconds += now.seconds
                    print(f"  {row.name}: {judged.value} {now.error}")
                    for new in sorted(now.statements - was.statements, key=str) if only else ():
                        print(f"    {new.kind.value}: {new.words}")
    return rows


def alarms(said: Said) -> int:
    """Count a tool's alarms, but for those of the platform's own tables and roles, which no project can alter."""
    of_platform = re.compile(rf"storage\.|^\S+ ({'|'.join(templates.PLATFORM_ROLES)}):")
    return sum(each.kind is Kind.ALARM and not of_platform.search(each.words) for each in said.statements)


def table(rows: Sequence[Row]) -> str:
    """Write the table."""
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> None:
    """Run them all; with --write, write the table into the page."""
    parser = argparse.ArgumentParser(prog="tox -e peers --", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into its page")
    parser.add_argument("--only", default="", help="the files with this in their name, and all that is said")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("the page holds the table of all files.")
    printed = table(compare(arguments.only))
    print(printed)
    if arguments.write:
        readme = Path(__file__).with_name("README.md")
        head, _, rest = readme.read_text(encoding="utf-8").partition(MARKERS[0])
        tail = rest.partition(MARKERS[1])[2]
        readme.write_text(f"{head}{MARKERS[0]}\n{printed}\n{MARKERS[1]}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
