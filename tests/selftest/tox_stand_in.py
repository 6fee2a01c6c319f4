"""Stands in for tox, which is not installed beside the selftest: runs an environment's commands by this Python.

It takes what .ci/gate_action gives it, and hands on the variables that tox.ini passes, and no other.
"""

import argparse
import configparser
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

# tox passes these by itself.
ALWAYS = ("PATH", "TMPDIR")


def main() -> int:
    """Run them, and return the status of the first one that fails."""
    parser = argparse.ArgumentParser(prog="tox")
    parser.add_argument("-c", dest="file", type=Path, required=True)
    parser.add_argument("-e", dest="environment", required=True)
    parser.add_argument("posargs", nargs="*")
    options = parser.parse_args()
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(options.file, encoding="utf-8")
    passed = [*re.findall(r"^\w+$", ini["testenv"]["pass_env"], re.MULTILINE), *ALWAYS]
    environment = {name: os.environ[name] for name in passed if name in os.environ}
    name, _, value = ini["testenv"]["set_env"].partition("=")
    known = {
        "[gate]pytest": ini["gate"]["pytest"].replace("\\\n", " "),
        "posargs": shlex.join(options.posargs),
        "env_tmp_dir": environment["TMPDIR"],
        "/": os.sep,
    }
    for line in ini[f"testenv:{options.environment}"]["commands"].splitlines():
        command = line
        while (filled := re.sub(r"\{([^{}]+)\}", lambda found: known[found[1]], command)) != command:
            command = filled
        words = shlex.split(command)
        assert words[0] == "python", words
        done = subprocess.run(
            [sys.executable, *words[1:]], cwd=options.file.parent, env={**environment, name: value}, check=False
        )
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
