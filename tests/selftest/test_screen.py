"""What a red run ends with: one cause is told once, on a screen, with a counterexample that psql can repeat."""

from contextlib import closing, suppress

import psycopg
import pytest

from tests.contract.calculator2_sessions.model import TOKEN_HEADER
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timestamps import HOUR, Timestamp
from tests.harness.report.failures import MAY_STAY, BrokenClause, Failure, Place, causes, failure
from tests.harness.report.screen import screen
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.server.database import Database
from tests.harness.server.session import Session

INSERT = b"INSERT INTO public.calculator2_sessions (session_token, expires_at) VALUES (%s, %s)"
SELECT = b"SELECT session_token FROM public.calculator2_sessions"
TOKEN = "it's 100 % of a token; \\ -- and €"
READ = Place("m/014.sql", 53, "CREATE POLICY reading")
# A screen, but for pytest's own lines.
LINES = 38


def test_a_counterexample_pasted_into_psql_shows_the_same(database: Database, session: Session) -> None:
    """Settings, statements and values, times by their distance from now; of an example that ended, nothing."""
    with session.example():
        session.run("SELECT 'of another example'")
    with session.example():
        session.act_as(SERVICE_REQUEST)
        session.inspect("SELECT 'not of the counterexample'")
        (now,) = session.inspect("SELECT now()").rows[0]
        session.attempt(INSERT, ["too short", None])
        assert isinstance(now, Timestamp)
        session.attempt(INSERT, ["no text holds \0", None])
        session.run(INSERT, [TOKEN[:32], now.plus(HOUR)])
        session.act_as(Request("anon", headers={TOKEN_HEADER: TOKEN[:32]}))
        found = session.run(SELECT).rows
        session.act_as(SERVICE_REQUEST)
    written = session.counterexample()
    assert "example" not in written.replace("SAVEPOINT", "")
    assert "now() + interval '1 hours'" in written
    assert "\n-- cannot be pasted: INSERT INTO" in written
    assert [line for line in written.splitlines() if "refused with 23502 by expires_at" in line]
    assert (as_psql_does(database, written), found) == ([(TOKEN[:32],)], ((TOKEN[:32],),))


def as_psql_does(database: Database, statements: str) -> list[object]:
    """Execute line by line, whatever fails; return the rows of the last SELECT."""
    rows: list[object] = []
    with closing(database.connect(SUPERUSER)) as connection:
        for line in statements.splitlines():
            with suppress(psycopg.errors.NotNullViolation):
                cursor = connection.execute(line.encode())
                rows = [*cursor.fetchall()] if line.startswith("SELECT ") else rows
    return rows


def broken(label: str, *places: Place) -> BrokenClause:
    """Make a clause."""
    return BrokenClause(label, f"What {label} says.", places)


def failed(test: str, told: str, *clauses: BrokenClause, counterexample: str = "") -> Failure:
    """Make the failure of a test, as pytest writes it."""
    return failure(f"tests/{test}", told, clauses, counterexample)


WEAKENED = [
    *(
        failed(f"r3[{i}]", f"E   {i} must be closed", broken("t R3", READ), counterexample="S;" * i)
        for i in range(9, 300)
    ),
    failed("v1", "E   assert None is not None", broken("t V1")),
    failed("access", "m/014.sql:53: anon can read all.\nHint: write it anew.", broken("A1")),
    failed("r2", "E   a row must be seen", broken("t R2", READ, Place("m/014.sql", 90, "CREATE TABLE t"))),
]


def test_what_one_statement_breaks_is_told_once() -> None:
    """The sentence that names it first, then its clauses, the most tests first, and the shortest counterexample."""
    lines = [*screen(causes(WEAKENED))]
    assert len(lines) <= LINES
    assert lines[:2] == ["m/014.sql:53", "  anon can read all."]
    assert [line.strip().partition(" is broken")[0] for line in lines[2:5]] == ["A1", "t R3", "t R2"]
    assert lines[5:10] == [
        "  tests/r3[9]:",
        "    9 must be closed",
        "  To see it, in psql (tox -e shell):",
        "    S;S;S;S;S;S;S;S;S;",
        "  Hint: write it anew.",
    ]
    assert lines[10:] == ["decided by no single statement: t V1 (1)", "  tests/v1:", "    assert None is not None"]


def test_many_omissions_are_one_list_of_what_to_write() -> None:
    """In the order of the file, each with its line and what to write; whom a file lets in comes before all of them."""
    small = [
        failed(
            f"e{line}", f"m/015.sql:{line}: object {line} lacks it (E9).\nHint: write {line}.{MAY_STAY}", broken("E9")
        )
        for line in range(30, 0, -1)
    ]
    opened = failed("access", "m/015.sql:70: anon can read all (A1).", broken("A1"))
    lines = [*screen(causes([*small, opened]))]
    assert len(lines) <= LINES
    assert lines[:4] == ["m/015.sql:70: ", "  anon can read all (A1).", "m/015.sql:1: ", "  object 1 lacks it (E9)."]
    assert lines[4] == "  Hint: write 1."
    assert lines[-2:] == [MAY_STAY.strip(), "A file that keeps every rule is begun by: tox -e new-migration -- NAME"]
    assert sum(MAY_STAY.strip() in line for line in lines) == 1


@pytest.mark.parametrize("number", [1, 4, 12, 80])
def test_however_much_is_broken_it_is_one_screen(number: int) -> None:
    """Of many causes the first is shown, and all are counted."""
    long = "\n".join(["E   it must be another way"] * 50)
    sql = "\n".join(["SELECT 1;"] * 50)
    failures = [
        failed(f"t{i}", long, broken(f"t C{i}", Place("m/014.sql", i, "CREATE")), counterexample=sql)
        for i in range(number)
    ]
    lines = [*screen(causes(failures))]
    assert len(lines) <= LINES
    assert all(f"t C{i} " in "\n".join(lines) for i in range(number))
