"""What tests of the contract apply and read: SQL, and cases in TOML."""

import tomllib
from pathlib import Path
from typing import Any


def sql(name: str) -> bytes:
    """Read the SQL of that name."""
    return Path(__file__).with_name(f"{name}.sql").read_bytes()


def cases(name: str) -> dict[str, Any]:
    """Read the cases of that name."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
