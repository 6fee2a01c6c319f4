"""Which contracts a run has: one whose table is not there is one finding, and a table that has none is told."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness.catalog.contracts import (
    NO_CONTRACTS,
    BadContracts,
    Contract,
    check_package,
    find_contracts,
    tables_without,
    without_table,
)
from tests.harness.core import paths
from tests.harness.core.private_api import no_conftest_above
from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.dump import Dump
from tests.harness.migrations.files import Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.statements import tables_created
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import CONTRACT, find_page, read_page
from tests.harness.plugins.single_report import SingleReport
from tests.harness.plugins.stash import CLUSTER, CONTRACTS, FOLDER, MIGRATIONS, SERVER
from tests.harness.supabase import templates

# The fixture of the tests that need the file that makes the table.
CREATED_BY = "created_by"
# The folders of the contracts whose table is not there; in the process at the terminal, the tables that have none.
WITHOUT_TABLE = pytest.StashKey[list[str]]()
WITHOUT_CONTRACT = pytest.StashKey[list[str]]()


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    """Find the contracts; those of another repository are collected where no tests were chosen."""
    if FOLDER not in config.stash:
        return
    elsewhere = list(dict.fromkeys(_elsewhere(config)))
    try:
        for folder in elsewhere:
            if not any(folder.rglob("table.py")):
                raise BadContracts(NO_CONTRACTS.format(folder=folder))
            check_package(folder)
        config.stash[CONTRACTS] = find_contracts([paths.CONTRACTS, *elsewhere, *_chosen(config)])
    except BadContracts as fault:
        raise pytest.UsageError(str(fault)) from None
    for folder in elsewhere:
        if not folder.is_relative_to(paths.ROOT):
            # The application's own would come with what it imports.
            no_conftest_above(config.pluginmanager, folder)
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [*config.args, *map(str, elsewhere)]


def _elsewhere(config: pytest.Config) -> Iterator[Path]:
    """Yield the folders of contracts that the run's options and the settings of its migrations name."""
    folder = config.stash[FOLDER]
    if folder.settings.contracts is not None:
        yield (folder.path / folder.settings.contracts).resolve()
    if config.option.contracts is not None:
        yield config.option.contracts.resolve()


def _chosen(config: pytest.Config) -> Iterator[Path]:
    """Yield the folders among the arguments that hold contracts, or the one that holds the file."""
    for argument in config.args:
        path = (config.invocation_params.dir / argument.partition("::")[0]).resolve()
        folder = path if path.is_dir() else path.parent
        if (folder / CONTRACT).is_file() or (path.is_dir() and path.is_relative_to(paths.TESTS)):
            yield folder


def pytest_sessionstart(session: pytest.Session) -> None:
    """Ask the catalog which tables there are, once, before xdist starts its workers."""
    stash = session.config.stash
    if (handed_over := getattr(session.config, "workerinput", None)) is not None:
        stash[WITHOUT_TABLE] = handed_over["without table"]
    elif CLUSTER in stash:
        contracts, schemas = stash[CONTRACTS], stash[FOLDER].settings.exposed_schemas
        with closing(stash[SERVER].connect(SUPERUSER, templates.migrated("explicit"))) as connection:
            stash[WITHOUT_TABLE] = [str(each.folder) for each in without_table(connection, contracts)]
            stash[WITHOUT_CONTRACT] = tables_without(connection, contracts, schemas)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker what the catalog said."""
    node.workerinput["without table"] = node.config.stash.get(WITHOUT_TABLE, [])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of a contract whose table is not there; where it must be, one test says that.

    Where a baseline makes the table, what its own file does can not be judged.
    """
    for contract in _in_a_baseline(config):
        _leave_out(
            config, items, [each for each in _of(contract, items) if CREATED_BY in getattr(each, "fixturenames", ())]
        )
    for contract in _without_table(config):
        its = _of(contract, items)
        _leave_out(config, items, its)
        if its and must_be_there(contract, config.stash[FOLDER], config.stash[MIGRATIONS]):
            page = read_page(contract.folder / CONTRACT)
            nodeid = f"{contract.table.name}::table"
            alone = SingleReport.from_parent(session, name="the table is there", nodeid=nodeid, path=page.path)
            alone.words = MESSAGES["table_not_made"].format(
                table=contract.table.qualified_name, folder=contract.folder, migrations=config.stash[FOLDER].path
            )
            alone.add_marker(pytest.mark.clause("S1" if "S1" in page.clauses else next(iter(page.clauses))))
            items.append(alone)


def _of(contract: Contract, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    return [item for item in items if find_page(item.path).path.parent.resolve() == contract.folder]


def _leave_out(config: pytest.Config, items: list[pytest.Item], out: Sequence[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def _in_a_baseline(config: pytest.Config) -> list[Contract]:
    tables = {
        table for each in config.stash.get(MIGRATIONS, ()) if isinstance(each, Dump) for table in tables_created(each)
    }
    return [each for each in config.stash.get(CONTRACTS, []) if each.table.name in tables]


def _without_table(config: pytest.Config) -> list[Contract]:
    folders = config.stash.get(WITHOUT_TABLE, [])
    return [each for each in config.stash.get(CONTRACTS, []) if str(each.folder) in folders]


def contracts_judged(config: pytest.Config) -> list[Contract]:
    """List the contracts that this run can say something of."""
    folder, migrations, missing = config.stash[FOLDER], config.stash[MIGRATIONS], _without_table(config)
    return [
        each
        for each in config.stash.get(CONTRACTS, [])
        if each not in missing or must_be_there(each, folder, migrations)
    ]


def must_be_there(contract: Contract, folder: MigrationsFolder, migrations: Sequence[Migration]) -> bool:
    """Whether the migrations are to make the contract's table: those of another project name this one's nowhere."""
    return (
        not contract.folder.is_relative_to(paths.CONTRACTS.resolve())
        or folder.path.resolve() == paths.MIGRATIONS.resolve()
        or any(contract.table.name in migration.text for migration in migrations)
    )


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which contracts were not judged, and which tables have none."""
    if WITHOUT_TABLE not in config.stash:
        return
    folder, bare = config.stash[FOLDER], config.stash[WITHOUT_CONTRACT]
    missing = _without_table(config)
    apart = [each.table.name for each in missing if not must_be_there(each, folder, config.stash[MIGRATIONS])]
    dumped = [each.table.name for each in _in_a_baseline(config)]
    if not apart and not bare and not dumped:
        return
    terminalreporter.section("tables")
    if dumped:
        terminalreporter.line(MESSAGES["in_a_baseline"].format(tables=", ".join(dumped)))
    if apart:
        terminalreporter.line(MESSAGES["not_judged"].format(tables=", ".join(apart)))
    if bare:
        into = next(_elsewhere(config), folder.path.parent / "contracts")
        options = "" if folder.path == paths.MIGRATIONS else f" --migrations {folder.path} --into {into}"
        terminalreporter.line(MESSAGES["no_contract"].format(tables=", ".join(bare), begin=bare[0] + options))
