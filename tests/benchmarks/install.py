"""Debian's PostgreSQL 15 with pgTAP and pg_prove, where this is a Debian and root runs it."""

import os
import shutil
import subprocess

from tests.benchmarks.measuring import DEBIAN, has_pgtap

PACKAGES = ("postgresql-15", "postgresql-15-pgtap", "libtap-parser-sourcehandler-pgtap-perl")

if __name__ == "__main__":
    apt = shutil.which("apt-get")
    if not has_pgtap() and apt is not None and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
            subprocess.run([apt, "-qq", *words], env=environment, stdout=subprocess.DEVNULL, check=False)
    if not has_pgtap():
        print(f"pgTAP is not measured: in {DEBIAN} it is not installed; apt-get install {' '.join(PACKAGES)}")
