"""The gate connects to its own server alone, but for --database-url; and runs side by side do not meet."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from tests.selftest import connection_recorder
from tests.selftest.cases import SAMPLES, tables
from tests.selftest.runs import CATALOG, QUICK, RunFolder

PSQL = "tests/contract/calculator2_sessions/test_execution.py"
SIDE_BY_SIDE = 5
ELSEWHERE = SAMPLES / "elsewhere"


def test_a_run_connects_to_its_own_socket_alone(here: RunFolder, tmp_path: Path) -> None:
    """Every connection of a run, its workers and its psql is to its own folder, whatever the machine's settings name.

    And no file in the home of who runs it is changed; the cache comes to it.
    """
    home = shutil.copytree(ELSEWHERE, tmp_path / "home")
    (home / ".pgpass").chmod(0o600)
    record = tmp_path / "connections"
    variables = {name: value.format(home=home) for name, value in tables("elsewhere")["variables"].items()}
    variables[connection_recorder.VARIABLE] = str(record)
    status, printed = here.run("-q", "-n", "2", "-p", connection_recorder.__name__, QUICK, PSQL, **variables)
    assert (status, here.left()) == (0, []), printed
    recorded = [line.split(" ", 1) for line in record.read_text(encoding="utf-8").splitlines()]
    assert {kind for kind, _ in recorded} == {"libpq", "child"}
    assert [where for kind, where in recorded if kind != "child" and not where.startswith(str(here.folder))] == []
    assert {where for _, where in recorded} & {*variables.values()} == set()
    held, given = ({file.name: file for file in folder.iterdir()} for folder in (home, ELSEWHERE))
    assert held.keys() - given.keys() == {".cache"}
    assert [name for name, file in given.items() if held[name].read_bytes() != file.read_bytes()] == []


def test_runs_at_once_do_not_meet(here: RunFolder) -> None:
    """Side by side on one machine, in one temporary folder, all end green, and none with another's server."""
    with ExitStack() as stack:
        runs = [stack.enter_context(here.start("-q", "-k", CATALOG, QUICK)) for _ in range(SIDE_BY_SIDE)]
        said = [run.communicate(timeout=300)[0] for run in runs]
        assert [run.returncode for run in runs] == [0] * SIDE_BY_SIDE, said
        assert here.left() == []
