"""An example of a property, by its kind, beside Hypothesis drawing it and psycopg sending what it needs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.benchmarks.measuring import Effort, Table, alternately
from tests.benchmarks.needed import Needed, Statement
from tests.benchmarks.server import copies, throwaway
from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import SessionChecker, with_token
from tests.contract.calculator2_sessions.scenario import MINE, NEW, OTHER
from tests.contract.calculator2_sessions.test_several_roles import SeveralRoles
from tests.harness.core.paths import MIGRATIONS
from tests.harness.core.roles import AUTHENTICATOR, BROWSER_ROLES
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.connection import Connection
from tests.harness.server.session import Session, set_local

Row = dict[str, Any]
HEAD = ["kind", "examples", "Hypothesis alone, µs", "psycopg alone, µs", "statements", "the gate, µs", "of the floor"]


@dataclass(frozen=True)
class Way:
    """How examples are tried: what stands for the table and its model, and what is around each example."""

    checker: Callable[..., Any]
    around: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True)
class Property:
    """Examples of one kind: what is drawn, which rows are there before, and what is done and compared."""

    name: str
    values: st.SearchStrategy[Any]
    act: Callable[[Any, Any], object]
    there: Callable[[Any], list[Row]] = lambda _: []

    def run(self, number: int, way: Way) -> None:
        """Let Hypothesis try so many, in that way."""

        @settings(settings.get_profile("gate"), max_examples=number)
        @given(value=self.values)
        def one_by_one(value: Any) -> None:
            with way.around():
                self.act(way.checker(*self.there(value)), value)

        one_by_one()


@dataclass(frozen=True)
class Machine:
    """The steps of the state machine of several roles."""

    name: str

    def run(self, number: int, way: Way) -> None:
        """Let Hypothesis try a fifth as many series of steps, as the gate does, in that way."""

        class Steps(SeveralRoles):
            @initialize()
            def begin(self) -> None:
                self.example.enter_context(way.around())
                self.checker = way.checker()

        steps: Any = Steps
        made: Any = partial(steps, None)
        few = settings(settings.get_profile("gate"), max_examples=max(number // 5, 1))
        run_state_machine_as_test(made, settings=few)


class Nothing:
    """Stands for a table and its model, and does nothing."""

    def __init__(self, *_: Row) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Do nothing, whatever is asked for."""
        return lambda *_: None


def kinds() -> list[Property | Machine]:
    """List every kind."""
    misses = st.sampled_from(strategies.ROWS.rules).flatmap(strategies.ROWS.near_misses)
    readers = st.tuples(strategies.rows(MINE), st.sampled_from(BROWSER_ROLES))
    return [
        Property("insert", strategies.rows(), lambda checker, row: checker.insert(row)),
        Property("insert that is refused", misses, lambda checker, row: checker.insert({"session_token": NEW, **row})),
        Property(
            "update",
            strategies.rows(),
            lambda checker, row: checker.update(OTHER, row),
            lambda _: [{"session_token": OTHER}],
        ),
        Property(
            "read under row-level security",
            readers,
            lambda checker, drawn: checker.sees(with_token(MINE, role=drawn[1]), MINE),
            lambda drawn: [drawn[0]],
        ),
        Machine("step of the state machine"),
    ]


def run(effort: Effort) -> Table:
    """Measure every kind."""
    with (
        throwaway() as server,
        copies(server, MigrationsFolder(MIGRATIONS).read()) as copy,
        closing((database := copy()).connect(AUTHENTICATOR)) as gate,
        closing(database.connect(AUTHENTICATOR)) as bare,
    ):
        # psycopg's own default.
        bare.prepare_threshold = 5
        return Table(HEAD, [_row(kind, gate, bare, effort) for kind in kinds()])


def _row(kind: Property | Machine, gate: Connection, bare: Connection, effort: Effort) -> list[str]:
    number = effort.examples
    with _ready(bare) as now:
        needed: list[Needed] = []

        def collected(*rows: Row) -> Needed:
            needed.append(Needed(now, *rows))
            return needed[-1]

        kind.run(number, Way(collected))
        examples = [each.statements for each in needed]
        gated, drawn, sent = alternately(
            effort.repeats,
            lambda: by_gate(kind, gate, number),
            lambda: kind.run(number, Way(Nothing)),
            lambda: send(bare, examples),
        )
    count = sum(each.steps for each in needed)
    told = [1e6 * seconds / count for seconds in (drawn, sent, gated)]
    statements = sum(map(len, examples)) / count
    return [
        kind.name,
        str(count),
        *(f"{each:.0f}" for each in told[:2]),
        f"{statements:.1f}",
        f"{told[2]:.0f}",
        f"{gated / (drawn + sent):.2f}",
    ]


def by_gate(kind: Property | Machine, connection: Connection, number: int) -> None:
    """Try so many as the gate does."""
    session = Session(connection)
    try:
        kind.run(number, Way(lambda *rows: SessionChecker(session, *rows), session.example))
    finally:
        session.end()


@contextmanager
def _ready(connection: Connection) -> Iterator[Any]:
    """Open a transaction as the back end, with a savepoint; yield its clock."""
    connection.execute("BEGIN")
    set_local(connection, SERVICE_REQUEST.settings())
    ((now,),) = connection.execute("SELECT now()", binary=True).fetchall()
    connection.execute("SAVEPOINT example")
    yield now
    connection.execute("ROLLBACK")


def send(connection: Connection, examples: list[list[Statement]]) -> None:
    """Send the statements of each example, and take it back."""
    for statements in examples:
        for each in statements:
            if each.is_refused:
                connection.execute("SAVEPOINT attempt")
                try:
                    connection.execute(each.query, each.parameters, binary=True)
                except psycopg.Error:
                    connection.execute("ROLLBACK TO attempt")
                else:
                    raise AssertionError(f"not refused: {each}")
            else:
                cursor = connection.execute(each.query, each.parameters, binary=True)
                if cursor.description:
                    cursor.fetchall()
        connection.execute("ROLLBACK TO example")
