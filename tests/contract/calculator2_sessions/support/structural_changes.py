"""Ways in which this table may stand wrong, beyond those of any table, and what its verification must say."""

from __future__ import annotations

from tests.contract.calculator2_sessions.table import TABLE

T = TABLE.qualified_name
FUNCTION = "public.update_calculator2_sessions_last_active()"
READ, SERVICE = "read_calculator2_sessions", "service_role_calculator2_sessions"
HEADER = "nullif(current_setting('request.headers', true), '')::json ->> 'x-session-token'"
OWN = f"session_token = (SELECT {HEADER})"
FRESH = "expires_at > now()"

# The SQL of the change, and how what must be said begins.
Change = tuple[str, str]


def _column(name: str, action: str, is_now: str) -> Change:
    return f"ALTER TABLE {T} ALTER COLUMN {name} {action}", f"S2: column {name}: {is_now}; must be: "


def _check(name: str, condition: str, is_now: str = "") -> Change:
    action = f"DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({condition})"
    return f"ALTER TABLE {T} {action}", f"S4: constraint {name}: CHECK (({is_now or condition})); must be: "


def _index(name: str, keys: str, unique: str = "", where: str = "") -> Change:
    definition = f"CREATE {unique}INDEX {name} ON {T} USING btree ({keys}){where}"
    return f"DROP INDEX public.{name}; {definition}", f"S3: index {name}: {definition}; must be: "


def _function(sql: str, is_now: str) -> Change:
    return sql, f"S5: function {FUNCTION}: LANGUAGE {is_now}"


def _read(definition: str, is_now: str) -> Change:
    return (
        f"DROP POLICY {READ} ON {T}; CREATE POLICY {READ} ON {T} {definition} USING ({OWN} AND {FRESH})",
        f"S6: policy {READ}: AS {is_now}; must be: AS PERMISSIVE FOR SELECT TO anon, authenticated",
    )


def read_using(expression: str, clause: str, row: str, is_now: str = "open; must be: closed") -> Change:
    """Change what the policy for reading lets through."""
    return f"ALTER POLICY {READ} ON {T} USING ({expression})", f"{clause}: policy {READ}, a row {row}: {is_now}"


def _service(expression: str) -> Change:
    return (
        f"ALTER POLICY {SERVICE} ON {T} {expression}",
        f"R6: policy {SERVICE}, a row in every state: closed; must be: ",
    )


CHANGES: dict[str, Change] = {
    "the table gone": (f"DROP TABLE {T}", f"S1: there is no table {T}."),
    # S2
    "json for jsonb": _column("form_state", "TYPE json USING form_state::json", "json"),
    "a limit on a text": _column("report_token", "TYPE varchar(32)", "character varying(32)"),
    "a collation": _column("report_token", 'TYPE text COLLATE "C"', 'text COLLATE "C"'),
    "more digits": _column("amount_paid", "TYPE numeric(12, 2)", "numeric(12,2)"),
    "three decimals": _column("amount_paid", "TYPE numeric(10, 3)", "numeric(10,3)"),
    "no time zone": _column("last_active_at", "TYPE timestamp", "timestamp without time zone NOT NULL DEFAULT now()"),
    "a default added": _column("pricing_tier", "SET DEFAULT 'free'", "text DEFAULT 'free'::text"),
    "another status": _column("payment_status", "SET DEFAULT 'paid'", "text NOT NULL DEFAULT 'paid'::text"),
    "the wall clock": _column(
        "created_at", "SET DEFAULT clock_timestamp()", "timestamp with time zone NOT NULL DEFAULT clock_timestamp()"
    ),
    "47 hours": _column(
        "expires_at",
        "SET DEFAULT now() + interval '47 hours'",
        "timestamp with time zone NOT NULL DEFAULT (now() + '47:00:00'::interval)",
    ),
    "two days, which may be 47 hours": _column(
        "expires_at",
        "SET DEFAULT now() + interval '2 days'",
        "timestamp with time zone NOT NULL DEFAULT (now() + '2 days'::interval)",
    ),
    # S3
    "tokens no longer unique": _index("idx_calculator2_sessions_token", "session_token"),
    "an index on another column": _index("idx_calculator2_sessions_token", "report_token", "UNIQUE "),
    "a predicate lost": _index("idx_calculator2_sessions_expires_at", "expires_at"),
    "a predicate turned round": _index(
        "idx_calculator2_sessions_expires_at", "expires_at", where=" WHERE (payment_status = 'completed'::text)"
    ),
    "an ascending index": _index("idx_calculator2_sessions_last_active", "last_active_at"),
    # S4
    "a longer token": _check("session_token_length", "char_length(session_token) = 33"),
    "bytes for characters": _check("session_token_length", "octet_length(session_token) = 32"),
    "at least 32 characters": _check("session_token_length", "length(session_token) >= 32"),
    "expiry at once": _check("expiry_after_creation", "expires_at >= created_at"),
    "activity strictly later": _check("last_active_after_creation", "last_active_at > created_at"),
    # S5
    "a search_path not empty": _function(
        f"ALTER FUNCTION {FUNCTION} SET search_path = public", "plpgsql SECURITY INVOKER SET search_path=public, of"
    ),
    "a function in another language": _function(
        f"CREATE OR REPLACE FUNCTION {FUNCTION} RETURNS trigger LANGUAGE internal"
        " AS 'suppress_redundant_updates_trigger'",
        "internal SECURITY INVOKER, of the table's owner; must be: LANGUAGE plpgsql",
    ),
    # S6, and what the policies let through
    "a restrictive policy": _read(
        "AS RESTRICTIVE FOR SELECT TO anon, authenticated", "RESTRICTIVE FOR SELECT TO anon, authenticated"
    ),
    "a policy for writing too": _read("TO anon, authenticated", "PERMISSIVE FOR ALL TO anon, authenticated"),
    "a policy for one role less": _read("FOR SELECT TO anon", "PERMISSIVE FOR SELECT TO anon"),
    "rows open to all": read_using("true", "R1", "without headers"),
    "rows open to all, in disguise": read_using("session_token IS NOT NULL", "R3", "with another token"),
    "rows closed": read_using("false", "R2", "with its token", "closed; must be: open"),
    "rows open for ever": read_using(OWN, "R4", "with its token, at the instant of expires_at"),
    "rows open one instant longer": read_using(
        f"{OWN} AND expires_at >= now()", "R4", "with its token, at the instant of expires_at"
    ),
    "rows open in every case": read_using(
        f"lower(session_token) = (SELECT lower({HEADER})) AND {FRESH}", "R3", "with its token in another case"
    ),
    "rows open to a prefix": read_using(
        f"(SELECT nullif({HEADER}, '')) IS NOT NULL AND starts_with(session_token, (SELECT {HEADER})) AND {FRESH}",
        "R3",
        "with the beginning of its token",
    ),
    "rows open to a pattern": read_using(f"session_token LIKE (SELECT {HEADER}) AND {FRESH}", "R3", "with a pattern"),
    "rows open by another header": read_using(
        "session_token = (SELECT nullif(current_setting('request.headers', true), '')::json ->> 'x-token')",
        "R3",
        "with its token in another header",
    ),
    "an error without headers": read_using(
        f"session_token = (SELECT current_setting('request.headers', true)::json ->> 'x-session-token') AND {FRESH}",
        "R1",
        "with empty headers",
        "error 22P02",
    ),
    "the service sees nothing": _service("USING (false)"),
    "the service writes nothing": _service("WITH CHECK (payment_status = 'completed')"),
}

# What the contract leaves free: said otherwise, the same.
SAME: dict[str, str] = {
    "CURRENT_TIMESTAMP": f"ALTER TABLE {T} ALTER COLUMN created_at SET DEFAULT CURRENT_TIMESTAMP",
    "transaction_timestamp": f"ALTER TABLE {T} ALTER COLUMN last_active_at SET DEFAULT transaction_timestamp()",
    "48 hours in minutes": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT now() + interval '2880 min'",
    "48 hours made": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT now() + make_interval(hours => 48)",
    "48 hours first": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT interval '48 hours' + now()",
    "length": _check("session_token_length", "length(session_token) = 32")[0],
    "character_length": _check("session_token_length", "32 = character_length(session_token)")[0],
    "expiry turned round": _check("expiry_after_creation", "created_at < expires_at")[0],
    "activity turned round": _check("last_active_after_creation", "created_at <= last_active_at")[0],
    "a column made and dropped": f"ALTER TABLE {T} ADD COLUMN made int; ALTER TABLE {T} DROP COLUMN made",
    "a policy in jsonb": f"ALTER POLICY {READ} ON {T} USING ({FRESH} AND"
    " (SELECT nullif(current_setting('request.headers', true), ''))::jsonb ->> 'x-session-token' = session_token)",
    "USING alone": f"DROP POLICY {SERVICE} ON {T}; CREATE POLICY {SERVICE} ON {T} TO service_role USING (1 = 1)",
    "another trigger body": f"CREATE OR REPLACE FUNCTION {FUNCTION} RETURNS trigger LANGUAGE plpgsql"
    " SET search_path TO ''"
    " AS 'BEGIN NEW.last_active_at = greatest(now(), new.created_at, old.last_active_at); RETURN NEW; END'",
    "other comments": f"COMMENT ON TABLE {T} IS 'Sessions.'",
    "row-level security forced on the owner": f"ALTER TABLE {T} FORCE ROW LEVEL SECURITY",
    "a foreign key of another table": f"CREATE TABLE public.other (session bigint REFERENCES {T})",
    "rows": f"INSERT INTO {T} (session_token) VALUES (repeat('é', 32))",
}
