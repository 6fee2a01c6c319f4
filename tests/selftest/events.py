"""A small migration and every way to get it wrong, as the room tests/upgrade takes it: a case, on the run's server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg import sql

from tests.harness.core.roles import SUPERUSER
from tests.harness.migrations.files import Migration, Statement, read_file
from tests.harness.plugins.databases import worker
from tests.harness.server.lifecycle import Server
from tests.upgrade.support.case import DatabaseFactory, MigrationCase

# A migration that keeps every rule of the room. Line 4 is its work.
GOOD = """BEGIN;
SET LOCAL client_min_messages = 'warning';
SET LOCAL lock_timeout = '2s';
CREATE TABLE IF NOT EXISTS public.t (id int);
NOTIFY pgrst, 'reload schema';
COMMIT;
"""
WORK = GOOD.splitlines()[3]
ROWS = "INSERT INTO public.t SELECT n FROM generate_series(1, 3) AS n;"


def wrong(*edits: tuple[str, str]) -> str:
    """Edit it; a text that does not stand there once is an error."""
    text = GOOD
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@contextmanager
def case_of(
    the_server: Server, folder: Path, text: str, default_privileges: str = "explicit"
) -> Iterator[MigrationCase]:
    """Write a migration, and make a case of it; the databases made for it are dropped at the end."""
    file = folder / "001_it.sql"
    file.write_text(text, encoding="utf-8")
    (folder / "public.t.sql").write_text(ROWS, encoding="utf-8")
    # With another one behind it, no template of the run's own migrations is taken for its result.
    migrations = [read_file(file), Migration(folder / "002_more.sql", 2, "SELECT 1", (Statement("SELECT 1", 1),))]
    with closing(the_server.connect(SUPERUSER)) as admin:
        workshop = DatabaseFactory(the_server, admin, f"{worker()}_{folder.name}", migrations, folder)
        try:
            yield MigrationCase(workshop, migrations[0], default_privileges)
        finally:
            for name in workshop.templates.values():
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
