"""The same checks as one would make them in the gate's place: by pytest-postgresql used plainly, and by pgTAP."""

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.measuring import DEBIAN, PG_PROVE, Case, Effort, Table, cases_of, has_pgtap, run_command, run_gate
from tests.benchmarks.server import copies, throwaway
from tests.harness.core.paths import MIGRATIONS, ROOT
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.server.connection import PORT
from tests.harness.server.database import Database
from tests.harness.server.lifecycle import Server
from tests.selftest.runs import clean_environment

HERE = Path(__file__).parent
PLAIN, PGTAP = HERE / "plain", HERE / "pgtap"
CONTRACT = "tests/contract/calculator2_sessions"
# The same are in plain/test_plain.py and, but for the properties, in pgtap/checks.sql.
CHECKS = (
    "test_structure.py::test_the_catalog_holds_what_is_declared_and_nothing_else",
    "test_constraints.py::test_a_required_column_refuses_null_and_an_optional_one_keeps_it",
    "test_constraints.py::test_no_time_is_before_creation",
    "test_writing.py::test_a_visitor_writes_no_row",
)
SELECTED = "not granting and not upsert and not returning and not ignoring"
PROPERTIES = (
    "test_constraints.py::test_every_row_within_the_rules_is_accepted[insert]",
    "test_row_level_security.py::test_a_token_opens_only_its_own_row[anon]",
)
HEAD = ["", "checks", "seconds in all", "each, ms", "of this suite's"]
TAPPED = re.compile(r"Tests=(\d+)")


@dataclass
class Side:
    """What one of them took for the checks, in each repetition: in all, and for the checks alone."""

    name: str
    checks: int = 0
    seconds: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)

    @property
    def each(self) -> float:
        """Seconds for each check."""
        return median(self.alone) / self.checks

    def row(self, other: "Side") -> list[str]:
        """Write it as the table has it."""
        cells = [f"{median(self.seconds):.1f}", f"{1000 * self.each:.1f}", f"{self.each / other.each:.1f}"]
        return [self.name, str(self.checks), *cells]


def run(effort: Effort) -> Table:
    """Run them all, alternately."""
    pgtap = has_pgtap()
    chosen, assertions = DEBIAN if pgtap else None, 0
    gate, plain, tap = (
        Side("this suite"),
        Side("pytest-postgresql, a database for each test"),
        Side("pgTAP, by pg_prove"),
    )
    ours, theirs = Side("this suite, an example of a property"), Side("pytest-postgresql, one of a loop in one test")
    with (
        throwaway(None if chosen is None else str(chosen)) as server,
        copies(server, MigrationsFolder(MIGRATIONS).read()) as copy,
    ):
        database = copy()
        if pgtap:
            with closing(database.connect(SUPERUSER)) as superuser:
                superuser.execute(
                    "CREATE SCHEMA tap; CREATE EXTENSION pgtap SCHEMA tap; GRANT USAGE ON SCHEMA tap TO PUBLIC"
                )
        for _ in range(effort.repeats):
            _gate(gate, ours, [] if chosen is None else [f"--pg={chosen}"])
            _plain(plain, theirs, server)
            if pgtap:
                assertions = _pgtap(tap, database, gate.checks)
    assert gate.checks == plain.checks, (gate, plain)
    rows = [each.row(gate) for each in (gate, plain, *([tap] if pgtap else []))]
    rows += [each.row(ours) for each in (ours, theirs)]
    version = f"PostgreSQL {server.major}, the same for all."
    told = f"In pgTAP they are {assertions} assertions." if pgtap else "pgTAP is not installed here, so it is left out."
    return Table(HEAD, rows, [f"{version} {told}", _squawk(effort)])


def _add(side: Side, cases: Sequence[Case], seconds: float) -> None:
    side.checks = len(cases)
    side.seconds.append(seconds)
    side.alone.append(sum(case.seconds for case in cases))


def _gate(checks: Side, properties: Side, options: Sequence[str]) -> None:
    cost, cases = run_gate("-n", "0", "-k", SELECTED, *options, *(f"{CONTRACT}/{name}" for name in CHECKS))
    _add(checks, cases, cost.seconds)
    cost, cases = run_gate("-n", "0", *options, *(f"{CONTRACT}/{name}" for name in PROPERTIES))
    _add(properties, cases, cost.seconds)
    properties.checks = sum(case.examples for case in cases)


def _plain(checks: Side, properties: Side, server: Server) -> None:
    cost, cases = _run_plain(server, "not property")
    _add(checks, cases, cost)
    cost, cases = _run_plain(server, "property")
    _add(properties, cases, cost)
    properties.checks = 178 * len(cases)


def _run_plain(server: Server, selected: str) -> tuple[float, list[Case]]:
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "report.xml"
        words = ["-q", "-c", os.devnull, f"--rootdir={PLAIN}", f"--confcutdir={PLAIN}", "-p", "no:cacheprovider"]
        words += [f"--junitxml={report}", f"--postgresql-host={server.socket_dir}", f"--postgresql-user={SUPERUSER}"]
        words += [f"--postgresql-port={PORT}", "--import-mode=importlib", "-k", selected, str(PLAIN)]
        environment = {**clean_environment(), "PGPASSWORD": server.password}
        cost = run_command([sys.executable, "-m", "pytest", *words], Path(name), environment)
        return cost.seconds, cases_of(report)


def _pgtap(side: Side, database: Database, checks: int) -> int:
    whole, assertions = _prove(database, "checks")
    start, _ = _prove(database, "nothing")
    side.checks = checks
    side.seconds.append(whole)
    side.alone.append(whole - start)
    return assertions


def _prove(database: Database, name: str) -> tuple[float, int]:
    server = database.server
    environment = {"PATH": f"{DEBIAN}:{os.defpath}", "PGPASSWORD": server.password}
    address = ["-h", server.socket_dir, "-p", str(PORT), "-U", SUPERUSER, "-d", database.name]
    cost = run_command([PG_PROVE, *address, PGTAP / f"{name}.sql"], ROOT, environment)
    tapped = TAPPED.search(cost.printed)
    assert tapped is not None, cost.printed
    return cost.seconds, int(tapped[1])


def _squawk(effort: Effort) -> str:
    """Say how long squawk takes for what it does without a database: to read the files."""
    files = sorted(MIGRATIONS.glob("*.sql"))
    command = [Path(sys.executable).with_name("squawk"), *files]
    seconds = median(run_command(command, ROOT, clean_environment()).seconds for _ in range(effort.repeats))
    return f"squawk reads the {len(files)} file of `migrations/`, without a database, in {1000 * seconds:.0f} ms."
