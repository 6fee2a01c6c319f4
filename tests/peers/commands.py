"""Runs commands of one tool, in the tool's own environment, one after the other: to load it takes most of the time.

Reads them from standard input, as JSON, and writes for each its exit status, and what it printed.
"""

import io
import json
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import entry_points

if __name__ == "__main__":
    name = sys.argv[1]
    (command,) = entry_points(group="console_scripts", name=name)
    run = command.load()
    done = []
    for arguments in json.load(sys.stdin):
        sys.argv = [name, *arguments]
        printed, complained = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        status: str | int = 0
        with redirect_stdout(printed), redirect_stderr(complained):
            try:
                status = run() or 0
            except SystemExit as end:
                status = end.code or 0
            except Exception:
                status = traceback.format_exc()
        done.append((status, *(each.buffer.getvalue().decode() for each in (printed, complained))))
    json.dump(done, sys.stdout)
