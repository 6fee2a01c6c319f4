"""What the plugins say to people, in the words of messages.toml."""

import tomllib
from pathlib import Path

MESSAGES: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
