"""The factory of databases: copies of a Supabase project, before any of its migrations, after some, or after all."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.migrations.files import DoesNotApply, Migration
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database, Janitor
from tests.harness.server.lifecycle import Server
from tests.harness.supabase import templates

# Of what takes long to make: a folder may have a hundred files, and each is tried in a state of its own.
MOST_KEPT = 12
# A file that works through its rows again and again leaves many times what they take, and each later state copies it.
LARGE_BYTES = 64 * 1024 * 1024


@dataclass(eq=False)
class DatabaseFactory:
    """Makes databases of one server, and drops them; what takes long to make is made once, and copied.

    `worker` is a part of every name, so that it can be told whose a database is. `fill` puts rows into every table.
    `keeps_failures`: a database is not dropped that was lent to what failed; `keeps_all`, set later: nor is any other.
    """

    server: Server
    worker: str
    migrations: Sequence[Migration] = ()
    fill: Callable[[Database], object] = lambda _: None
    exit_seconds: float = TIMEOUTS.session
    keeps_failures: bool = False
    keeps_all: bool = field(default=False, init=False)
    failed: list[str] = field(default_factory=list, init=False)
    _observers: dict[str, Connection] = field(default_factory=dict, init=False)
    _made: dict[tuple[str, bool, int], tuple[Database, ExitStack]] = field(default_factory=dict, init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), init=False)
    _kept: ExitStack = field(default_factory=ExitStack, init=False)

    def __repr__(self) -> str:
        """Stay short, and say no password."""
        return f"<databases of {self.worker}>"

    @contextmanager
    def lend(self, template: str, owner: str = MIGRATOR) -> Iterator[Database]:
        """Lend a copy of a template, and drop it. Nobody guesses its name: a migration may drop what its role owns."""
        name = f"copy_{secrets.token_hex(4)}_{self.worker}_{next(self._numbers)}"
        Janitor(self.superuser, name, template=template, owner=owner).init()
        lent = Database(self.server, name)
        try:
            try:
                yield lent
            finally:
                self.close_observer(lent)
        except BaseException:
            if self.keeps_failures:
                self.failed.append(name)
            if not self.keeps_failures or len(self.failed) > MOST_KEPT:
                self._drop(self.failed.pop(0) if self.failed else name, template, owner)
            raise
        else:
            if not self.keeps_all:
                self._drop(name, template, owner)

    def _drop(self, name: str, template: str, owner: str) -> None:
        # Not the janitor that made it: the server may have been killed, and the connection been lost with it.
        Janitor(self.superuser, name, template=template, owner=owner).drop()

    def project(
        self, default_privileges: str, applied: int, *, filled: bool = False
    ) -> AbstractContextManager[Database]:
        """Lend a project with so many migrations applied; if `filled`, each of them met tables with rows in them."""
        return self.lend(self._template(default_privileges, applied, filled))

    def observer(self, lent: Database) -> Connection:
        """Return the superuser's connection to a lent database: one, which is closed when that is given back."""
        if lent.name not in self._observers:
            self._observers[lent.name] = lent.connect(SUPERUSER)
        return self._observers[lent.name]

    def close_observer(self, lent: Database) -> None:
        """Close that connection, if there is one: what has read the catalog takes much memory."""
        if lent.name in self._observers:
            self._observers.pop(lent.name).close()

    def keep(self, lent: AbstractContextManager[Database]) -> Database:
        """Take a database that is lent, and keep it until the factory is closed."""
        return self._kept.enter_context(lent)

    def close(self) -> None:
        """Drop what was kept."""
        for _, keeping in self._made.values():
            keeping.close()
        self._made.clear()
        self._kept.close()
        self.disconnect()

    @cached_property
    def superuser(self) -> Connection:
        """The connection through which databases are made and dropped."""
        return self.server.connect(SUPERUSER)

    def disconnect(self) -> None:
        """Close the connection; the next use opens another."""
        if (connection := self.__dict__.pop("superuser", None)) is not None:
            connection.close()

    def wait_for_exit(self, backend: int) -> None:
        """Wait until a session whose connection is closed has gone, and taken back its transaction."""
        end = time.monotonic() + self.exit_seconds
        while self.superuser.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (backend,)).fetchone():
            assert time.monotonic() < end, "a session whose connection is closed does not end."

    def _template(self, default_privileges: str, applied: int, filled: bool) -> str:
        """Return the name of a database to copy, which is made where it is asked for first."""
        if applied == 0:
            return templates.unmigrated(default_privileges)
        if applied == len(self.migrations) and not filled:
            return templates.migrated(default_privileges)
        history = [each for each in self.migrations if each.is_history]
        if applied == len(history) and not filled:
            return templates.before_events(default_privileges, history)
        key = default_privileges, filled, applied
        if key not in self._made:
            # The history is applied at once, and filled at its end: nobody asks for its every step.
            first = len(history) if applied >= len(history) else 0
            steps = [step for privileges, full, step in self._made if (privileges, full) == key[:2] and step < applied]
            start = max([first, *steps])
            is_step = (*key[:2], start) in self._made
            with ExitStack() as keeping:
                database = keeping.enter_context(self.project(default_privileges, start, filled=filled and is_step))
                if filled and start and not is_step:
                    self.fill(database)
                for number in range(start, applied):
                    database = self._step(keeping, database, default_privileges, number, filled=filled)
                self._shrink(database)
                self._made[key] = database, keeping.pop_all()
            if len(self._made) > MOST_KEPT:
                self._made.pop(next(iter(self._made)))[1].close()
        # The last that was asked for is the last to go.
        self._made[key] = self._made.pop(key)
        return self._made[key][0].name

    def _shrink(self, database: Database) -> None:
        """Give back what dead rows take, where a database is large."""
        is_large = "SELECT pg_database_size(%s) > %s"
        if self.superuser.execute(is_large, (database.name, LARGE_BYTES)).fetchone() == (True,):
            with closing(database.connect(SUPERUSER)) as connection:
                connection.execute("VACUUM (FULL)")

    def _step(
        self, keeping: ExitStack, database: Database, default_privileges: str, number: int, *, filled: bool
    ) -> Database:
        """Apply one more migration; where it does not fit the rows, take the project after it, and fill that."""
        try:
            templates.migrate(self.server, database.name, [self.migrations[number]])
        except DoesNotApply:
            if not filled:
                raise
            database = keeping.enter_context(self.project(default_privileges, number + 1))
        if filled:
            self.fill(database)
        return database
