"""What the gate costs, each figure beside its floor in the same run: the tables in README.md beside this."""

import argparse
import signal
import sys
from importlib import import_module

from tests.benchmarks.measuring import QUICK, Effort, Table, write

# Each is a module, whose function `run` returns its table.
NAMES = ("start", "examples", "gate", "parts", "peers", "growth", "splits")


def main() -> None:
    """Run those that are named, or all; with --write, write their tables into the page."""
    parser = argparse.ArgumentParser(prog="tox -e bench --", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--write", action="store_true", help="write the tables into their page")
    parser.add_argument("--quick", action="store_true", help="each once, and small: to see that it runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - {*NAMES}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    for name in arguments.names or NAMES:
        # Imported where it is asked for: each wants other packages.
        table: Table = import_module(f"tests.benchmarks.{name}").run(QUICK if arguments.quick else Effort())
        print(f"{name}\n\n{table}\n", flush=True)
        if arguments.write:
            write(name, table)


if __name__ == "__main__":
    # What is begun is ended, whichever signal comes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    main()
