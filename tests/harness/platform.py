"""Make a plain PostgreSQL look like Supabase, in both eras, with and without the migrations applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from psycopg import sql

from tests.harness import versions
from tests.harness.migration import Migration, apply
from tests.harness.server import SUPERUSER, Server

# What the platform's default privileges give the API roles on new objects.
ERAS = ("granting", "explicit")
MIGRATOR = "postgres"
# Made by platform/cluster.sql for R7; no project has it.
STRANGER = "somebody_else"
API_ROLES = ("anon", "authenticated", "service_role")

_FOLDER = Path(__file__).with_name("platform")


def bare(era: str) -> str:
    """Name the template database of a project before any migration."""
    return f"bare_{era}"


def migrated(era: str) -> str:
    """Name the template database of a project with every migration applied."""
    return f"migrated_{era}"


def build(server: Server, migrations: Sequence[Migration]) -> None:
    """Make the roles, and the four template databases. Raises migration.DoesNotApply."""
    build_bare(server)
    for era in ERAS:
        build_migrated(server, era, migrations)


def build_bare(server: Server) -> None:
    """Make the roles, and for each era a project before any migration."""
    with server.connect(SUPERUSER) as admin:
        admin.execute(_script("cluster"))
        # Many iterations protect a password that can be guessed; this one is random, and every connection pays.
        if server.major >= versions.SCRAM_ITERATIONS_CAN_BE_SET:
            admin.execute("SET scram_iterations = 1")
        for role in (SUPERUSER, MIGRATOR, "authenticator"):
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), server.password))
        # Supabase's migrator may pass the API roles on where PostgreSQL lets it do so without being a superuser.
        if server.major >= versions.CREATEROLE_NEEDS_THE_ADMIN_OPTION:
            admin.execute("GRANT anon, authenticated, service_role TO postgres WITH ADMIN OPTION")
        for era in ERAS:
            _create(server, bare(era), template="template1")
            with server.connect(SUPERUSER, bare(era)) as project:
                project.execute(_script("database"))
                project.execute(_script("granting"))
                if era == "explicit":
                    project.execute(_script("explicit"))


def build_migrated(server: Server, era: str, migrations: Sequence[Migration]) -> None:
    """Make a project with every migration applied. Raises migration.DoesNotApply."""
    _create(server, migrated(era), template=bare(era))
    migrate(server, migrated(era), migrations)


def migrate(server: Server, dbname: str, migrations: Sequence[Migration]) -> None:
    """Apply the migrations in order, each on a connection of its own, as a delivery does."""
    for migration in migrations:
        connection = server.connect(MIGRATOR, dbname)
        try:
            apply(connection, migration)
        finally:
            connection.close()


def _create(server: Server, dbname: str, *, template: str) -> None:
    with server.connect(SUPERUSER) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER postgres").format(
                sql.Identifier(dbname), sql.Identifier(template)
            )
        )


def _script(name: str) -> bytes:
    return (_FOLDER / f"{name}.sql").read_bytes()
