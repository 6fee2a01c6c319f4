"""The peers, each in a virtual environment of its own below the one that runs this; nothing goes into the tree."""

import subprocess
import tomllib
import venv

from tests.harness.core.paths import ROOT
from tests.peers.tools import ENVIRONMENTS

if __name__ == "__main__":
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    for pin in groups["peers"]:
        folder = ENVIRONMENTS / pin.partition("==")[0]
        if not folder.exists():
            venv.create(folder, with_pip=True)
        pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", pin], check=True)
