"""Says why a role can do something: which policy or privilege decides, and the statement that made it so."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql
from psycopg.rows import tuple_row

from tests.access.support.identities import HELD
from tests.access.support.outcomes import NO_ROW
from tests.access.support.record import Change
from tests.harness.catalog.places import place_of
from tests.harness.catalog.rules import Finding
from tests.harness.core.roles import PUBLIC
from tests.harness.migrations.files import Migration
from tests.harness.server.connection import Connection

POLICIES, BEHIND = (Path(__file__).with_name(name).read_bytes() for name in ("policies.sql", "behind.sql"))
FUNCTIONS = b"""
SELECT f.oid::regprocedure::text FROM pg_proc AS f INNER JOIN pg_namespace AS n ON f.pronamespace = n.oid
WHERE f.proname = %(name)s AND (n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole)
"""
INVOKER = b"""
SELECT EXISTS (
    SELECT FROM pg_options_to_table(reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean
) FROM pg_class WHERE oid = %s::regclass
"""
OWNERS_VIEW = "the view, which shows what its owner sees, as it is not security_invoker"
PRIVILEGES = ("select", "insert", "update", "delete", "truncate")


@dataclass(frozen=True)
class Policy:
    """A policy of a table: its expressions as SQL."""

    name: str
    using: str | None
    check: str | None
    is_permissive: bool


@dataclass(frozen=True)
class Reason:
    """What decides: in words, and the statement that made it so."""

    words: str
    place: tuple[Path, int] | None


@dataclass(frozen=True)
class Reasons:
    """Finds what decides, in a database and the migrations that made it."""

    superuser: Connection
    migrations: Sequence[Migration]

    def of(self, change: Change, role: str, retry: Callable[[], str]) -> list[Reason]:
        """List what lets a role do what it now can, the last made first; `retry` tries it again."""
        kind, name = change.kind, change.name
        found: list[Reason] = []
        if kind in ("view", "materialized view"):
            found = self._of_view(change, role)
        elif kind in ("function", "procedure"):
            found = [self._reason("EXECUTE", "E7", f"{name}, {role}", "x")]
            if change.before is not None:
                found = self._last([self.of_function(name), *self._behind("pg_proc", name)]) or found
        elif kind in ("table", "foreign table") and change.command in PRIVILEGES:
            found = self._of_table(change, role, retry)
        elif kind == "sequence":
            found = [self._reason("GRANT", "E5", f"{name}, {role}", "USAGE, UPDATE are granted")]
        # Of one file, in the order in which they are found: what lets a row through before the privilege.
        return sorted(found, key=lambda each: self._order(each)[0], reverse=True)

    def _of_view(self, change: Change, role: str) -> list[Reason]:
        granted = self._granted(change, role)
        found = [self._reason(OWNERS_VIEW, "E8", change.name, "x")]
        if self.superuser.execute(INVOKER, [change.name]).fetchone() == (True,):
            behind = [] if change.before is None else self._behind("pg_class", change.name)
            found = self._last([self._reason("the view", "E8", change.name, "x"), *behind])
        return found + [granted] * (change.before is None or self._is_last(granted, found))

    def _of_table(self, change: Change, role: str, retry: Callable[[], str]) -> list[Reason]:
        name, command = change.name, change.command
        granted = self._granted(change, role)
        cursor = self.superuser.cursor(row_factory=tuple_row)
        rows = cursor.execute(POLICIES, {"table": name, "role": role, "command": command}).fetchall()
        row_security, bypasses = rows[0][:2]
        policies = [Policy(*each) for _, _, *each in rows if each[0] is not None]
        if (bypasses and not change.role.endswith(HELD)) or command == "truncate":
            return [granted]
        if not row_security:
            found = [self._reason("row-level security, which is not enabled", "E1", name, "x")]
            return found + [granted] * (change.before is None or self._is_last(granted, found))
        now_none = (change.now or NO_ROW).startswith(NO_ROW)
        permissive = [each for each in policies if each.is_permissive]
        deciding = [] if now_none else [*self._deciding(name, permissive, retry)]
        found = [self.of_policy(name, each.name) for each in deciding]
        others = [self.of_policy(name, each.name) for each in policies if now_none or not each.is_permissive]
        for each in policies if now_none else deciding:
            others += self._behind("pg_policy", each.name, name)
        if now_none:
            others.append(self.lost(name, role, command))
        others += [each for column in change.added for each in self._of_column(name, column)]
        later = [each for each in self._last(others) if self._is_last(each, found)]
        return found + later + [granted] * (change.before is None or self._is_last(granted, found + later))

    def _of_column(self, table: str, column: str) -> list[Reason]:
        """Say which statement made a column, and which gave it its name, if it had another one."""
        made = self._reason(f"column {column}", "E27", f"{table}, column {column}", "is of type x")
        renamed = self._reason(f"RENAME of a column to {column}", "renamed", f"{table}, column {column}", "x")
        return [made, *[renamed] * (renamed.place is not None)]

    def _deciding(self, name: str, policies: Sequence[Policy], retry: Callable[[], str]) -> Iterator[Policy]:
        """Yield the policies that let somebody through by themselves: of several, each is tried without the others."""
        if len(policies) == 1:
            yield policies[0]
            return
        for policy in policies:
            with _without(self.superuser, name, [each for each in policies if each != policy]):
                if not retry().startswith(NO_ROW):
                    yield policy

    def _behind(self, catalog: str, name: str, table: str | None = None) -> list[Reason]:
        """List the policies and functions that something asks."""
        cursor = self.superuser.cursor(row_factory=tuple_row)
        rows = cursor.execute(BEHIND, {"catalog": catalog, "name": name, "table": table}).fetchall()
        asked = [each for each in rows if each[1:] != (table, name)]
        return [
            self.of_policy(where, each, of=f" of {where}") if kind == "policy" else self.of_function(each)
            for kind, where, each in asked
        ]

    def of_policy(self, table: str, name: str, of: str = "") -> Reason:
        """Say which statement made a policy as it is."""
        return self._reason(f'policy "{name}"{of}', "E2", f"{table}, policy {name}", "holds x")

    def of_function(self, name: str) -> Reason:
        """Say which statement made a function as it is, of which the name may be all that is known."""
        words = name.partition("(")[0].rpartition(".")[2]
        rows = [str(each) for (each,) in self.superuser.execute(FUNCTIONS, {"name": words})]
        known = next((each for each in rows if each.endswith(name)), next(iter(rows), ""))
        return self._reason(f"function {known}", "E10", known, "x") if known else Reason(name, None)

    def made(self, change: Change) -> Reason:
        """Say which statement made an object."""
        clause = {"view": "E8", "materialized view": "E8", "function": "E10", "procedure": "E10"}.get(change.kind, "E1")
        return self._reason("", clause, change.name, "x")

    def lost(self, name: str, role: str, command: str) -> Reason:
        """Say which statement took from a role what it could do: dropped a policy, or revoked a privilege."""
        dropped = self._reason("", "E4", f"{name}, {role}, {command.upper()}", "x")
        about, what = f"{name}, policy -, {role}", f"is for {command.upper()}, which the role may not"
        return next(iter(self._last([dropped, self._reason("", "E3", about, what)])), dropped)

    def refused(self, change: Change, role: str, refusal: str) -> list[Reason]:
        """Say which statement took a privilege from a role; or what asks for what it may not."""
        lost = self.lost(change.name, role, change.command)
        if not change.kind.endswith("table"):
            return []
        if refusal.endswith(f" {change.name.rpartition('.')[2]}") or not refusal:
            return [lost]
        rows = self.superuser.execute(POLICIES, {"table": change.name, "role": role, "command": change.command})
        return self._last([lost, *(self.of_policy(change.name, str(row[2])) for row in rows if row[2] is not None)])

    def last_policies(self, table: str) -> list[Reason]:
        """List the policies of the tables of that name, the last made first."""
        query = b"SELECT polrelid::regclass::text, polname FROM pg_policy INNER JOIN pg_class AS c ON c.oid = polrelid"
        rows = self.superuser.execute(query + b" WHERE c.relname = %s", [table])
        found = [self.of_policy(str(where), str(name)) for where, name in rows]
        return sorted((each for each in found if each.place), key=self._order, reverse=True)

    def _granted(self, change: Change, role: str) -> Reason:
        return self._reason("GRANT", "E5", f"{change.name}, {role}", f"{change.command.upper()} is granted")

    def _last(self, found: Iterable[Reason]) -> list[Reason]:
        """Return what was made last."""
        placed = [each for each in found if each.place]
        return [max(placed, key=self._order)] if placed else []

    def _is_last(self, reason: Reason, others: Sequence[Reason]) -> bool:
        return reason.place is not None and all(self._order(each) < self._order(reason) for each in others)

    def _order(self, reason: Reason) -> tuple[int, int]:
        number = {each.path: number for number, each in enumerate(self.migrations)}
        return (number[reason.place[0]], reason.place[1]) if reason.place else (-1, 0)

    def _reason(self, words: str, clause: str, about: str, what: str) -> Reason:
        return Reason(words, place_of(Finding(clause, about, what), self.migrations))


@contextmanager
def _without(superuser: Connection, name: str, policies: Sequence[Policy]) -> Iterator[None]:
    """Let some policies let nobody through."""
    try:
        for each in policies:
            _alter(superuser, name, each, "false")
        yield
    finally:
        for each in policies:
            _alter(superuser, name, each)


def _alter(superuser: Connection, name: str, policy: Policy, expression: str | None = None) -> None:
    parts = [("USING", policy.using), ("WITH CHECK", policy.check)]
    given = [f"{words} ({expression or text})" for words, text in parts if text is not None]
    command = sql.SQL("ALTER POLICY {} ON {} {}")
    superuser.execute(command.format(sql.Identifier(policy.name), sql.SQL(name), sql.SQL(" ".join(given))))


def role_of(name: str) -> str:
    """Return the role of an identity's name, which may say more."""
    return name.split(" ", maxsplit=1)[0] or PUBLIC
