"""The settings of a folder of migrations: gate.toml, which travels with the folder."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "gate.toml"
ALL = "all"
# Each key, what its value must be, and whether it is that.
TEXTS = "a list of texts"
KEYS = {
    "asked_for": f'"{ALL}" or a list of rules of house style, such as ["I2", "I10"]',
    "judge_as_new": f"{TEXTS}: files that are applied already, and judged as new ones all the same",
    "oldest_postgresql": "a number: the oldest major version that a file must apply on",
    "exposed_schemas": f"{TEXTS}: the schemas that the API offers",
    "rows": "a text: the folder of files that put rows into tables, from the folder of migrations",
    "contracts": "a text: the folder of contracts, from the folder of migrations",
    "deviation": "tables [[deviation]], each with clause, object and reason",
}


class BadSettings(Exception):
    """The settings cannot be used; the text says what is wrong, and what to write."""


@dataclass(frozen=True)
class Settings:
    """What a folder of migrations asks for; without a gate.toml, nothing."""

    file: Path
    asked_for: frozenset[str] | str = frozenset()
    judge_as_new: Sequence[str] = ()
    # The oldest that Supabase runs, in October 2026.
    oldest_postgresql: int = 15
    exposed_schemas: Sequence[str] = ("public",)
    rows: str = "rows"
    contracts: str | None = None
    deviation: Sequence[Mapping[str, Any]] = ()

    def asks_for(self, clause: str) -> bool:
        """Whether a rule of house style is asked for."""
        return self.asked_for == ALL or clause in self.asked_for


def read_settings(folder: Path) -> Settings:
    """Read the settings of a folder of migrations, and those of the Supabase CLI beside it. Raises BadSettings."""
    file = folder / NAME
    given = {**_of_the_cli(_toml(folder.parent / "config.toml")), **_toml(file)}
    for key, value in given.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            known = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(KEYS)}."
            raise BadSettings(f"{file}: there is no setting {key!r}. {known}")
        if not _is_right(key, value):
            raise BadSettings(f"{file}: {key} = {value!r}: must be {KEYS[key]}.")
    if gone := [name for name in given.get("judge_as_new", ()) if not (folder / name).is_file()]:
        raise BadSettings(f"{file}: judge_as_new: there is no file {', '.join(gone)} in this folder.")
    asked_for = given.get("asked_for", ())
    return Settings(file, **{**given, "asked_for": asked_for if asked_for == ALL else frozenset(asked_for)})


def _of_the_cli(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Take what the Supabase CLI's config.toml says of the API and of PostgreSQL."""
    found = {
        "exposed_schemas": configuration.get("api", {}).get("schemas"),
        "oldest_postgresql": configuration.get("db", {}).get("major_version"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _is_right(key: str, value: object) -> bool:
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if key == "oldest_postgresql":
        return isinstance(value, int)
    if key in {"rows", "contracts"}:
        return isinstance(value, str)
    if key == "deviation":
        return isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return texts or (key == "asked_for" and value == ALL)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadSettings(f"{file}: not TOML: {fault}.") from None
