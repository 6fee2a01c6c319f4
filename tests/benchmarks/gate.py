"""The whole gate: with one process and with two workers, and its greatest memory."""

from statistics import median

from tests.benchmarks.measuring import MEBIBYTE, NO_SPLIT, Case, Cost, Effort, Table, run_gate

HEAD = ["", "seconds", "tests", "examples", "seconds of processors", "MiB"]
WORKERS = ("0", "2")
# A part of it, to see that it runs.
QUICK = ("tests/contract/calculator2_sessions/test_structure.py",)


def run(effort: Effort) -> Table:
    """Run it, alternately."""
    runs: dict[str, list[tuple[Cost, list[Case]]]] = {workers: [] for workers in WORKERS}
    for _ in range(effort.repeats):
        for workers, done in runs.items():
            done.append(run_gate("-n", workers, *NO_SPLIT, *(QUICK if effort.is_quick else ())))
    seconds = {workers: median(cost.seconds for cost, _ in done) for workers, done in runs.items()}
    rows = [_row(f"-n {workers}", seconds[workers], done) for workers, done in runs.items()]
    return Table(HEAD, rows, [f"`-n 2` is {seconds['0'] / seconds['2']:.2f} times as fast as `-n 0`."])


def _row(name: str, seconds: float, done: list[tuple[Cost, list[Case]]]) -> list[str]:
    cases = done[0][1]
    return [
        name,
        f"{seconds:.1f}",
        str(len(cases)),
        str(sum(case.examples for case in cases)),
        f"{median(cost.processor for cost, _ in done):.1f}",
        f"{max(cost.memory for cost, _ in done) / MEBIBYTE:.0f}",
    ]
