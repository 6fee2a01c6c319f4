"""Ways in which this table may stand wrong, beyond those of any table, and what its verification must say."""

import tomllib
from pathlib import Path

_FOUND = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _filled(text: str) -> str:
    for name, words in reversed(_FOUND["words"].items()):
        text = text.replace(f"{{{name}}}", words)
    return text


def _changes(group: str) -> dict[str, tuple[str, str]]:
    return {what: (_filled(sql), _filled(says)) for what, (sql, says) in _FOUND[group].items()}


# The SQL of the change, and how what must be said begins.
CHANGES, ON_A_FRESH_CONNECTION = _changes("changes"), _changes("on_a_fresh_connection")
# What the contract leaves free: said otherwise, the same.
SAME = {what: _filled(sql) for what, sql in _FOUND["same"].items()}
