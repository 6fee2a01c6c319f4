"""Cases of tests, as files: a case is added by adding a file or a table, and named in words."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).with_name("samples")


def tables(name: str) -> dict[str, dict[str, Any]]:
    """Read the tables of samples/NAME.toml."""
    return tomllib.loads((SAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def cases(name: str, /, **defaults: object) -> pytest.MarkDecorator:
    """Try a test on each table of samples/NAME.toml: its name is the case's id, its keys are the test's arguments."""
    found = {each: {**defaults, **table} for each, table in tables(name).items()}
    arguments = sorted(next(iter(found.values())))
    for each, table in found.items():
        assert sorted(table) == arguments, f"samples/{name}.toml: {each}: must have the keys {', '.join(arguments)}"
    return pytest.mark.parametrize(
        arguments, [pytest.param(*(table[key] for key in arguments), id=each) for each, table in found.items()]
    )
