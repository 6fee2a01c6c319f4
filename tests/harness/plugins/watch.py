"""The option --watch: the run again, each time that a file of the folder of migrations or of a contract is saved."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.harness.core.private_api import configure
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.stash import CONTRACTS, FOLDER

OPTION = "--watch"
# How long is waited at least for what is saved: also how soon the first run begins.
LOOK_MILLISECONDS = 100


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Run in processes of their own, until Ctrl-C; the exit status is that of the last run."""
    words = config.invocation_params.args
    if OPTION not in words:
        return None
    configure(config)
    if find_spec("watchfiles") is None:
        raise pytest.UsageError(MESSAGES["no_watchfiles"])
    from watchfiles import watch

    status = 0
    folders = {config.stash[FOLDER].path.resolve(), *(each.folder for each in config.stash[CONTRACTS])}
    try:
        # What is saved during a run is seen after it.
        for number, changed in enumerate(watch(*folders, rust_timeout=LOOK_MILLISECONDS, yield_on_timeout=True)):
            if changed or number == 0:
                status = _run([word for word in words if word != OPTION])
                print(MESSAGES["watching"].format(folder=config.option.migrations), flush=True)
    except KeyboardInterrupt:
        print()
    return status


def _run(words: list[str]) -> int:
    """Run pytest, and return its exit status. Ctrl-C reaches the run too, and is raised here once that has ended."""
    with subprocess.Popen([sys.executable, "-m", "pytest", *words]) as run:
        try:
            return run.wait()
        except KeyboardInterrupt:
            run.wait()
            raise
