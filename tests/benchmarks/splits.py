"""The gate in 2, 4 and 8 parts, by pytest-split and its measured durations, each part on a machine of its own."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measuring import Case, Cost, Effort, Table, run_gate

HEAD = ["parts", "the longest, s", "tests of a part, on average, s", "beyond its share, s", "of the whole", "dealt, s"]
QUICK = "tests/contract/calculator2_sessions/test_structure.py"


def run(effort: Effort) -> Table:
    """Run each part by itself, once; `dealt` is what the longest would be if each took every n-th test."""
    selection = (QUICK,) if effort.is_quick else ()
    with TemporaryDirectory() as name:
        durations = f"--durations-path={Path(name) / 'durations'}"
        whole, cases = run_gate("-n", "0", "--store-durations", durations, *selection)
        rows = []
        for parts in (2,) if effort.is_quick else (2, 4, 8):
            split = ["-n", "0", durations, f"--splits={parts}", "--splitting-algorithm=least_duration"]
            done = [run_gate(*split, f"--group={part + 1}", *selection) for part in range(parts)]
            rows.append(_row(whole, cases, done))
    return Table(
        HEAD, rows, [f"The whole, `-n 0`: {whole.seconds:.1f} s, of which {_tests(cases):.1f} s are its tests."]
    )


def _row(whole: Cost, cases: list[Case], done: list[tuple[Cost, list[Case]]]) -> list[str]:
    parts = len(done)
    longest = max(cost.seconds for cost, _ in done)
    share = sum(_tests(each) for _, each in done) / parts
    beyond = sum(cost.seconds for cost, _ in done) / parts - _tests(cases) / parts
    dealt = max(_tests(cases[part::parts]) for part in range(parts)) + beyond
    figures = (longest, share, beyond, longest / whole.seconds, dealt)
    return [str(parts), *(f"{each:.2f}" for each in figures)]


def _tests(cases: list[Case]) -> float:
    return sum(case.seconds for case in cases)
