"""Applies a dump to a project's database, before any migration.

What a superuser would restore is restored, but no function of the dump's is ever called by a superuser: a role that is
none runs all that could call one, and the superuser the rest. What the platform has already is passed over, and told.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Timer

import psycopg
from psycopg import sql

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.bounded_query import terminate
from tests.harness.migrations.dump import COMMAND, DATA, Dump, DumpStatement
from tests.harness.migrations.files import ApplyFailure, DoesNotApply
from tests.harness.server.connection import Connection
from tests.harness.server.lifecycle import Server

BEGIN, DEFAULTS, END = (
    Path(__file__).with_name(f"baseline_{name}.sql").read_bytes() for name in ("begin", "defaults", "end")
)
LOADER = "baseline_loader"
# PostgreSQL's own, whose privileges a dump of a whole database may hold.
CATALOGS = ("pg_catalog", "information_schema")


def apply(server: Server, dbname: str, dump: Dump, seconds: float = TIMEOUTS.statement) -> None:
    """Apply a dump in so many seconds, and let it tell what was done otherwise than it says. Raises DoesNotApply."""
    with closing(server.connect(SUPERUSER, dbname)) as superuser:
        schemas = _names(superuser, "SELECT nspname FROM pg_namespace WHERE nspname <> 'public'")
        superusers = _names(superuser, "SELECT rolname FROM pg_roles WHERE rolsuper")
        notes: dict[str, list[str]] = defaultdict(list)
        named = set().union(*(statement.roles for statement in dump.statements))
        for role in sorted(named - _names(superuser, "SELECT rolname FROM pg_roles")):
            superuser.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            notes["role"].append(role)
        with _loader(server, dbname, superuser) as connection:
            loading = Loading(dump, superuser, connection, frozenset(schemas), frozenset(superusers), notes)
            loading.apply(seconds)
    words = DATA["notes"]
    # The second time, the roles are there.
    dump.told[:] = dump.told or [
        words[kind].format(number=len(each), first=", ".join(each[:3])) for kind, each in notes.items()
    ]


@contextmanager
def _loader(server: Server, dbname: str, superuser: Connection) -> Iterator[Connection]:
    """Open a session of the role that loads; in the end, what is its own becomes the migrator's, and the role goes."""
    superuser.execute(BEGIN)
    password = sql.Literal(server.password)
    superuser.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(LOADER), password))
    try:
        with closing(server.connect(LOADER, dbname)) as connection:
            connection.prepare_threshold = None
            # Otherwise the driver keeps what it is sent.
            connection.add_notify_handler(lambda _: None)
            yield connection
    finally:
        superuser.execute(END)


@dataclass(frozen=True)
class Loading:
    """A dump on its way into a database: who runs it, the schemas and superusers that were there, and what to tell."""

    dump: Dump
    superuser: Connection
    loader: Connection
    platform: frozenset[str]
    superusers: frozenset[str]
    notes: dict[str, list[str]] = field(repr=False)

    def apply(self, seconds: float) -> None:
        """Apply it statement by statement, each committed. Raises DoesNotApply."""
        if any(_defaults_of(each) == MIGRATOR for each in self.dump.statements):
            self.superuser.execute(DEFAULTS)
        # A function may catch what cancels its statement, so its session is ended.
        slow = Event()

        def end() -> None:
            slow.set()
            terminate(self.loader)

        bound = Timer(seconds, end)
        bound.start()
        try:
            for statement in self.dump.statements:
                if not statement.is_ignored:
                    self._run(statement)
        except psycopg.OperationalError as lost:
            if not slow.is_set():
                raise
            how = DATA["failure"]["slow"].format(seconds=seconds)
            raise self._failure(statement, lost, how, DATA["failure"]["slow_hint"]) from lost
        finally:
            bound.cancel()

    def _run(self, statement: DumpStatement) -> None:
        if (note := self._unmade(statement)) is not None:
            self.notes[note].append(statement.first_line)
            return
        try:
            self._send(statement)
        except psycopg.Error as refusal:
            if self.loader.closed or self.superuser.closed:
                raise
            exists = refusal.sqlstate in DATA["exists"]
            if statement.kind == "CreateExtensionStmt":
                self.notes["has" if exists else "extension"].append(str(statement.tree.extname))
            elif statement.kind == "CreateSchemaStmt" and exists:
                self.notes["has"].append(statement.first_line)
            elif statement.schema in self.platform or (statement.schema is None and exists):
                exists = exists or refusal.sqlstate in DATA["platform_exists"]
                told = f"line {statement.line}: {refusal.diag.message_primary}"
                self.notes["has" if exists else "differs"].append(told)
            else:
                raise self._failure(statement, refusal) from refusal

    def _unmade(self, statement: DumpStatement) -> str | None:
        """Say under which note a statement is told that is not run."""
        if statement.schema in CATALOGS:
            return "has"
        if statement.kind in DATA["left_out"]:
            return "has" if statement.schema in self.platform else "left_out"
        if statement.new_owner in self.superusers:
            return "has" if statement.schema in self.platform else "owner"
        return "has" if _defaults_of(statement) in self.superusers else None

    def _send(self, statement: DumpStatement) -> None:
        text = statement.text.encode()
        if statement.kind == "CopyStmt":
            with self.loader.cursor().copy(text) as copy:
                copy.write(statement.rows)
        elif statement.is_setting:
            for connection in (self.loader, self.superuser):
                connection.execute(text)
        elif statement.kind in DATA["superuser"] or statement.new_owner is not None:
            self.superuser.execute(text)
        else:
            self._load(statement, text)

    def _load(self, statement: DumpStatement, text: bytes) -> None:
        """Run a statement as the loader; a foreign key, where its rows are not in the dump, as NOT VALID."""
        try:
            self.loader.execute(text)
        except psycopg.errors.ForeignKeyViolation as refusal:
            if statement.kind != "AlterTableStmt":
                raise
            self.loader.execute(text + b" NOT VALID")
            self.notes["foreign_key"].append(str(refusal.diag.constraint_name))

    def _failure(self, statement: DumpStatement, error: psycopg.Error, how: str = "", hint: str = "") -> DoesNotApply:
        words, here, there = DATA["failure"], self.loader.info.server_version // 10000, self.dump.made_of
        hints = [hint or words["hint"].format(command=COMMAND)]
        if there is not None and there > here:
            hints.append(words["newer"].format(there=there, here=here))
        if self.notes["extension"]:
            hints.append(
                DATA["notes"]["extension"].format(
                    number=len(self.notes["extension"]), first=", ".join(self.notes["extension"])
                )
            )
        position = int(error.diag.statement_position or 1)
        line = statement.line + statement.text.count("\n", 0, position - 1)
        return DoesNotApply(
            ApplyFailure(self.dump, line, statement.text, error, how, " ".join(hints), what=words["what"])
        )


def _defaults_of(statement: DumpStatement) -> str | None:
    """Name the role whose default privileges in schema public a statement changes."""
    if statement.kind != "AlterDefaultPrivilegesStmt":
        return None
    options = {option.defname: option.arg for option in statement.tree.options or ()}
    return str(options["roles"][0].rolename) if "roles" in options else None


def _names(superuser: Connection, query: str) -> set[str]:
    return {str(name) for (name,) in superuser.execute(query.encode())}
