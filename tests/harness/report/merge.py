"""Several reports as one: `tox -e report -- OUT.html A.json B.json …`, of runs on several versions and of mutants."""

import argparse
import sys
from pathlib import Path

from tests.harness.report import files, stored
from tests.harness.report.files import ENDINGS, BadFile
from tests.harness.report.run import Report, summed
from tests.harness.report.stored import BadReport

USAGE_ERROR = 4


def main(words: list[str]) -> int:
    """Write it, and return 0; 4 and a sentence, where a file is no report or cannot be written."""
    parser = argparse.ArgumentParser(prog="tox -e report --", description=__doc__)
    parser.add_argument("into", type=Path, metavar="OUT", help=f"the report to write, as its ending says: {ENDINGS}")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.json", help="what --report FILE.json has written")
    options = parser.parse_args(words)
    try:
        files.check(options.into)
        read = [stored.read(file) for file in options.files]
        mutants = [each.mutants for each in read if each.mutants is not None]
        runs = [run for each in read for run in each.runs]
        files.write(Report(runs, summed(mutants) if mutants else None), options.into)
    except (BadFile, BadReport) as fault:
        print(fault, file=sys.stderr)
        return USAGE_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
