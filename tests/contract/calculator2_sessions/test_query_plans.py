"""Query plans at 100,000 rows: counted in plan nodes and buffers, never in seconds."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions import support
from tests.contract.calculator2_sessions.model import CLEAN_UP, statements, with_token
from tests.harness.core.roles import BROWSER_ROLES, MIGRATOR
from tests.harness.plugins.databases import Clone
from tests.harness.requests.request import SERVICE_REQUEST, Request
from tests.harness.requests.statements import BoundStatement
from tests.harness.server.connection import Connection
from tests.harness.server.session import set_local
from tests.harness.supabase import templates

ROWS = 100_000
TOKEN = "ec5decca5ed3d6b8079e2e7e7bacc9f2"
EXPLAIN = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ")


@pytest.fixture(scope="module")
def populated(clone: Clone) -> Iterator[Connection]:
    """A connection of `authenticator` to a database of 100,000 sessions, 2,800 of them expired; md5('127') is one."""
    database = clone(templates.migrated("explicit"))
    with database.connect(MIGRATOR) as owner:
        owner.execute(support.sql("sleepers"))
        owner.execute("VACUUM (ANALYZE) public.calculator2_sessions")
    with database.connect("authenticator") as connection:
        yield connection


def plan_of(connection: Connection, request: Request, statement: BoundStatement) -> list[dict[str, Any]]:
    """Run a statement twice (the second time with caches warm), and list the nodes of its plan, the topmost first."""
    query, parameters = statement
    connection.execute("BEGIN")
    try:
        set_local(connection, request.settings())
        for _ in range(2):
            answer = connection.execute(EXPLAIN + query, parameters).fetchall()
    finally:
        connection.execute("ROLLBACK")
    document: Any = answer[0][0]
    nodes = [document[0]["Plan"]]
    for node in nodes:
        nodes.extend(node.get("Plans", []))
    return nodes


def pages_of_a_look_up() -> int:
    """Count the pages of one B-tree descent and one heap fetch.

    A page of 8,192 bytes, half full at worst, holds 78 entries of a 32-character token (48 bytes and a line pointer
    of 4); the root's own page counts as one level; the metapage is read once a connection, and so not here.
    """
    fan_out = (8192 // (48 + 4)) // 2
    return math.ceil(math.log(ROWS, fan_out)) + 1


def scans(nodes: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """List each scan of the plan, and its index."""
    return [(node["Node Type"], node.get("Index Name")) for node in nodes if node["Node Type"].endswith("Scan")]


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("service_role", marks=pytest.mark.clause("P1")),
        *(pytest.param(role, marks=pytest.mark.clause("P2")) for role in BROWSER_ROLES),
    ],
)
def test_a_look_up_by_token_reads_no_more_than_its_index_needs(populated: Connection, role: str) -> None:
    """Look-up by token goes through its unique index, in as many pages as the B-tree is high, and the row's own."""
    # A visitor's read has no WHERE: the policy itself finds the row, and reads the header once a query.
    statement: BoundStatement = (statements.read, [])
    if role == "service_role":
        statement = (statements.read + sql.SQL(" WHERE session_token = %s"), [TOKEN])
    nodes = plan_of(populated, with_token(TOKEN, role=role), statement)
    assert scans(nodes) == [("Index Scan", "idx_calculator2_sessions_token")]
    assert nodes[0]["Actual Rows"] == 1
    assert nodes[0]["Shared Hit Blocks"] + nodes[0]["Shared Read Blocks"] <= pages_of_a_look_up()
    headers_read = [node["Actual Loops"] for node in nodes if node.get("Parent Relationship") == "InitPlan"]
    assert headers_read == ([] if role == "service_role" else [1])


@pytest.mark.clause("P3")
def test_clean_up_finds_its_rows_through_the_partial_index(populated: Connection) -> None:
    """Clean-up finds the expired unpaid sessions through idx_calculator2_sessions_expires_at."""
    nodes = plan_of(populated, SERVICE_REQUEST, (CLEAN_UP, []))
    assert [index for _, index in scans(nodes) if index] == ["idx_calculator2_sessions_expires_at"]
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan"]
    # Not merely because the index holds the unpaid sessions alone.
    assert [node for node in nodes if "expires_at" in node.get("Index Cond", "")]


@pytest.mark.clause("P4")
def test_the_most_recently_active_sessions_need_no_sort(populated: Connection) -> None:
    """The 50 most recently active sessions come from idx_calculator2_sessions_last_active, in its order."""
    query = statements.read + sql.SQL(" ORDER BY last_active_at DESC LIMIT 50")
    nodes = plan_of(populated, SERVICE_REQUEST, (query, []))
    assert [node["Node Type"] for node in nodes] == ["Limit", "Index Scan"]
    assert nodes[1]["Index Name"] == "idx_calculator2_sessions_last_active"
    assert nodes[1]["Scan Direction"] == "Forward"
