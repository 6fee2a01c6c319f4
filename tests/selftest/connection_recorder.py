"""A plugin for a run of the gate: records where its processes connect to, and where its children are sent.

libpq connects in C, which Python's audit hooks do not see, so psycopg's call of libpq is recorded too.
"""

import os
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

# Names the file to write to.
VARIABLE = "RECORDED_CONNECTIONS"

_connect = psycopg.generators.connect


def _record(kind: str, where: object) -> None:
    with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as file:
        file.write(f"{kind} {where}\n")


def _recorded_connect(conninfo: str, *more: Any, **options: Any) -> Any:
    _record("libpq", conninfo_to_dict(conninfo).get("host"))
    return _connect(conninfo, *more, **options)


def _audit(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        _record("socket", details[1])
    elif event == "subprocess.Popen":
        # A child that is given no environment is given all of this one; who reads DATABASE_URL is always given one.
        inherited = {name: value for name, value in os.environ.items() if name.startswith("PG")}
        environment = inherited if details[3] is None else details[3]
        for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "DATABASE_URL"):
            if name in environment:
                _record("child", environment[name])


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Begin before anything has been started."""
    psycopg.generators.connect = _recorded_connect
    sys.addaudithook(_audit)
