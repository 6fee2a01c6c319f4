"""Template databases: a Supabase project under each default privileges, before and after the migrations."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from psycopg import sql

from tests.harness.core.roles import AUTHENTICATOR, LOADER, MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.core.versions import CREATEROLE_NEEDS_THE_ADMIN_OPTION
from tests.harness.migrations import baseline
from tests.harness.migrations.dump import Dump
from tests.harness.migrations.files import Migration, apply, apply_history
from tests.harness.server.connection import Connection
from tests.harness.server.database import Janitor
from tests.harness.server.lifecycle import Server
from tests.harness.supabase.not_here import LeftOut, apply_here

FOLDER = Path(__file__).with_name("sql")
# By what the platform's default privileges give the API roles on new objects: the scripts that fill a database before
# any migration, in this order; those of the second come on top of the first's.
SCRIPTS = {
    "granting": (
        *("database", "stand_ins", "extensions"),
        *("auth", "storage", "realtime", "supabase_functions", "supabase_migrations"),
        *("supautils", "postgrest_watch", "granting"),
    ),
    "explicit": ("explicit",),
}
DEFAULT_PRIVILEGES = tuple(SCRIPTS)
# What sql/cluster.sql makes, and the bootstrap superuser.
PLATFORM_ROLES = frozenset(
    {SUPERUSER, *re.findall(r"^CREATE ROLE (\w+)", (FOLDER / "cluster.sql").read_text(encoding="utf-8"), re.MULTILINE)}
)
PLATFORM_SETTINGS = frozenset((FOLDER / "settings.txt").read_text(encoding="utf-8").splitlines())


def unmigrated(default_privileges: str) -> str:
    """Name the template database of a project before any migration."""
    return f"bare_{default_privileges}"


def migrated(default_privileges: str) -> str:
    """Name the template database of a project with every migration applied."""
    return f"migrated_{default_privileges}"


def before_events(default_privileges: str, history: Sequence[Migration]) -> str:
    """Name the template database of a project with its history, and without the files that are judged as new ones."""
    return f"history_{default_privileges}" if history else unmigrated(default_privileges)


def build(server: Server, migrations: Sequence[Migration]) -> None:
    """Make the projects with every migration applied. Raises migration.DoesNotApply."""
    for default_privileges in DEFAULT_PRIVILEGES:
        build_migrated(server, default_privileges, migrations)


def build_unmigrated(server: Server) -> None:
    """Make the roles, and for each setting of the default privileges a project before any migration."""
    # Every database is a copy of this one, file by file: without the free space maps and the visibility maps that
    # initdb left, a quarter of them is gone, and of the time.
    with server.connect(SUPERUSER, "template1") as template:
        template.execute("VACUUM (FULL)")
    with server.connect(SUPERUSER) as admin:
        admin.execute(_script("cluster"))
        if server.major < CREATEROLE_NEEDS_THE_ADMIN_OPTION:
            admin.execute(b"BEGIN;" + _script("before_16") + b"COMMIT")
        for file in sorted(FOLDER.glob("since_*.sql")):
            if server.major >= int(file.stem.removeprefix("since_")):
                admin.execute(file.read_bytes())
        for role in (SUPERUSER, MIGRATOR, AUTHENTICATOR, LOADER):
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), _verifier(server.password)))
    # Not the migrator's: it could drop or alter what is its own, wherever it is.
    like = "template1"
    for default_privileges, scripts in SCRIPTS.items():
        create(server, unmigrated(default_privileges), template=like, owner=SUPERUSER)
        like = unmigrated(default_privileges)
        with server.connect(SUPERUSER, like) as project:
            for name in scripts:
                project.execute(_script(name))


def build_migrated(server: Server, default_privileges: str, migrations: Sequence[Migration]) -> None:
    """Make a project with every migration applied. Raises migration.DoesNotApply."""
    create(server, migrated(default_privileges), template=unmigrated(default_privileges))
    migrate(server, migrated(default_privileges), migrations)


def build_history(
    server: Server, default_privileges: str, history: Sequence[Migration], seconds: float
) -> list[LeftOut]:
    """Make a project with what is applied already, in so many seconds a file. Raises migration.DoesNotApply.

    Return the statements that could not be run here.
    """
    left_out: list[LeftOut] = []
    if history:
        name = before_events(default_privileges, history)
        create(server, name, template=unmigrated(default_privileges))
        for migration in history:
            left_out += apply_here(migration, lambda each: migrate(server, name, [each], seconds), True, left_out)
        if default_privileges == "explicit" and isinstance(history[0], Dump):
            # A dump says which default privileges there are; the platform's change of them comes on top.
            with server.connect(SUPERUSER, name) as project:
                project.execute(_script("explicit"))
    return left_out


def migrate(server: Server, dbname: str, migrations: Sequence[Migration], seconds: float = TIMEOUTS.statement) -> None:
    """Apply the migrations in order, each on a connection of its own and in so many seconds. Raises DoesNotApply."""
    for migration in migrations:
        if isinstance(migration, Dump):
            baseline.apply(server, dbname, migration, seconds)
            continue
        with closing(server.connect(MIGRATOR, dbname)) as connection:
            (apply_history if migration.is_history else apply)(connection, migration, seconds)


def create(server: Server, dbname: str, *, template: str, owner: str = MIGRATOR) -> None:
    """Make a database."""
    with server.connect(SUPERUSER) as superuser:
        Janitor(superuser, dbname, template=template, owner=owner).init()


def lock_templates(superuser: Connection, history: Sequence[Migration] = ()) -> None:
    """Take the migrated templates out of the migrator's reach; copies are made with an owner of their own."""
    for default_privileges in DEFAULT_PRIVILEGES:
        for name in (migrated(default_privileges), before_events(default_privileges, history)):
            command = sql.SQL("ALTER DATABASE {} OWNER TO {}")
            superuser.execute(command.format(sql.Identifier(name), sql.Identifier(SUPERUSER)))


def _verifier(password: str) -> str:
    """Return what a server keeps of a password, in the form of pg_authid.rolpassword, after a single iteration.

    Many iterations protect a password that can be guessed; this one is random, and every connection pays. Source of
    the form: PostgreSQL's documentation of pg_authid; of the keys: RFC 5802, section 3.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations=1)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    keys = [base64.b64encode(key).decode() for key in (salt, stored, hmac.digest(salted, b"Server Key", "sha256"))]
    return "SCRAM-SHA-256$1:{}${}:{}".format(*keys)


def _script(name: str) -> bytes:
    return (FOLDER / f"{name}.sql").read_bytes()
