"""From the start of the gate's process to the end of its first test, beside what any such start must do."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks import first_test
from tests.benchmarks.measuring import NO_OTHERS, NO_SPLIT, Effort, Table, alternately, start_gate
from tests.benchmarks.server import BareServer, throwaway
from tests.selftest.runs import run_folder

TEST = "tests/contract/calculator2_sessions/test_constraints.py::test_a_token_holds_no_nul"
# What the gate cannot do without, in a process that does nothing else.
PYTEST = f"import hypothesis, psycopg, pytest; raise SystemExit(pytest.main({['--version', *NO_OTHERS, *NO_SPLIT]}))"


def run(effort: Effort) -> Table:
    """Measure both, alternately."""
    first, whole, server, alone = [], [], [], []
    with throwaway() as running:
        bare = BareServer(running)
        try:
            bare.time_to_connection()
            _python()
            for _ in range(effort.repeats):
                ended, done = _gate()
                first.append(ended)
                whole.append(done)
                server.append(bare.time_to_connection())
                alone += alternately(1, _python)
        finally:
            bare.close()
    python, copied = median(alone), median(server)
    floor = python + copied
    gate = "the gate, with this test alone, to the end of"
    seconds = {
        "Python, with pytest, Hypothesis and psycopg imported": python,
        "a ready data directory copied, and `postgres` up to its first connection": copied,
        "the floor: both": floor,
        f"{gate} the test": median(first),
        f"{gate} the process": median(whole),
    }
    rows = [[name, f"{each:.2f}", f"{each / floor:.2f}"] for name, each in seconds.items()]
    return Table(["", "seconds", "of the floor"], rows)


def _gate() -> tuple[float, float]:
    """Run one test; return the seconds to its end, and to that of the process."""
    with run_folder("bench") as here:
        file = here.folder / "pytest-of-first"
        begin = time.monotonic()
        words = [*NO_SPLIT, "-n", "0", "-p", first_test.__name__, TEST]
        with start_gate(here, *words, **{first_test.FILE: str(file)}) as process:
            printed = process.communicate()[0]
        end = time.monotonic()
        assert process.returncode == 0, printed
        return float(file.read_text(encoding="ascii")) - begin, end - begin


def _python() -> None:
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, "-c", PYTEST], cwd=Path(name), capture_output=True, check=True)
