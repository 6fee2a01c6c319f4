"""Every way in which the table may stand wrong, and the words in which its verification must say so."""

from __future__ import annotations

from dataclasses import dataclass

from tests.harness.core.versions import CHECKS_CAN_BE_NOT_ENFORCED, MAINTAIN_IS_A_PRIVILEGE, NOT_NULL_IS_A_CONSTRAINT

T = "public.calculator2_sessions"
FUNCTION = "public.update_calculator2_sessions_last_active()"
SEQUENCE = "sequence public.calculator2_sessions_id_seq"
TRIGGER = "trg_calculator2_sessions_last_active"
HEADER = "nullif(current_setting('request.headers', true), '')::json ->> 'x-session-token'"


@dataclass(frozen=True)
class Change:
    """One change, as SQL; what the error must say; and the major version that it needs."""

    sql: str
    says: str
    since: int = 0


def _alter(action: str, says: str, since: int = 0) -> Change:
    return Change(f"ALTER TABLE {T} {action}", says, since)


def _column(name: str, action: str, says: str) -> Change:
    return _alter(f"ALTER COLUMN {name} {action}", f"S2: column {name}: {says}")


def _check(name: str, definition: str, says: str, since: int = 0) -> Change:
    return _alter(
        f"DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK {definition}", f"S4: constraint {name}: {says}", since
    )


def _index(name: str, definition: str, says: str) -> Change:
    return Change(f"DROP INDEX public.{name}; CREATE {definition}", f"S3: index {name}: {says}")


def _trigger(timing: str, says: str, row: str = "FOR EACH ROW", function: str = FUNCTION) -> Change:
    return Change(
        f"CREATE OR REPLACE FUNCTION public.other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        f"DROP TRIGGER {TRIGGER} ON {T}; CREATE TRIGGER {TRIGGER} {timing} ON {T} {row} EXECUTE FUNCTION {function}",
        f"S5: trigger {TRIGGER}: {says}",
    )


def _function(action: str, says: str) -> Change:
    return Change(f"ALTER FUNCTION {FUNCTION} {action}", f"S5: function {FUNCTION}: {says}")


def _read(definition: str, says: str) -> Change:
    name = "read_calculator2_sessions"
    return Change(
        f"DROP POLICY {name} ON {T}; CREATE POLICY {name} ON {T} {definition}",
        says.replace("{}", f"policy {name}"),
    )


def read_using(expression: str, says: str) -> Change:
    """Change what the policy for reading lets through."""
    return Change(
        f"ALTER POLICY read_calculator2_sessions ON {T} USING ({expression})",
        says.replace("{}", "policy read_calculator2_sessions, a row"),
    )


def _may(sql: str, who: str, what: str, privileges: str, since: int = 0) -> Change:
    return Change(sql, f"S8: what {who} may do with {what}: {privileges}; must be: ", since)


OWN = f"session_token = (SELECT {HEADER})"
FRESH = "expires_at > now()"

CHANGES: dict[str, Change] = {
    # S1
    "the table gone": Change(f"DROP TABLE {T}", f"S1: there is no table {T}."),
    "a view in its place": Change(
        f"DROP TABLE {T}; CREATE VIEW {T} AS SELECT 1 AS id", "S1: the table's kind: of kind v"
    ),
    "unlogged": _alter("SET UNLOGGED", "S1: the table's kind: ordinary and UNLOGGED; must be: ordinary and permanent"),
    "another owner": _alter(
        "OWNER TO service_role", "S1: the table's owner: service_role; must be: postgres, who asks"
    ),
    "a child": Change(f"CREATE TABLE public.child () INHERITS ({T})", "S1: inheritance by public.child: there"),
    "a rule": Change(
        f"CREATE RULE keep AS ON DELETE TO {T} DO INSTEAD NOTHING", "S1: rule keep: there; must be: not there"
    ),
    # S2
    "a column dropped": _alter("DROP COLUMN report_token", "S2: column report_token: not there; must be: text"),
    "a column added": _alter("ADD COLUMN email text", "S2: column email: text; must be: not there"),
    "a column renamed": _alter("RENAME COLUMN pricing_tier TO tier", "S2: column tier: text; must be: not there"),
    "the order of columns": _alter(
        "DROP COLUMN pricing_tier, ADD COLUMN pricing_tier text",
        "S2: the order of the columns: id, session_token, form",
    ),
    "json for jsonb": _column("form_state", "TYPE json USING form_state::json", "json; must be: jsonb"),
    "a limit on a text": _column("report_token", "TYPE varchar(32)", "character varying(32); must be: text"),
    "a collation": _column("report_token", 'TYPE text COLLATE "C"', 'text COLLATE "C"; must be: text'),
    "more digits": _column("amount_paid", "TYPE numeric(12, 2)", "numeric(12,2); must be: numeric(10,2)"),
    "three decimals": _column("amount_paid", "TYPE numeric(10, 3)", "numeric(10,3); must be: numeric(10,2)"),
    "no time zone": _column("last_active_at", "TYPE timestamp", "timestamp without time zone NOT NULL DEFAULT now()"),
    "null allowed": _column("payment_status", "DROP NOT NULL", "text DEFAULT 'pending'::text; must be: text NOT NULL"),
    "null forbidden": _column("pricing_tier", "SET NOT NULL", "text NOT NULL; must be: text"),
    "a default lost": _column("created_at", "DROP DEFAULT", "timestamp with time zone NOT NULL; must be: "),
    "a default added": _column("pricing_tier", "SET DEFAULT 'free'", "text DEFAULT 'free'::text; must be: text"),
    "another status": _column("payment_status", "SET DEFAULT 'completed'", "text NOT NULL DEFAULT 'completed'::text"),
    "the wall clock": _column(
        "created_at", "SET DEFAULT clock_timestamp()", "timestamp with time zone NOT NULL DEFAULT cl"
    ),
    "47 hours": _column(
        "expires_at",
        "SET DEFAULT now() + interval '47 hours'",
        "timestamp with time zone NOT NULL DEFAULT (now() + '47:00:00'::interval); must be: ",
    ),
    "two days, which may be 47 hours": _column(
        "expires_at",
        "SET DEFAULT now() + interval '2 days'",
        "timestamp with time zone NOT NULL DEFAULT (now() + '2 days'::interval); must be: ",
    ),
    "an id by default": _column("id", "SET GENERATED BY DEFAULT", "bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY; "),
    "no identity": _column("id", "DROP IDENTITY", "bigint NOT NULL; must be: bigint NOT NULL GENERATED ALWAYS"),
    "every second id": _alter(
        "ALTER COLUMN id SET INCREMENT 2", "S2: the sequence of id: calculator2_sessions_id_seq AS bigint MINVALUE 1"
    ),
    "ids that come round again": _alter("ALTER COLUMN id SET CYCLE", "775807 INCREMENT 1 CYCLE; must be: "),
    "NOT NULL not validated": _alter(
        "ALTER COLUMN payment_status DROP NOT NULL, ADD CONSTRAINT status NOT NULL payment_status NOT VALID",
        "S2: column payment_status: text NOT NULL NOT VALID DEFAULT",
        since=NOT_NULL_IS_A_CONSTRAINT,
    ),
    # S3
    "no primary key": _alter(
        "DROP CONSTRAINT calculator2_sessions_pkey",
        "S3: constraint calculator2_sessions_pkey: not there; must be: PRIMARY KEY",
    ),
    "a deferrable primary key": _alter(
        "DROP CONSTRAINT calculator2_sessions_pkey,"
        "ADD CONSTRAINT calculator2_sessions_pkey PRIMARY KEY (id) DEFERRABLE",
        "S3: constraint calculator2_sessions_pkey: PRIMARY KEY (id) DEFERRABLE; must be: PRIMARY KEY (id)",
    ),
    "an index dropped": Change(
        "DROP INDEX public.idx_calculator2_sessions_token",
        "S3: index idx_calculator2_sessions_token: not there; must be: ",
    ),
    "an index renamed": Change(
        "ALTER INDEX public.idx_calculator2_sessions_token RENAME TO mine", "S3: index mine: CREATE UNIQUE INDEX mine"
    ),
    "an index more": Change(f"CREATE INDEX more ON {T} (report_token)", "S3: index more: CREATE INDEX more ON"),
    "a UNIQUE beside the index": _alter(
        "ADD CONSTRAINT twice UNIQUE (session_token)", "S3: constraint twice: UNIQUE (sess"
    ),
    "tokens no longer unique": _index(
        "idx_calculator2_sessions_token", f"INDEX idx_calculator2_sessions_token ON {T} (session_token)", "CREATE INDEX"
    ),
    "an index on another column": _index(
        "idx_calculator2_sessions_token",
        f"UNIQUE INDEX idx_calculator2_sessions_token ON {T} (report_token)",
        "CREATE UNIQUE INDEX idx_calculator2_sessions_token ON public.calculator2_sessions USING btree (report_token)",
    ),
    "a predicate lost": _index(
        "idx_calculator2_sessions_expires_at",
        f"INDEX idx_calculator2_sessions_expires_at ON {T} (expires_at)",
        "CREATE INDEX idx_calculator2_sessions_expires_at ON public.calculator2_sessions USING btree (expires_at); ",
    ),
    "a predicate turned round": _index(
        "idx_calculator2_sessions_expires_at",
        f"INDEX idx_calculator2_sessions_expires_at ON {T} (expires_at) WHERE payment_status = 'completed'",
        "CREATE INDEX idx_calculator2_sessions_expires_at ON",
    ),
    "an ascending index": _index(
        "idx_calculator2_sessions_last_active",
        f"INDEX idx_calculator2_sessions_last_active ON {T} (last_active_at)",
        "CREATE INDEX idx_calculator2_sessions_last_active ON",
    ),
    "an invalid index": Change(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.idx_calculator2_sessions_token'::regclass",
        "USING btree (session_token), invalid; must be: CREATE UNIQUE INDEX",
    ),
    # S4
    "a check dropped": _alter(
        "DROP CONSTRAINT session_token_length", "S4: constraint session_token_length: not there; must be: CHECK"
    ),
    "a check more": _alter(
        "ADD CONSTRAINT paid CHECK (amount_paid >= 0)", "S4: constraint paid: CHECK ((amount_paid >="
    ),
    "a check renamed": _alter(
        "RENAME CONSTRAINT expiry_after_creation TO expiry",
        "S4: constraint expiry: CHECK ((expires_at > created_at)); must",
    ),
    "a longer token": _check(
        "session_token_length", "(char_length(session_token) = 33)", "CHECK ((char_length(session_tok"
    ),
    "bytes for characters": _check(
        "session_token_length", "(octet_length(session_token) = 32)", "CHECK ((octet_length("
    ),
    "at least 32 characters": _check("session_token_length", "(length(session_token) >= 32)", "CHECK ((char_length("),
    "expiry at once": _check(
        "expiry_after_creation", "(expires_at >= created_at)", "CHECK ((expires_at >= created_at))"
    ),
    "activity strictly later": _check(
        "last_active_after_creation", "(last_active_at > created_at)", "CHECK ((last_active"
    ),
    "a check not validated": _check(
        "expiry_after_creation",
        "(expires_at > created_at) NOT VALID",
        "CHECK ((expires_at > created_at)) NOT VALID; must",
    ),
    "a check not enforced": _check(
        "expiry_after_creation",
        "(expires_at > created_at) NOT ENFORCED",
        "CHECK ((expires_at > created_at)) NOT ENFORCED; must",
        since=CHECKS_CAN_BE_NOT_ENFORCED,
    ),
    "a foreign key": _alter(
        f"ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES {T} (id)", "S4: constraint parent: FOREIGN"
    ),
    # S5
    "no trigger": Change(
        f"DROP TRIGGER {TRIGGER} ON {T}", f"S5: trigger {TRIGGER}: not there; must be: CREATE TRIGGER"
    ),
    "a trigger more": Change(
        f"CREATE TRIGGER more BEFORE INSERT ON {T} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}", "S5: trigger more: CREATE"
    ),
    "a trigger disabled": _alter(f"DISABLE TRIGGER {TRIGGER}", f"{FUNCTION}, DISABLED; must be: CREATE TRIGGER"),
    "a trigger always": _alter(
        f"ENABLE ALWAYS TRIGGER {TRIGGER}", f"{FUNCTION}, enabled ALWAYS; must be: CREATE TRIGGER"
    ),
    "a trigger on a replica": _alter(
        f"ENABLE REPLICA TRIGGER {TRIGGER}", f"{FUNCTION}, enabled on a REPLICA alone; must"
    ),
    "a trigger afterwards": _trigger("AFTER UPDATE", f"CREATE TRIGGER {TRIGGER} AFTER UPDATE ON {T}"),
    "a trigger on INSERT too": _trigger(
        "BEFORE INSERT OR UPDATE", f"CREATE TRIGGER {TRIGGER} BEFORE INSERT OR UPDATE ON"
    ),
    "a trigger on one column": _trigger(
        "BEFORE UPDATE OF form_state", f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE OF form"
    ),
    "a trigger once a statement": _trigger(
        "BEFORE UPDATE", f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {T} FOR EACH STATEMENT", "FOR EACH STATEMENT"
    ),
    "a trigger with a condition": _trigger(
        "BEFORE UPDATE", f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {T} FOR EACH ROW WHEN", "FOR EACH ROW WHEN (true)"
    ),
    "a trigger on another function": _trigger(
        "BEFORE UPDATE",
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION public.other(), enabled",
        function="public.other()",
    ),
    "the function of the definer": _function("SECURITY DEFINER", "LANGUAGE plpgsql SECURITY DEFINER SET search_path"),
    "a search_path not pinned": _function(
        "RESET search_path", "LANGUAGE plpgsql SECURITY INVOKER, of the table's owner; must be: "
    ),
    "a search_path not empty": _function(
        "SET search_path = public", "LANGUAGE plpgsql SECURITY INVOKER SET search_path=public"
    ),
    "another setting": _function(
        "SET work_mem = '1MB'", 'LANGUAGE plpgsql SECURITY INVOKER SET search_path="" SET work_mem='
    ),
    "a function of somebody else": _function(
        "OWNER TO service_role", 'LANGUAGE plpgsql SECURITY INVOKER SET search_path="", of service_role; must be: '
    ),
    "a function in another language": Change(
        f"CREATE OR REPLACE FUNCTION {FUNCTION} RETURNS trigger LANGUAGE internal SET search_path = ''"
        " AS 'suppress_redundant_updates_trigger'",
        f"S5: function {FUNCTION}: LANGUAGE internal SECURITY INVOKER",
    ),
    # S6, and what the policies let through
    "row-level security off": _alter(
        "DISABLE ROW LEVEL SECURITY", "S6: row-level security: disabled; must be: enabled"
    ),
    "no policy for reading": Change(
        f"DROP POLICY read_calculator2_sessions ON {T}",
        "S6: policy read_calculator2_sessions: not there; must be: AS P",
    ),
    "no policy for the service": Change(
        f"DROP POLICY service_role_calculator2_sessions ON {T}",
        "S6: policy service_role_calculator2_sessions: not there",
    ),
    "a policy more": Change(
        f"CREATE POLICY more ON {T} FOR INSERT TO anon WITH CHECK (true)",
        "S6: policy more: AS PERMISSIVE FOR INSERT TO anon",
    ),
    "a restrictive policy": _read(
        f"AS RESTRICTIVE FOR SELECT TO anon, authenticated USING ({OWN} AND {FRESH})",
        "S6: {}: AS RESTRICTIVE FOR SELECT TO",
    ),
    "a policy for writing too": _read(
        f"TO anon, authenticated USING ({OWN} AND {FRESH})", "S6: {}: AS PERMISSIVE FOR ALL TO"
    ),
    "a policy for everybody": _read(
        f"FOR SELECT USING ({OWN} AND {FRESH})", "S6: {}: AS PERMISSIVE FOR SELECT TO public; "
    ),
    "a policy for one role less": _read(
        f"FOR SELECT TO anon USING ({OWN} AND {FRESH})", "S6: {}: AS PERMISSIVE FOR SELECT TO"
    ),
    "rows open to all": read_using("true", "R1: {} without headers: open; must be: closed"),
    "rows open to all, in disguise": read_using(
        "session_token IS NOT NULL", "R3: {} with another token: open; must be: clos"
    ),
    "rows closed": read_using("false", "R2: {} with its token: closed; must be: open"),
    "rows open for ever": read_using(OWN, "R4: {} with its token, at the instant of expires_at: open; must be: closed"),
    "rows open one instant longer": read_using(
        f"{OWN} AND expires_at >= now()", "R4: {} with its token, at the instant of exp"
    ),
    "rows open in every case": read_using(
        f"lower(session_token) = (SELECT lower({HEADER})) AND {FRESH}", "R3: {} with its token in another case: open"
    ),
    "rows open to a prefix": read_using(
        f"(SELECT nullif({HEADER}, '')) IS NOT NULL AND starts_with(session_token, (SELECT {HEADER})) AND {FRESH}",
        "R3: {} with the beginning of its token: open",
    ),
    "rows open to a pattern": read_using(
        f"session_token LIKE (SELECT {HEADER}) AND {FRESH}", "R3: {} with a pattern: open; "
    ),
    "rows open by another header": read_using(
        "session_token = (SELECT nullif(current_setting('request.headers', true), '')::json ->> 'x-token')",
        "R3: {} with its token in another header: open; must be: closed",
    ),
    "an error without headers": read_using(
        f"session_token = (SELECT current_setting('request.headers', true)::json ->> 'x-session-token') AND {FRESH}",
        "R1: {} with empty headers: error 22P02",
    ),
    "the service sees nothing": Change(
        f"ALTER POLICY service_role_calculator2_sessions ON {T} USING (false)",
        "R6: policy service_role_calculator2_sess",
    ),
    "the service writes nothing": Change(
        f"ALTER POLICY service_role_calculator2_sessions ON {T} WITH CHECK (payment_status = 'completed')",
        "R6: policy service_role_calculator2_sessions, a row in every state: closed; must be: open",
    ),
    # S7
    "no comment on the table": Change(
        f"COMMENT ON TABLE {T} IS NULL", "S7: the comment on the table: not there; must be: "
    ),
    "no comment on a column": Change(
        f"COMMENT ON COLUMN {T}.amount_paid IS NULL", "S7: the comment on column amount_paid: not there; must be: there"
    ),
    "a blank comment": Change(
        f"COMMENT ON COLUMN {T}.id IS '  '", "S7: the comment on column id: not there; must be: there"
    ),
    # S8
    "INSERT for anon": _may(f"GRANT INSERT ON {T} TO anon", "anon", "the table", "INSERT, SELECT"),
    "TRUNCATE for authenticated": _may(
        f"GRANT TRUNCATE ON {T} TO authenticated", "authenticated", "the table", "SELECT, TRUNCATE"
    ),
    "everything for service_role": _may(
        f"GRANT REFERENCES, TRIGGER ON {T} TO service_role",
        "service_role",
        "the table",
        "DELETE, INSERT, REFERENCES, SELECT, TRIGGER, UPDATE",
    ),
    "MAINTAIN for anon": _may(
        f"GRANT MAINTAIN ON {T} TO anon",
        "anon",
        "the table",
        "MAINTAIN, SELECT",
        since=MAINTAIN_IS_A_PRIVILEGE,
    ),
    "nothing for anon": _may(f"REVOKE SELECT ON {T} FROM anon", "anon", "the table", "none"),
    "no DELETE for the service": _may(
        f"REVOKE DELETE ON {T} FROM service_role", "service_role", "the table", "INSERT, SELECT, UPDATE"
    ),
    "less for the owner": _may(
        f"REVOKE ALL ON {T} FROM postgres; GRANT SELECT ON {T} TO postgres", "the owner", "the table", "SELECT"
    ),
    "to pass on": _may(
        f"GRANT SELECT ON {T} TO anon WITH GRANT OPTION", "anon", "the table", "SELECT, SELECT WITH GRANT OPTION"
    ),
    "SELECT for PUBLIC": _may(f"GRANT SELECT ON {T} TO PUBLIC", "public", "the table", "SELECT"),
    "SELECT for somebody else": _may(f"GRANT SELECT ON {T} TO somebody_else", "somebody_else", "the table", "SELECT"),
    "one column": _may(f"GRANT UPDATE (form_state) ON {T} TO anon", "anon", "the table", "SELECT, UPDATE (form_state)"),
    "by membership": _may("GRANT service_role TO anon", "anon", "the table", "DELETE, INSERT, SELECT, UPDATE"),
    "the sequence for anon": _may(
        "GRANT USAGE ON SEQUENCE public.calculator2_sessions_id_seq TO anon", "anon", SEQUENCE, "USAGE"
    ),
    "the sequence for PUBLIC": _may(
        "GRANT SELECT ON SEQUENCE public.calculator2_sessions_id_seq TO PUBLIC",
        "public",
        SEQUENCE,
        "SELECT",
    ),
    "setval for service_role": _may(
        "GRANT UPDATE ON SEQUENCE public.calculator2_sessions_id_seq TO service_role",
        "service_role",
        SEQUENCE,
        "UPDATE",
    ),
    "the function for PUBLIC": _may(
        f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO PUBLIC", "public", f"function {FUNCTION}", "EXECUTE"
    ),
    "the function for anon": _may(
        f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO anon", "anon", f"function {FUNCTION}", "EXECUTE"
    ),
}

# What the contract leaves free: said otherwise, the same.
SAME: dict[str, str] = {
    "CURRENT_TIMESTAMP": f"ALTER TABLE {T} ALTER COLUMN created_at SET DEFAULT CURRENT_TIMESTAMP",
    "transaction_timestamp": f"ALTER TABLE {T} ALTER COLUMN last_active_at SET DEFAULT transaction_timestamp()",
    "48 hours in minutes": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT now() + interval '2880 min'",
    "48 hours made": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT now() + make_interval(hours => 48)",
    "48 hours first": f"ALTER TABLE {T} ALTER COLUMN expires_at SET DEFAULT interval '48 hours' + now()",
    "length": _check("session_token_length", "(length(session_token) = 32)", "").sql,
    "character_length": _check("session_token_length", "(32 = character_length(session_token))", "").sql,
    "expiry turned round": _check("expiry_after_creation", "(created_at < expires_at)", "").sql,
    "activity turned round": _check("last_active_after_creation", "(created_at <= last_active_at)", "").sql,
    "a column made and dropped": f"ALTER TABLE {T} ADD COLUMN made int; ALTER TABLE {T} DROP COLUMN made",
    "a policy in jsonb": f"ALTER POLICY read_calculator2_sessions ON {T} USING ({FRESH} AND"
    " (SELECT nullif(current_setting('request.headers', true), ''))::jsonb ->> 'x-session-token' = session_token)",
    "USING alone": f"DROP POLICY service_role_calculator2_sessions ON {T};"
    f"CREATE POLICY service_role_calculator2_sessions ON {T} TO service_role USING (1 = 1)",
    "another trigger body": f"CREATE OR REPLACE FUNCTION {FUNCTION} RETURNS trigger LANGUAGE plpgsql"
    " SET search_path TO ''"
    " AS 'BEGIN NEW.last_active_at = greatest(now(), new.created_at, old.last_active_at); RETURN NEW; END'",
    "other comments": f"COMMENT ON TABLE {T} IS 'Sessions.'",
    "row-level security forced on the owner": f"ALTER TABLE {T} FORCE ROW LEVEL SECURITY",
    "a foreign key of another table": f"CREATE TABLE public.other (session bigint REFERENCES {T})",
    "rows": f"INSERT INTO {T} (session_token) VALUES (repeat('é', 32))",
}
