"""Applies the migrations for the first time, before any test, and for the second, guarded against what they may do.

A migration that hangs, sends without end, ends its server, or changes what is outside of its database is reported once,
and nothing else is tried: every test would meet it again. What PostgreSQL refuses on the second run is left to the
tests, which say more.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import psycopg
from psycopg import sql

from tests.harness.catalog import cluster_snapshot
from tests.harness.catalog.cluster_snapshot import ClusterSnapshot
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.dump import Dump
from tests.harness.migrations.files import ApplyFailure, DoesNotApply, Migration
from tests.harness.server.connection import Connection
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates
from tests.harness.supabase.not_here import LeftOut, apply_here
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES

SECOND_RUN = "applied_again"
OUT_OF_ITS_DATABASE = "the migration reaches beyond its database"


@dataclass(frozen=True)
class GuardedApplication:
    """Applies one file at a time; compares the server before and after, and sees whether another session was ended."""

    server: Server
    superuser: Connection
    seconds: float
    # Whether settings of roles, too, are to stay as they are.
    settings: bool = True

    def apply(self, dbname: str, migration: Migration) -> None:
        """Apply a file. Raises DoesNotApply, for what it did to others too."""
        with closing(self.server.connect(MIGRATOR)) as bystander:
            before = cluster_snapshot.read(self.superuser)
            refusal: DoesNotApply | None = None
            try:
                templates.migrate(self.server, dbname, [migration], self.seconds)
            except DoesNotApply as reason:
                refusal = reason
            how = "the server was lost under it."
            try:
                # What it committed before it failed stays, and is the worse of the two.
                if changes := before.changes(
                    self.superuser, new_roles=False, new_databases=True, settings=self.settings
                ):
                    how = f"roles or databases of the server are not as they were.\n{changes}"
                    raise _beyond(migration, how, refusal)
                how = "it ended a session that is not its own."
                bystander.execute("SELECT 1")
            except psycopg.OperationalError as lost:
                raise refusal or _beyond(migration, how, refusal) from lost
        if refusal is not None:
            raise refusal


@dataclass(frozen=True)
class FirstApplication:
    """The server with every migration applied, and the statements that could not be run on it."""

    cluster: ClusterSnapshot
    left_out: Sequence[LeftOut]


def build(
    server: Server,
    migrations: Sequence[Migration],
    seconds: float = TIMEOUTS.statement,
    asks_for: Callable[[str], bool] = lambda _: True,
) -> FirstApplication:
    """Make what templates.build makes, in so many seconds a file, and look at the server. Raises DoesNotApply.

    The history is applied as it stands: what it did to the server's roles is there since long. The other files are
    applied again where it is asked for that they may be.
    """
    with closing(server.connect(SUPERUSER)) as superuser:
        guarded = GuardedApplication(server, superuser, seconds, settings=asks_for("I13"))
        left_out: list[LeftOut] = []
        # While the second is made, the first is another database of the same owner: within reach, and not its own.
        for default_privileges in DEFAULT_PRIVILEGES:
            files = [_without(left_out, each) for each in migrations]
            history = [each for each in files if each.is_history]
            before = cluster_snapshot.read(superuser) if history and isinstance(history[0], Dump) else None
            left_out += templates.build_history(server, default_privileges, history, seconds)
            if before and (changes := before.changes(superuser, new_roles=False, new_databases=False)):
                raise _beyond(history[0], f"roles or databases of the server are not as they were.\n{changes}", None)
            migrated = templates.migrated(default_privileges)
            templates.create(server, migrated, template=templates.before_events(default_privileges, history))
            for migration in files[len(history) :]:
                run = partial(guarded.apply, migrated)
                left_out += apply_here(migration, run, not asks_for("I2"), left_out)
        if asks_for("I2"):
            templates.create(server, SECOND_RUN, template=migrated)
            for migration in files[len(history) :]:
                apply_again(guarded, SECOND_RUN, _without(left_out, migration))
            superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(SECOND_RUN)))
        templates.lock_templates(superuser, history)
        return FirstApplication(cluster_snapshot.read(superuser), left_out)


def _without(left_out: Sequence[LeftOut], migration: Migration) -> Migration:
    for each in left_out:
        migration = each.of(migration)
    return migration


def apply_again(guarded: GuardedApplication, dbname: str, migration: Migration) -> None:
    """Apply a file a second time. Raises DoesNotApply, but not for what PostgreSQL refuses."""
    try:
        guarded.apply(dbname, migration)
    except DoesNotApply as refusal:
        failure = refusal.failure
        if failure.how:
            what = failure.what if failure.what == OUT_OF_ITS_DATABASE else "the migration does not apply a second time"
            raise DoesNotApply(replace(failure, what=what)) from None


def _beyond(migration: Migration, how: str, refusal: DoesNotApply | None) -> DoesNotApply:
    error = refusal.failure.error if refusal is not None else psycopg.Error(how)
    hint = "leave the platform's roles and their settings, other databases and other sessions alone."
    line = migration.first_line
    return DoesNotApply(ApplyFailure(migration, line, "", error, how, hint, clause="I13", what=OUT_OF_ITS_DATABASE))
