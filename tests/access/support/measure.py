"""Measures access: acts as each identity on everything that is exposed, on rows of several owners."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from psycopg import sql

from tests.access.support import commands, objects, partitions
from tests.access.support.attempts import Measuring
from tests.access.support.builder import WorldBuilder
from tests.access.support.claims import claims
from tests.access.support.comparisons import constants
from tests.access.support.identities import Identity, identities
from tests.access.support.objects import KINDS, Relation
from tests.access.support.outcomes import NO_ROW, Access, Line, differing
from tests.access.support.relation_access import RelationAccess
from tests.access.support.routine_access import RoutineAccess
from tests.access.support.values import MARKS
from tests.access.support.world import FILES
from tests.harness.core.roles import AUTHENTICATOR, LOADER, MIGRATOR, SUPERUSER
from tests.harness.server.connection import Connection
from tests.harness.server.database import Database

PREPARE = b"".join(Path(__file__).with_name(f"{name}.sql").read_bytes() for name in ("attempts", "loader"))
# For each table with a holder, its headers, and the column whose value each of them has.
Headers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Measured:
    """What was measured, while its database is there: more can be tried."""

    measuring: Measuring
    everybody: Sequence[Identity]

    @property
    def access(self) -> Access:
        """What was found."""
        return self.measuring.access

    @property
    def superuser(self) -> Connection:
        """The superuser's connection to the database."""
        return self.measuring.superuser

    def retry(self, relation: str, name: str, command: str) -> str:
        """Try once more what somebody can do with a table by a command, and say it as the record does."""
        lines = self._lines(self.measuring, relation, name)
        return next((each.words for each in lines if each.command == command), NO_ROW)

    def again(self, relation: str) -> dict[tuple[str, str], str]:
        """Measure one table once more, its privileges too; what is kept stays as it is."""
        same = self.measuring
        measuring = Measuring(same.superuser, same.migrator, same.authenticator, same.relations, same.world)
        names = dict.fromkeys(each.name for each in self.everybody)
        lines = (each for name in names for each in self._lines(measuring, relation, name))
        return {(each.role, each.command): each.words for each in lines}

    def _lines(self, measuring: Measuring, name: str, identity: str) -> list[Line]:
        relation = measuring.relations[name]
        group = [each for each in self.everybody if each.name == identity and _asks(each, relation)]
        return [*commands.lines(RelationAccess(measuring, relation, identity, group))] if group else []


@contextmanager
def measure(database: Database, schemas: Sequence[str], headers: Headers, rows: Path) -> Iterator[Measured]:
    """Measure access to all that is exposed in a database of the test's own, which is filled for it.

    `rows` is the folder of the files that put rows into tables for which none can be made.
    """
    with ExitStack() as stack:
        superuser, migrator, authenticator = (
            stack.enter_context(closing(database.connect(role))) for role in (SUPERUSER, MIGRATOR, AUTHENTICATOR)
        )
        relations = objects.relations(superuser, schemas)
        superuser.execute(PREPARE)
        with closing(database.connect(LOADER)) as loader:
            expressions = objects.expressions(superuser)
            named = claims(expressions)
            builder = WorldBuilder(loader, relations, constants(expressions), named.columns, rows)
            world = builder.build()
            partitions.fill(builder)
        _drop_foreign_keys(superuser, relations)
        # All attempts on a table are one statement.
        authenticator.execute("SET statement_timeout = '60s'")
        for each in (superuser, migrator, authenticator):
            each.execute("SET search_path = ''")
        for relation in relations.values():
            if relation.kind == "m":
                migrator.execute(sql.SQL("REFRESH MATERIALIZED VIEW {}").format(sql.SQL(relation.name)))
        everybody = identities(world, {name: each for name, each in headers.items() if name in relations}, named)
        measuring = Measuring(superuser, migrator, authenticator, relations, world)
        _measure(measuring, everybody, schemas)
        measuring.access.empty = {
            name: why for name, why in world.empty.items() if not world.rows.get(name) and relations[name].is_exposed
        }
        yield Measured(measuring, everybody)


def _drop_foreign_keys(superuser: Connection, relations: Mapping[str, Relation]) -> None:
    """Leave no foreign key: what is done with a row is seen whether others refer to it or not."""
    for table in relations.values():
        for key in table.foreign_keys if table.is_filled else ():
            name = sql.Identifier(key.name)
            superuser.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(table.name), name))


def _measure(measuring: Measuring, everybody: Sequence[Identity], schemas: Sequence[str]) -> None:
    lines = measuring.access.lines
    for relation in measuring.relations.values():
        if relation.is_exposed and (relation.name != FILES or _has_policies(measuring.superuser, FILES)):
            groups = _by_name([each for each in everybody if _asks(each, relation)])
            found = (commands.lines(RelationAccess(measuring, relation, name, group)) for name, group in groups.items())
            lines[f"{KINDS[relation.kind]} {relation.name}"] = differing(chain.from_iterable(found))
    for routine in objects.routines(measuring.superuser, schemas):
        asking = [each for each in everybody if each.owner is None or each.owner in MARKS]
        name = routine.name.partition("(")[0]
        groups = _by_name([each for each in asking if not each.is_held and name in (each.asked_of or {name})])
        found = (RoutineAccess(measuring, routine, name, group).lines() for name, group in groups.items())
        lines[f"{routine.kind} {routine.name}"] = differing(chain.from_iterable(found))


def _asks(identity: Identity, relation: Relation) -> bool:
    """Whether an identity asks for a table: a holder holds a row of one alone; BYPASSRLS matters to a policy's role.

    A claim matters to what is compared with it.
    """
    if identity.is_held:
        return relation.has_policy_of_the_service
    if identity.asked_of is not None and relation.name not in identity.asked_of:
        return False
    return identity.owner is None or identity.owner in MARKS or identity.owner.startswith(f"{relation.name} ")


def _by_name(everybody: Sequence[Identity]) -> dict[str, list[Identity]]:
    found: dict[str, list[Identity]] = defaultdict(list)
    for each in everybody:
        found[each.name].append(each)
    return found


def _has_policies(superuser: Connection, table: str) -> bool:
    """Whether the project has policies on a table: without, it is as the platform has it."""
    return superuser.execute("SELECT 1 FROM pg_policy WHERE polrelid = %s::regclass", [table]).fetchone() is not None
