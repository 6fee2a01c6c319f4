"""Cases of tests, as files: a case is added by adding a file or a table, and named in words."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

SAMPLES = Path(__file__).with_name("samples")
# Each file is the SQL of a hostile pull request.
HOSTILE = Path(__file__).with_name("hostile")


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


@dataclass(frozen=True)
class HostileFile:
    """The SQL of a hostile pull request, and what its first line says of it: the finding, or what its session keeps."""

    name: str
    text: str
    finding: str = ""
    left: str = ""

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; its first line is no part of what the pull request brings."""
        first, _, text = path.read_text(encoding="utf-8").partition("\n")
        kind, _, words = first.partition(": ")
        return cls(path.stem, text, **{{"-- finds": "finding", "-- leaves": "left"}[kind]: words})
