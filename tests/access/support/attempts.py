"""Tries statements as an identity, each taken back at once, and keeps what was refused and what failed on the way."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import sql
from psycopg.rows import args_row

from tests.access.support.builder import DONE, TEXTS
from tests.access.support.identities import Identity
from tests.access.support.objects import Relation
from tests.access.support.outcomes import Access, Fault
from tests.access.support.world import World
from tests.harness.server.connection import Connection

PRIVILEGES = Path(__file__).with_name("privileges.sql").read_bytes()
REFUSED = "42501"
# Recursion; what is not there, or ambiguous; a wrong type; too deep; an internal error.
FAULTS = ("42P17", "42703", "42P01", "42883", "42704", "42702", "42725", "42804", "42P18", "54001", "XX000")
# Whoever asks may do it, and a constraint, a trigger or the state of the object stands in the way.
IN_THE_WAY = ("23", "P0001", "0A000", "55000", "2200", "21000")
# The policies have let the row through; it is the data's fault that there is no row more.
LET_THROUGH = ("23505", "23503", "23P01", "23514", "0A000")


@dataclass(frozen=True)
class Attempt:
    """What came of a statement: SQLSTATE, message and context, and how many rows it touched.

    `texts` are the rows that were read, or the places of those that are still there.
    """

    sqlstate: str
    message: str | None
    context: str | None
    touched: int
    texts: Sequence[str] | None

    @property
    def is_done(self) -> bool:
        """Whether it succeeded."""
        return self.sqlstate == DONE

    @property
    def is_refused_by_a_check(self) -> bool:
        """Whether the WITH CHECK of a policy refused what a row would have become."""
        return self.sqlstate == REFUSED and "row-level security" in str(self.message)

    @property
    def is_permitted(self) -> bool:
        """Whether the privilege is held, whatever else stands in the way."""
        return self.is_done or self.is_refused_by_a_check or self.sqlstate.startswith(IN_THE_WAY)


@dataclass(frozen=True)
class Privileges:
    """The columns of a table or view that a role may read, change and fill in, and what else it may.

    What it may not is not tried: PostgreSQL asks the same before all else. Policies name the columns `decided`.
    """

    relation: str
    read: Sequence[str]
    changed: Sequence[str]
    filled: Sequence[str]
    may_delete: bool
    may_truncate: bool
    decided: Sequence[str]


@dataclass
class Measuring:
    """One measuring of a database: the connections, what there is, and what has been found so far."""

    superuser: Connection
    migrator: Connection
    authenticator: Connection
    relations: Mapping[str, Relation]
    world: World
    access: Access = field(default_factory=Access)
    _privileges: dict[str, dict[str, Privileges]] = field(default_factory=dict)

    def attempt(
        self,
        identity: Identity,
        statements: Sequence[sql.Composable],
        *,
        is_read: bool = False,
        watched: str | None = None,
    ) -> list[Attempt]:
        """Try statements; return the rows of what is read, the places of what is left of a table that is watched."""
        if not statements:
            return []
        role = identity.request.role
        settings = [list(each) for each in identity.request.settings() if each[0] not in ("statement_timeout", "role")]
        # As the Storage API does.
        settings.append(["storage.allow_delete_query", "true"])
        texts = [each.as_string(self.authenticator) for each in statements]
        query = f"SELECT * FROM access_attempts.attempt(%s::text[], %s, {TEXTS}, %s, %s)"
        with self._session(identity) as connection:
            cursor = connection.cursor(row_factory=args_row(Attempt))
            return cursor.execute(query.encode(), (settings, role, json.dumps(texts), is_read, watched)).fetchall()

    @contextmanager
    def _session(self, identity: Identity) -> Iterator[Connection]:
        """Lend a session of authenticator; without BYPASSRLS, the superuser's that acts as it, and is taken back."""
        if not identity.is_held:
            yield self.authenticator
            return
        with self.superuser.transaction(force_rollback=True):
            role = sql.Identifier(identity.request.role)
            self.superuser.execute(sql.SQL("ALTER ROLE {} NOBYPASSRLS").format(role))
            self.superuser.execute("SET LOCAL SESSION AUTHORIZATION authenticator")
            yield self.superuser

    def privileges(self, role: str, relation: str) -> Privileges:
        """Return what a role may do with a table or view, before any policy."""
        if role not in self._privileges:
            parameters = {"role": role, "relations": [*self.relations]}
            cursor = self.superuser.cursor(row_factory=args_row(Privileges))
            self._privileges[role] = {each.relation: each for each in cursor.execute(PRIVILEGES, parameters)}
        return self._privileges[role][relation]

    def keep(self, name: str, identity: Identity, command: str, attempt: Attempt) -> None:
        """Keep a refusal's words, and an error on the way to the rows; not one of the values that were tried."""
        if attempt.sqlstate == REFUSED:
            self.access.refusals[name, identity.name, command] = str(attempt.message)
        # Who only reads gives no value that could be wrong.
        elif attempt.sqlstate in FAULTS or (command == "select" and not attempt.is_done):
            words = str(attempt.message), str(attempt.context)
            self.access.faults.append(Fault(name, identity.name, command, attempt.sqlstate, *words))
