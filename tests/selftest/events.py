"""A small migration, and the databases to try it on as the room tests/upgrade does, on the run's own server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.harness.migrations.edits import Edit
from tests.harness.migrations.files import Migration, Statement, read_file
from tests.harness.plugins.options import worker
from tests.harness.server.lifecycle import Server
from tests.harness.supabase.databases import DatabaseFactory
from tests.selftest.cases import SAMPLES
from tests.upgrade.support.case import MigrationCase
from tests.upgrade.support.rows import Rows

# A migration that keeps every rule of the room. Line 4 is its work.
GOOD = (SAMPLES / "upgrade_failures" / "good.sql").read_text(encoding="utf-8")
WORK = GOOD.splitlines()[3]
ROWS = "INSERT INTO public.t SELECT n FROM generate_series(1, 3) AS n;"


def edited(*edits: tuple[str, str]) -> str:
    """Return it with edits, each of a text that stands there once."""
    text = GOOD
    for edit in edits:
        text = Edit(*edit).apply(text)
    return text


@contextmanager
def case_of(server: Server, folder: Path, text: str, *, earlier: str = "") -> Iterator[MigrationCase]:
    """Write a migration, after an earlier one if there is a text for it, and make a case of it.

    The databases made for it are dropped at the end.
    """
    files = {"000_earlier.sql": earlier, "001_it.sql": text} if earlier else {"001_it.sql": text}
    for name, content in {"public.t.sql": ROWS, **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    # With another one behind it, no template of the run's own migrations is taken for its result.
    last = Migration(folder / "002_more.sql", "002", "SELECT 1", (Statement("SELECT 1", 1),))
    migrations = [*(read_file(folder / name) for name in files), last]
    with closing(DatabaseFactory(server, worker(), migrations, Rows({}, folder).fill)) as databases:
        yield MigrationCase(databases, migrations[-2], "explicit")
