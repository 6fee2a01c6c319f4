"""The gate's checks as one writes them with pytest-postgresql alone: SQL, what must come of it, and no model."""

import json
from decimal import Decimal
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
Named = tuple[str | None, str | None]
DONE: Named = None, None
TABLE = "public.calculator2_sessions"
NEW, OTHER, MINE, YOURS, EXPIRED = (letter * 32 for letter in "nomye")
EXAMPLES = 178
ROWS = f"SELECT * FROM {TABLE} ORDER BY id"
AT = (
    "'-infinity'",
    "now() - interval '1 second'",
    "now() - interval '1 microsecond'",
    "now()",
    "now() + interval '1 microsecond'",
    "now() + interval '1 second'",
    "'infinity'",
)
# A query, and the lines that it must return.
STRUCTURE = {
    "the table itself": (
        "SELECT concat_ws(' ', relkind, relpersistence, relrowsecurity) FROM pg_class WHERE oid = %s::regclass",
        "r p t",
    ),
    "columns": (
        (
            "SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity,"
            " pg_get_expr(adbin, adrelid)) FROM pg_attribute"
            " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        ),
        """id bigint t a
        session_token text t
        form_state jsonb f
        pricing_tier text f
        amount_paid numeric(10,2) f
        payment_status text t  'pending'::text
        report_token text f
        created_at timestamp with time zone t  now()
        last_active_at timestamp with time zone t  now()
        expires_at timestamp with time zone t  (now() + '48:00:00'::interval)""",
    ),
    "keys and indexes": (
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass",
        (
            f"""CREATE INDEX idx_calculator2_sessions_expires_at ON {TABLE} USING btree (expires_at)"""
            f""" WHERE (payment_status <> 'completed'::text)
        CREATE INDEX idx_calculator2_sessions_last_active ON {TABLE} USING btree (last_active_at DESC)
        CREATE UNIQUE INDEX calculator2_sessions_pkey ON {TABLE} USING btree (id)
        CREATE UNIQUE INDEX idx_calculator2_sessions_token ON {TABLE} USING btree (session_token)"""
        ),
    ),
    "other constraints": (
        (
            "SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'c'"
        ),
        """expiry_after_creation CHECK ((expires_at > created_at))
        last_active_after_creation CHECK ((last_active_at >= created_at))
        session_token_length CHECK ((char_length(session_token) = 32))""",
    ),
    "triggers": (
        "SELECT concat_ws(' ', tgname, tgenabled, tgtype) FROM pg_trigger WHERE tgrelid = %s::regclass",
        "trg_calculator2_sessions_last_active O 19",
    ),
    "policies": (
        "SELECT concat_ws(' ', polname, polcmd, polroles::regrole[]) FROM pg_policy WHERE polrelid = %s::regclass",
        """read_calculator2_sessions r {anon,authenticated}
        service_role_calculator2_sessions * {service_role}""",
    ),
    "comments": (
        "SELECT count(*)::text FROM pg_description WHERE objoid = %s::regclass AND classoid = 'pg_class'::regclass",
        "11",
    ),
    "privileges": (
        (
            "SELECT concat_ws(' ', grantee::regrole, string_agg(privilege_type, ' ' ORDER BY privilege_type))"
            " FROM pg_class, aclexplode(relacl)"
            " WHERE oid = %s::regclass AND grantee <> relowner GROUP BY grantee"
        ),
        """anon SELECT
        authenticated SELECT
        service_role DELETE INSERT SELECT UPDATE""",
    ),
}
WRITES = {
    "insert": f"INSERT INTO {TABLE} (session_token) VALUES ('{NEW}')",
    "update": f"UPDATE {TABLE} SET payment_status = 'completed' WHERE session_token = 'TOKEN'",
    "update of every row": f"UPDATE {TABLE} SET payment_status = 'completed'",
    "update of the expiry": f"UPDATE {TABLE} SET expires_at = 'infinity'",
    "update of the token": f"UPDATE {TABLE} SET session_token = '{NEW}'",
    "update of the form": f"UPDATE {TABLE} SET form_state = '{{}}'",
    "delete": f"DELETE FROM {TABLE} WHERE session_token = 'TOKEN'",
    "delete of every row": f"DELETE FROM {TABLE}",
    "clean-up": f"DELETE FROM {TABLE} WHERE expires_at <= now() AND payment_status <> 'completed'",
    "truncate": f"TRUNCATE {TABLE}",
}
REQUIRED = ("session_token", "payment_status", "created_at", "last_active_at", "expires_at")
OPTIONAL = ("form_state", "pricing_tier", "amount_paid", "report_token")
every_way = pytest.mark.parametrize("way", ["insert", "update"])


def become(postgresql: Connection, role: str, token: str = "") -> None:
    """Go on as a role, and as a visitor who sends a token."""
    headers = json.dumps({"x-session-token": token})
    postgresql.execute("SELECT set_config('role', %s, true), set_config('request.headers', %s, true)", (role, headers))


def attempt(postgresql: Connection, statement: str, role: str = "service_role", token: str = "") -> Named:
    """Try a statement; return the SQLSTATE and what PostgreSQL names, if it is refused; then nothing has changed."""
    before = postgresql.execute(ROWS).fetchall()
    try:
        with postgresql.transaction():
            become(postgresql, role, token)
            postgresql.execute(statement.encode())
    except psycopg.Error as refusal:
        assert postgresql.execute(ROWS).fetchall() == before
        return refusal.sqlstate, refusal.diag.constraint_name or refusal.diag.column_name
    return DONE


def write(postgresql: Connection, way: str, values: dict[str, str]) -> Named:
    """Bring expressions into the table as the back end: in a new row, or in one that is there."""
    if way == "insert":
        values = {"session_token": f"'{NEW}'", **values}
        return attempt(postgresql, f"INSERT INTO {TABLE} ({', '.join(values)}) VALUES ({', '.join(values.values())})")
    postgresql.execute(f"INSERT INTO {TABLE} (session_token) VALUES ('{OTHER}')".encode())
    pairs = ", ".join(f"{name} = {value}" for name, value in values.items())
    return attempt(postgresql, f"UPDATE {TABLE} SET {pairs} WHERE session_token = '{OTHER}'")


@pytest.mark.parametrize("clause", STRUCTURE)
def test_structure(postgresql: Connection, clause: str) -> None:
    """What the catalog holds."""
    query, expected = STRUCTURE[clause]
    found = [line.strip() for (line,) in postgresql.execute(query.encode(), [TABLE]).fetchall()]
    assert sorted(found) == sorted(line.strip() for line in expected.splitlines())


@every_way
@pytest.mark.parametrize("column", [*REQUIRED, *OPTIONAL])
def test_null(postgresql: Connection, way: str, column: str) -> None:
    """A required column refuses it."""
    is_refused = column in REQUIRED and (column, way) != ("last_active_at", "update")
    assert write(postgresql, way, {column: "NULL"}) == (("23502", column) if is_refused else DONE)


@every_way
@pytest.mark.parametrize(
    ("column", "check"), [("expires_at", "expiry_after_creation"), ("last_active_at", "last_active_after_creation")]
)
@pytest.mark.parametrize("number", range(len(AT)))
def test_time(postgresql: Connection, way: str, column: str, check: str, number: int) -> None:
    """None is before creation."""
    is_kept = number > 3 if column == "expires_at" else number >= 3 or way == "update"
    found = write(postgresql, way, {"created_at": "now()", "expires_at": "'infinity'", column: AT[number]})
    assert found == (DONE if is_kept else ("23514", check))


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize("way", WRITES)
def test_visitor(postgresql: Connection, role: str, way: str) -> None:
    """A visitor writes no row."""
    for token, days in ((MINE, 2), (YOURS, 2), (EXPIRED, 0)):
        row = f"'{token}', now() - interval '3 days', now() + interval '{days} days'"
        postgresql.execute(f"INSERT INTO {TABLE} (session_token, created_at, expires_at) VALUES ({row})".encode())
    for target in (MINE, YOURS, EXPIRED):
        for token in (MINE, target):
            assert attempt(postgresql, WRITES[way].replace("TOKEN", target), role, token)[0] == "42501"


def insert_and_read(postgresql: Connection, number: int) -> str:
    """Insert a row that keeps the rules, each time another one, as the back end; read it back; return its token."""
    row: dict[str, object] = {
        "session_token": f"{number:032x}",
        "form_state": json.dumps({"a": number}),
        "pricing_tier": [None, "gold", ""][number % 3],
        "amount_paid": Decimal(number * 5431) / 100,
        "payment_status": ["pending", "completed", "refunded"][number % 3],
        "report_token": [None, "r" * 32][number % 2],
    }
    become(postgresql, "service_role")
    names = ", ".join(row)
    postgresql.execute(f"INSERT INTO {TABLE} ({names}) VALUES (%s, %s, %s, %s, %s, %s)".encode(), [*row.values()])
    (found,) = postgresql.execute(f"SELECT {names.replace('state', 'state::text')} FROM {TABLE}".encode())
    assert found == tuple(row.values())
    return str(row["session_token"])


def test_property_of_rows(postgresql: Connection) -> None:
    """Rows within the rules are accepted, and read back as they were written."""
    for number in range(EXAMPLES):
        insert_and_read(postgresql, number)
        postgresql.rollback()


def test_property_of_reading(postgresql: Connection) -> None:
    """A token opens its own row, and no other one."""
    for number in range(EXAMPLES):
        own = insert_and_read(postgresql, number)
        for token, seen in ((own, 1), (OTHER, 0)):
            become(postgresql, "anon", token)
            assert len(postgresql.execute(ROWS).fetchall()) == seen
        postgresql.rollback()
