"""The gate connects to its own server alone, but for --database-url."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.harness.core.paths import ROOT
from tests.selftest import connection_recorder
from tests.selftest.runs import QUICK, RunFolder

GATE_ROOMS = [ROOT / "tests" / room for room in ("harness", "contract", "upgrade")]
PSQL = "tests/contract/calculator2_sessions/test_execution.py::test_it_stops_at_the_first_error"


def test_a_run_connects_to_its_own_socket_alone(here: RunFolder, tmp_path: Path) -> None:
    """Every connection of a run, its workers and its psql is to its own folder, whatever the caller's environment."""
    record = tmp_path / "connections"
    elsewhere = {"PGHOST": str(tmp_path), "PGSERVICE": "production", "DATABASE_URL": "postgresql://me@127.0.0.1:1/app"}
    variables = {connection_recorder.VARIABLE: str(record), **elsewhere}
    status, printed = here.run("-q", "-n", "2", "-p", connection_recorder.__name__, QUICK, PSQL, **variables)
    assert status == 0, printed
    recorded = [line.split(" ", 1) for line in record.read_text(encoding="utf-8").splitlines()]
    elsewhere_connected = [where for kind, where in recorded if not where.startswith(str(here.folder))]
    assert {kind for kind, _ in recorded} == {"libpq", "child"}
    assert elsewhere_connected == []


def test_two_places_of_the_code_connect() -> None:
    """The gate's own server, and the live database, are reached in one line each."""
    found = [
        path.name
        for room in GATE_ROOMS
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "connect" and ast.unparse(node.value).startswith("psycopg")
    ]
    assert sorted(found) == ["connection.py", "live.py"]
