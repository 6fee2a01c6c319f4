"""Install the tools of package-lock.json into the environment that runs this; nothing goes into the source tree.

The lock holds the Supabase CLI's binary for Linux on x86-64 alone: that is where its hash was seen.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# An environment's own folder, so that it comes and goes with the environment.
FOLDER = Path(sys.prefix) / "deliveries"
RECORD = FOLDER / "installed"
LISTS = [HERE / name for name in ("package.json", "package-lock.json", ".npmrc")]


def installed() -> bool:
    """Whether the tools are there, in the versions of the lock."""
    return RECORD.is_file() and RECORD.read_text(encoding="ascii") == _wanted()


def install() -> str | None:
    """Install them with npm, unless they are there; return what stands in the way, if anything does."""
    if installed():
        return None
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    oldest = int(re.sub(r"\D", "", package["engines"]["node"]))
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return f"The real deliveries run on Node {oldest} or later, with npm, and this machine has none: install it."
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < oldest:
        return (
            f"The real deliveries run on Node {oldest} or later, and this machine has {version}: install a later one."
        )
    FOLDER.mkdir(exist_ok=True)
    for file in LISTS:
        shutil.copy(file, FOLDER)
    if subprocess.run([npm, "ci"], cwd=FOLDER, check=False).returncode:
        return "The real deliveries could not be installed: npm says why, above."
    RECORD.write_text(_wanted(), encoding="ascii")
    return None


def _wanted() -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in LISTS)).hexdigest()


if __name__ == "__main__":
    sys.exit(install())
