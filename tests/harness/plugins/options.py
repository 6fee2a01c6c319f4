"""Every option and setting of the gate: declared, read, and refused where they contradict each other."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.errors import InvalidArgument

from tests.harness.catalog import live
from tests.harness.catalog.live import BadAddress
from tests.harness.core import paths
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations import dump
from tests.harness.migrations.files import BadFile, BadMigrations, Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.settings import BadSettings
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.stash import ADDRESS, FOLDER, MIGRATIONS, REFUSAL, RUN_TIMEOUTS
from tests.harness.report.files import ENDINGS

# Minutes for which --keep leaves the server: by default, and at most.
KEEP, LONGEST_KEEP = 10, 240


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings."""
    group = parser.getgroup("gate", "which PostgreSQL, and which migrations")
    group.addoption(
        "--pg",
        metavar="VERSION|BINDIR",
        help="the PostgreSQL to run: a major version, or the folder of its initdb and postgres (default: embedded)",
    )
    folder = "the folder of migrations to gate (default: migrations/)"
    group.addoption("--migrations", metavar="DIR", type=Path, default=paths.MIGRATIONS, help=folder)
    baseline = "a plain dump of the schema in production: applied first, in the place of what is applied already"
    group.addoption("--baseline", metavar="FILE", type=Path, help=baseline)
    contracts = "a folder of contracts in another repository, judged beside those of this one"
    group.addoption("--contracts", metavar="DIR", type=Path, help=contracts)
    since = "a git revision: the files that it has are applied already, and not judged as new ones"
    group.addoption("--since", metavar="REV", help=since)
    quick = "a verdict in seconds: the files apply, the rules, and the contracts at few examples; says what it left out"
    group.addoption("--quick", action="store_true", help=quick)
    keep = (
        f"end at the first failing test, and leave its database for so many minutes (default: {KEEP}), to look into it"
    )
    group.addoption("--keep", metavar="MINUTES", nargs="?", type=_minutes, const=KEEP, help=keep)
    watch = "run again each time that a file of the folder of migrations, or of a contract, is saved; Ctrl-C ends it"
    group.addoption("--watch", action="store_true", help=watch)
    group.addoption(
        "--locks", action="store_true", help="print what each statement of each migration locks, rewrites and scans"
    )
    report = (
        f"write what was found into this file, in the format that its ending says, also given several times: {ENDINGS}"
    )
    group.addoption("--report", metavar="FILE", type=Path, action="append", default=[], help=report)
    group.addoption("--write", action="store_true", help="write the record of access anew, beside the migrations")
    group.addoption(
        "--database-url",
        metavar="env:NAME|URL",
        help="read a live database's catalog, in READ ONLY transactions, and judge it by the clauses of structure; "
        "env:NAME names the environment variable that holds its URL, and a URL given here takes no password",
    )
    parser.addini("statement_seconds", "how long a migration, and any statement of a test, may take")
    parser.addini("hang_seconds", "how long a test, or an example of one, may take")


def _minutes(text: str) -> int:
    """Read what --keep was given: in the place of minutes there may stand what was meant as a test."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_KEEP):
        raise argparse.ArgumentTypeError(MESSAGES["bad_keep"].format(given=text, most=LONGEST_KEEP))
    return int(text)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the options, and make sure that no other PostgreSQL can be reached by accident."""
    _check_profile(config)
    if config.option.database_url is not None:
        _take_address(config)
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    # Tells apart the sessions of the processes of a run.
    os.environ["PGAPPNAME"] = f"gate {worker()}"
    if config.option.help or config.option.version:
        return
    config.stash[RUN_TIMEOUTS] = replace(
        TIMEOUTS,
        statement=float(config.getini("statement_seconds") or TIMEOUTS.statement),
        test=float(config.getini("hang_seconds") or TIMEOUTS.test),
    )
    config.stash[FOLDER] = folder = MigrationsFolder(config.option.migrations, config.option.since)
    config.stash[MIGRATIONS] = ()
    try:
        config.stash[MIGRATIONS] = _with_baseline(config, folder.read())
    except BadFile as fault:
        config.stash[REFUSAL] = "I1", str(fault)
    except (BadMigrations, BadSettings) as fault:
        raise pytest.UsageError(str(fault)) from None


def _with_baseline(config: pytest.Config, migrations: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """Put the dump, if one is given, in the place of the history. Raises BadDump."""
    if config.option.baseline is None:
        return migrations
    return dump.read(config.option.baseline), *(each for each in migrations if not each.is_history)


def worker() -> str:
    """Name this process of a run: an xdist worker, or the only one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _check_profile(config: pytest.Config) -> None:
    """Refuse a profile that there is not, before Hypothesis does so with a traceback."""
    name = config.getoption("--hypothesis-profile", None)
    try:
        settings.get_profile(name or "gate")
    except InvalidArgument:
        raise pytest.UsageError(MESSAGES["no_profile"].format(name=name)) from None


def _take_address(config: pytest.Config) -> None:
    """Keep the live database's address where nothing prints it."""
    option, config.option.database_url = config.option.database_url, "(not shown)"
    contradicting = {
        "--pg": config.option.pg is not None,
        "--migrations": config.option.migrations != paths.MIGRATIONS,
        "--baseline": config.option.baseline is not None,
        "--quick": config.option.quick,
        "--keep": config.option.keep is not None,
        "--locks": config.option.locks,
        "-n": bool(getattr(config.option, "tx", None)),
    }
    if given := [name for name, is_given in contradicting.items() if is_given]:
        raise pytest.UsageError(MESSAGES["database_url_alone"].format(options=" and ".join(given)))
    try:
        config.stash[ADDRESS] = live.address(option, os.environ)
    except BadAddress as fault:
        raise pytest.UsageError(str(fault)) from None
