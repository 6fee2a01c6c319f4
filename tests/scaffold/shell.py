"""Open psql on a throwaway database with every migration applied: python -m tests.scaffold.shell --as anon."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.harness.core.paths import MIGRATIONS
from tests.harness.core.roles import MIGRATOR
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations import dump
from tests.harness.migrations.files import BadMigrations, DoesNotApply, Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.settings import BadSettings
from tests.harness.server import psql
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import Server
from tests.harness.server.process import CannotStart
from tests.harness.supabase import platform, templates
from tests.harness.supabase.not_here import LeftOut, apply_here

FAILED, CANNOT_RUN = 1, 3
DATABASE = "project"
# A person looks at it, and is gone before the end of the day.
LIFE_SECONDS = 8 * 3600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return psql's exit status; 1 where a file does not apply, 3 where nothing could be started."""
    parser = argparse.ArgumentParser(
        prog="tox -e shell --", description=__doc__, epilog="What follows is psql's: -c 'SELECT 1', -f FILE."
    )
    add = parser.add_argument
    add("--as", dest="role", choices=psql.ROLES, default=MIGRATOR, help="the role to enter as (default: postgres)")
    add("--migrations", metavar="DIR", type=Path, default=MIGRATIONS, help="the folder (default: migrations/)")
    add("--baseline", metavar="FILE", type=Path, help="a dump that is applied first, in the place of what it has")
    add("--since", metavar="REV", help="a git revision: the files that it has are applied already, and in the dump")
    add("--pg", metavar="VERSION|BINDIR", help="the PostgreSQL to run, as for the gate")
    options, of_psql = parser.parse_known_args(arguments)
    try:
        migrations = MigrationsFolder(options.migrations, options.since).read()
        if options.baseline is not None:
            migrations = (dump.read(options.baseline), *(each for each in migrations if not each.is_history))
        running = platform.start(installation.usable(options.pg), timeouts=replace(TIMEOUTS, server_life=LIFE_SECONDS))
    except (BadMigrations, BadSettings, CannotStart) as reason:
        print(reason, file=sys.stderr)
        return CANNOT_RUN
    try:
        if (script := psql.write_script(running.server, DATABASE)) is None:
            print(psql.NO_PSQL, file=sys.stderr)
            return CANNOT_RUN
        refusal = _apply(running.server, migrations)
        state = f"without the file that does not apply, and those after it: {refusal}" if refusal else "all applied"
        print(f"{options.migrations}: {state}\nAs {options.role}; \\q ends it, and removes all of it.", file=sys.stderr)
        # Ctrl-C is psql's: it cancels a statement.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        status = subprocess.run(["/bin/sh", script, options.role, *of_psql], check=False).returncode
        return FAILED if refusal else status
    finally:
        running.stop()


def _apply(server: Server, migrations: Sequence[Migration]) -> DoesNotApply | None:
    """Make the database, and apply the files in order; return why one does not apply, with which it ends."""
    templates.create(server, DATABASE, template=templates.unmigrated("explicit"))
    left_out: list[LeftOut] = []
    for migration in migrations:
        try:
            left_out += apply_here(migration, lambda each: templates.migrate(server, DATABASE, [each]), True, left_out)
        except DoesNotApply as refusal:
            return refusal
    for each in left_out:
        if each.why:
            print(each, file=sys.stderr)
    return None


if __name__ == "__main__":
    sys.exit(main())
