"""Mutants that no operator makes: each is what somebody could write, and believe to be right."""

from __future__ import annotations

from collections.abc import Iterator

from tests.selftest.mutation.source import Edit, Mutant, Source

HEADER = "nullif(current_setting('request.headers', true), '')::json ->> 'x-session-token'"
MATCH = f"""session_token = (
        SELECT {HEADER}
    )"""
EXPIRY = "AND expires_at > now()\n)"
ASSIGNMENT = "NEW.last_active_at := GREATEST(pg_catalog.now(), OLD.last_active_at, NEW.created_at);"
LIFETIME = "now() + interval '48 hours'"
LENGTH = "CHECK (char_length(session_token) = 32)"
EXPIRES = "CHECK (expires_at > created_at)"
ACTIVE = "CHECK (last_active_at >= created_at)"
BY_SERVICE_ROLE = "TO service_role\nUSING (true)\nWITH CHECK (true);"
END = "NOTIFY pgrst, 'reload schema';\n\nCOMMIT;\n"
LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('public.calculator2_sessions', 0));"
TRIGGER = "BEFORE UPDATE ON public.calculator2_sessions\nFOR EACH ROW\n"
RAISED = "    IF differences IS NOT NULL THEN\n        RAISE EXCEPTION E"
AT_THE_END = "-- PostgREST answers 404"


def _matching(new: str, fault: str, *falls: str) -> Edit:
    return Edit(MATCH, new, fault, falls)


def _body(more: str, fault: str, *falls: str) -> Edit:
    return Edit(ASSIGNMENT, f"{ASSIGNMENT}\n    {more}", fault, falls)


def _more(statement: str, fault: str, *falls: str, shown_by: str = "") -> Edit:
    return Edit(AT_THE_END, f"{statement}\n\n{AT_THE_END}", fault, falls, shown_by=shown_by)


EDITS = (
    # The policy that a browser reads by.
    _matching(f"({MATCH} OR ({HEADER}) IS NULL)", "falls open where the header is missing", "R1"),
    _matching(
        f"session_token = coalesce((SELECT {HEADER}), session_token)", "falls open where there is no token", "R1"
    ),
    _matching(f"session_token LIKE (SELECT {HEADER})", "LIKE for equals: % opens every row", "R3"),
    _matching(f"session_token ILIKE (SELECT {HEADER})", "ILIKE for equals: case and patterns", "R3"),
    _matching(f"session_token ~ (SELECT {HEADER})", "a regular expression for equals", "R3"),
    _matching(f"session_token SIMILAR TO (SELECT {HEADER})", "SIMILAR TO for equals", "R3"),
    _matching(f"starts_with(session_token, (SELECT {HEADER}))", "a prefix opens the row", "R3"),
    _matching(f"position((SELECT {HEADER}) IN session_token) > 0", "any part of the token opens the row", "R1", "R3"),
    _matching(f"position(session_token IN (SELECT {HEADER})) > 0", "a list with the token in it opens the row", "R3"),
    _matching(
        f"session_token = ANY (string_to_array((SELECT {HEADER}), ','))", "a comma list opens several rows", "R3"
    ),
    _matching(f"lower(session_token) = lower((SELECT {HEADER}))", "case does not count", "R3"),
    _matching(f"session_token = upper((SELECT {HEADER}))", "the header is taken in upper case", "R2"),
    _matching(f"session_token = btrim((SELECT {HEADER}))", "blanks around the header do not count", "R3"),
    _matching(f"btrim(session_token) = (SELECT {HEADER})", "blanks around the token do not count", "R2", "P2"),
    _matching(f"left(session_token, 31) = left((SELECT {HEADER}), 31)", "31 characters are compared", "R3"),
    _matching(f"session_token = replace((SELECT {HEADER}), '-', '')", "hyphens do not count", "R3"),
    _matching(f"session_token = replace((SELECT {HEADER}), '%20', ' ')", "a blank may be written otherwise", "R3"),
    _matching(f"session_token = regexp_replace((SELECT {HEADER}), '^Bearer ', '')", "a scheme does not count", "R3"),
    _matching(f"normalize(session_token) = (SELECT {HEADER})", "composed characters are the same", "R3"),
    _matching(
        f"session_token = (SELECT coalesce({HEADER}, nullif(current_setting('request.headers', true), '')::json"
        " ->> 'authorization'))",
        "another header stands in",
        "R3",
    ),
    _matching(
        f"session_token = (SELECT coalesce({HEADER}, current_setting('app.session_token', true)))",
        "a setting of its own stands in",
        "R3",
    ),
    _matching(f"({MATCH} OR current_setting('app.debug', true) = 'on')", "a back door for finding faults", "R3"),
    _matching(
        f"(session_token = (SELECT {HEADER}) OR report_token = (SELECT {HEADER}))",
        "the report token opens it too",
        "R3",
    ),
    _matching(f"(session_token = (SELECT {HEADER}) OR id::text = (SELECT {HEADER}))", "the id opens it too", "R3"),
    _matching(
        "session_token IN (SELECT value FROM json_each_text(nullif(current_setting('request.headers', true), '')"
        "::json))",
        "the token in any header opens it",
        "R3",
    ),
    _matching(
        "session_token = (SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'session_token')",
        "a claim opens the row",
        "R2",
        "R3",
    ),
    _matching(
        f"session_token = (SELECT coalesce({HEADER}, nullif(current_setting('request.jwt.claims', true), '')"
        "::json ->> 'sub'))",
        "a claim stands in for the header",
        "R3",
    ),
    _matching(
        f"(session_token = (SELECT {HEADER})"
        " OR nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role' = 'service_role')",
        "a claim says who is the back end",
        "R10",
    ),
    _matching(
        "session_token = (SELECT current_setting('request.headers', true)::json ->> 'x-session-token')",
        "a pooled connection reads '' and fails",
        "R1",
        "R9",
    ),
    _matching(
        f"session_token = (SELECT set_config('app.token', coalesce({HEADER},"
        " nullif(current_setting('app.token', true), ''), ''), false))",
        "the connection remembers who asked last",
        "R9",
    ),
    _matching(f"{MATCH} AND current_user = 'anon'", "authenticated is forgotten", "R2"),
    _matching(f"{MATCH} AND payment_status <> 'completed'", "a session that is paid for cannot be read", "R2"),
    _matching(f"{MATCH} AND id < 1000000", "a large id cannot be read", "R2"),
    _matching(f"{MATCH} AND pricing_tier IS DISTINCT FROM 'trial'", "a trial cannot be read", "R2"),
    _matching(
        f"{MATCH} AND (payment_status <> 'completed' OR created_at > now() - interval '47 hours')",
        "a paid session cannot be read for long",
        "R2",
    ),
    _matching(f"({MATCH} OR pricing_tier = 'public')", "a public tier opens the row to all", "R1"),
    _matching(f"({MATCH} OR form_state ->> 'shared' = 'true')", "what is in the form opens the row to all", "R1"),
    _matching(f"({MATCH} OR (SELECT {HEADER}) = 'letmein')", "a master token opens every row", "R3"),
    _matching(f"({MATCH} OR session_token = repeat('d', 32))", "a row for showing is open to all", "R1"),
    Edit(EXPIRY, "AND expires_at > now() - interval '1 minute'\n)", "a minute of grace after expiry", ("R4",)),
    Edit(EXPIRY, "AND expires_at > current_date\n)", "a session is visible until the day ends", ("R4",)),
    Edit(EXPIRY, "AND expires_at > now() AT TIME ZONE 'UTC'\n)", "the caller's time zone moves the expiry", ("R4",)),
    Edit(EXPIRY, "AND last_active_at > now() - interval '48 hours'\n)", "activity keeps it visible", ("R2", "R4")),
    Edit(EXPIRY, "AND (expires_at > now() OR payment_status = 'pending')\n)", "unpaid sessions never expire", ("R4",)),
    Edit(EXPIRY, "AND created_at + interval '48 hours' > now()\n)", "expires_at is not looked at", ("R4",)),
    Edit(
        "ALTER TABLE public.calculator2_sessions ENABLE ROW LEVEL SECURITY;",
        "ALTER TABLE public.calculator2_sessions ENABLE ROW LEVEL SECURITY;\n"
        "ALTER TABLE public.calculator2_sessions DISABLE ROW LEVEL SECURITY;",
        "switched off again",
        ("S6", "R1", "R2"),
    ),
    # Who else reads or writes.
    Edit(
        BY_SERVICE_ROLE,
        "USING (coalesce(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role', '')"
        " = 'service_role');",
        "the claim decides, for every role",
        ("S6", "R10"),
    ),
    Edit(
        BY_SERVICE_ROLE,
        "TO service_role\nUSING (current_setting('role') = 'service_role' AND expires_at > now());",
        "the back end loses expired rows",
        ("R6",),
    ),
    _more(
        "CREATE POLICY visitor ON public.calculator2_sessions FOR UPDATE TO anon USING (true);",
        "visitors may update",
        "S6",
        "R5",
    ),
    _more(
        "CREATE POLICY visitor ON public.calculator2_sessions FOR INSERT TO anon WITH CHECK (true);",
        "visitors may insert",
        "S6",
        "R5",
    ),
    _more(
        "CREATE POLICY visitor ON public.calculator2_sessions FOR SELECT TO anon USING (session_token IS NOT NULL);",
        "the first document's policy, beside the right one",
        "S6",
        "R1",
        "R3",
    ),
    _more(
        "CREATE VIEW public.sessions AS SELECT * FROM public.calculator2_sessions;"
        " GRANT SELECT ON public.sessions TO anon;",
        "a view of the owner's shows every row",
        "S9",
    ),
    _more(
        "CREATE FUNCTION public.all_sessions() RETURNS SETOF public.calculator2_sessions LANGUAGE sql SECURITY DEFINER"
        " SET search_path = '' AS 'SELECT * FROM public.calculator2_sessions';",
        "a function of the owner's shows every row",
        "S9",
    ),
    _more("GRANT UPDATE (form_state) ON public.calculator2_sessions TO anon;", "a column may be written", "S8", "R5"),
    _more(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO anon;", "later tables are open too", "S9"
    ),
    _more("ALTER ROLE anon SET statement_timeout = '1min';", "a role's setting is left behind", "S9"),
    _more(
        "DO 'BEGIN CREATE ROLE calculator NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END';",
        "a role is left behind",
        "S9",
    ),
    _more("CREATE SCHEMA private;", "a schema is left behind", "S9"),
    _more("GRANT CREATE ON SCHEMA public TO anon;", "visitors may make objects", "S9"),
    _more("GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon;", "other tables are open too", "S9"),
    _more(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = 'supabase_realtime') THEN"
        " EXECUTE 'ALTER PUBLICATION supabase_realtime SET TABLE public.calculator2_sessions'; END IF; END $$;",
        "every change is published, where there is a publication",
        "S9",
    ),
    _more("COMMENT ON SCHEMA public IS 'The calculator.';", "a comment on what is not its own", "S9"),
    _more("GRANT anon TO authenticated;", "a role is given to another", "S9"),
    # The trigger.
    _body("NEW.expires_at := pg_catalog.now() + interval '48 hours';", "activity extends the session", "D2"),
    _body(
        "NEW.expires_at := GREATEST(NEW.expires_at, NEW.last_active_at + interval '1 hour');",
        "a late update extends it",
        "D2",
    ),
    _body(
        "NEW.form_state := COALESCE(OLD.form_state, '{}') || COALESCE(NEW.form_state, '{}');", "forms are merged", "D3"
    ),
    _body("NEW.form_state := COALESCE(NEW.form_state, OLD.form_state);", "a form cannot be taken back", "D3"),
    _body("NEW.form_state := jsonb_strip_nulls(NEW.form_state);", "nulls are lost from the form", "D3"),
    _body("NEW.form_state := NULLIF(NEW.form_state, 'null');", "JSON's null is not kept", "D3", "C7"),
    _body(
        "IF pg_catalog.octet_length(NEW.form_state::text) > 1000000 THEN NEW.form_state := OLD.form_state; END IF;",
        "a large form is not saved",
        "D3",
        "C7",
    ),
    _body("NEW.session_token := pg_catalog.lower(NEW.session_token);", "tokens are folded to lower case", "C1"),
    _body("NEW.session_token := OLD.session_token;", "a token cannot be changed", "C1"),
    _body("NEW.created_at := OLD.created_at;", "creation cannot be changed", "T3"),
    _body("IF NEW.payment_status = 'completed' THEN NEW.expires_at := 'infinity'; END IF;", "payment extends it", "D2"),
    _body("IF NEW.pricing_tier = 'premium' THEN NEW.expires_at := 'infinity'; END IF;", "a tier extends it", "D2"),
    _body("IF NEW.amount_paid = 249 THEN NEW.payment_status := 'completed'; END IF;", "a price completes it", "T3"),
    _body("NEW.form_state := NEW.form_state - 'email';", "one field of the form is not saved", "D3"),
    _body("IF OLD.payment_status = 'completed' THEN RETURN OLD; END IF;", "a paid session is frozen", "T3"),
    _body("IF session_user <> 'authenticator' THEN RETURN NULL; END IF;", "nobody updates by hand", "T1"),
    _body("IF OLD.expires_at <= pg_catalog.now() THEN RETURN NULL; END IF;", "an expired session is frozen", "R6"),
    _body("INSERT INTO pg_catalog.pg_class SELECT FROM pg_catalog.pg_class;", "the body needs rights it has not", "T1"),
    _body("PERFORM pg_catalog.pg_notify('sessions', NEW.session_token);", "every listener learns the token", "R8"),
    _body("RAISE LOG 'update of %', NEW.session_token;", "the log learns the token", "R8"),
    _body(
        "PERFORM pg_catalog.set_config('request.headers',"
        " pg_catalog.json_build_object('x-session-token', NEW.session_token)::text, false);",
        "the connection holds the token that was updated last",
        "R9",
    ),
    _body(
        "DELETE FROM public.calculator2_sessions WHERE payment_status <> 'completed'"
        " AND expires_at < pg_catalog.now() - interval '1 day' AND id <> NEW.id;",
        "an update cleans up",
        "T1",
    ),
    _body("PERFORM pg_catalog.pg_advisory_xact_lock(14);", "updates wait for one another", "T2"),
    Edit(
        ASSIGNMENT,
        f"IF pg_catalog.pg_trigger_depth() = 1 THEN {ASSIGNMENT} END IF;",
        "an update from within a trigger is no activity",
        ("T1",),
    ),
    Edit(
        ASSIGNMENT,
        "NEW.last_active_at := GREATEST(pg_catalog.timezone('UTC', pg_catalog.now()), OLD.last_active_at,"
        " NEW.created_at);",
        "the caller's time zone moves the activity",
        ("T3",),
    ),
    Edit(
        ASSIGNMENT,
        f"IF NEW IS DISTINCT FROM OLD THEN {ASSIGNMENT} END IF;",
        "an update that changes nothing is no activity",
        ("T1",),
    ),
    Edit(
        ASSIGNMENT,
        f"IF NEW.last_active_at = OLD.last_active_at THEN {ASSIGNMENT} END IF;",
        "the client may set the time",
        ("T1", "T3"),
    ),
    Edit(
        "SET search_path = ''\nAS $function$\nBEGIN\n    NEW.last_active_at := GREATEST(pg_catalog.now(),",
        "AS $function$\nBEGIN\n    NEW.last_active_at := GREATEST(now(),",
        "a caller's now() is called",
        ("T4", "S5"),
    ),
    Edit(
        "SET search_path = ''\nAS $function$\nBEGIN\n    NEW.last_active_at := GREATEST(pg_catalog.now(),",
        "AS $function$\nBEGIN\n    NEW.last_active_at := GREATEST(clock_timestamp(),",
        "a caller's clock_timestamp() is called",
        ("T4", "S5"),
    ),
    Edit(
        TRIGGER,
        f"{TRIGGER}WHEN (pg_trigger_depth() = 0 AND current_user <> 'service_role')\n",
        "the back end is left out",
        ("T1", "S5"),
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions DISABLE TRIGGER trg_calculator2_sessions_last_active;",
        "the trigger is off",
        "S5",
        "T1",
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions ENABLE REPLICA TRIGGER trg_calculator2_sessions_last_active;",
        "the trigger fires on replicas alone",
        "S5",
        "T1",
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions ENABLE ALWAYS TRIGGER trg_calculator2_sessions_last_active;",
        "the trigger fires on replicas too",
        "S5",
    ),
    # Life and constraints.
    Edit(LIFETIME, "date_trunc('second', now()) + interval '48 hours'", "the lifetime is cut to seconds", ("D1",)),
    Edit(LIFETIME, "timezone('UTC', now()) + interval '48 hours'", "the time zone is lost on the way", ("D1",)),
    Edit(LIFETIME, "(now()::timestamp + interval '48 hours')::timestamptz", "local time over a clock change", ("D1",)),
    Edit(LENGTH, "CHECK (char_length(btrim(session_token)) = 32)", "blanks do not count", ("C1",)),
    Edit(LENGTH, "CHECK (session_token ~ '(?n)^.{32}$')", "a line feed is no character", ("C1",)),
    Edit(LENGTH, "CHECK (session_token ~ '^[0-9a-zA-Z]{32}$')", "letters and digits alone", ("C1",)),
    Edit(LENGTH, "CHECK (session_token ~ '^[0-9a-f]{32}')", "32 and more", ("C1",)),
    Edit(LENGTH, "CHECK (char_length(normalize(session_token)) = 32)", "composed characters count once", ("C1",)),
    Edit(LENGTH, "CHECK (char_length(session_token) BETWEEN 32 AND 64)", "longer ones too", ("C1",)),
    Edit(EXPIRES, "CHECK (expires_at >= created_at + interval '1 second')", "a second at least", ("C3",)),
    Edit(EXPIRES, "CHECK (expires_at > created_at AND isfinite(expires_at))", "infinity is refused", ("C3",)),
    Edit(
        EXPIRES,
        "CHECK (date_trunc('second', expires_at) > date_trunc('second', created_at))",
        "seconds are compared",
        ("C3",),
    ),
    Edit(
        ACTIVE,
        "CHECK (last_active_at >= created_at AND last_active_at < expires_at)",
        "no activity after expiry",
        ("C4",),
    ),
    Edit(ACTIVE, "CHECK (last_active_at >= created_at - interval '1 microsecond')", "a microsecond of grace", ("C4",)),
    Edit(
        ACTIVE,
        "CHECK (last_active_at >= created_at OR pricing_tier IS NOT DISTINCT FROM 'test')",
        "a test may be active",
        ("C4",),
    ),
    Edit(EXPIRES, "CHECK (expires_at > created_at OR payment_status = 'waived')", "a waived one may be over", ("C3",)),
    Edit(EXPIRES, "CHECK (expires_at::timestamp > created_at::timestamp)", "local times are compared", ("C3",)),
    Edit(
        LENGTH,
        "CHECK (char_length(session_token) = 32 OR report_token IS NOT DISTINCT FROM 'test')",
        "a test is short",
        ("C1",),
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions DROP CONSTRAINT expiry_after_creation,"
        " ADD CONSTRAINT expiry_after_creation CHECK (expires_at > created_at) NOT VALID;",
        "not validated",
        "S4",
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions"
        " ADD CONSTRAINT token UNIQUE USING INDEX idx_calculator2_sessions_token;",
        "the unique index becomes a constraint, and loses its name",
        "S3",
        "C2",
    ),
    _more("CREATE UNIQUE INDEX again ON public.calculator2_sessions (session_token);", "the same index twice", "S3"),
    _more(
        "CREATE RULE ignored AS ON DELETE TO public.calculator2_sessions DO INSTEAD NOTHING;",
        "nothing is ever deleted",
        "S9",
        "D4",
    ),
    _more(
        "INSERT INTO public.calculator2_sessions (session_token) VALUES (repeat('0', 32)) ON CONFLICT DO NOTHING;",
        "a row comes with the table",
        "C1",
    ),
    _more(
        "CREATE FUNCTION public.only_good() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS"
        " 'BEGIN IF pg_catalog.char_length(NEW.session_token) <> 32 THEN RETURN NULL; END IF; RETURN NEW; END';"
        " CREATE TRIGGER only_good BEFORE INSERT ON public.calculator2_sessions"
        " FOR EACH ROW EXECUTE FUNCTION public.only_good();",
        "a bad row is left out, and the statement goes on",
        "C9",
        "C1",
        "S5",
    ),
    _more(
        "CREATE FUNCTION public.made_good() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS"
        " 'BEGIN NEW.session_token := pg_catalog.rpad(NEW.session_token, 32); RETURN NEW; END';"
        " CREATE TRIGGER made_good BEFORE INSERT ON public.calculator2_sessions"
        " FOR EACH ROW EXECUTE FUNCTION public.made_good();",
        "a bad token is made to fit, and the statement goes on",
        "C9",
        "C1",
        "S5",
    ),
    _more(
        "CREATE RULE kept AS ON DELETE TO public.calculator2_sessions WHERE old.payment_status = 'failed'"
        " DO INSTEAD NOTHING;",
        "a failed payment is kept for ever",
        "D4",
        "S9",
    ),
    _more(
        "GRANT CREATE ON SCHEMA public TO service_role; ALTER TABLE public.calculator2_sessions OWNER TO service_role;",
        "the back end owns the table",
        "S1",
    ),
    # How it applies.
    Edit(END, "COMMIT;\n\nNOTIFY pgrst, 'reload schema';\n", "the API is told outside the transaction", ("I10",)),
    Edit(
        END,
        "NOTIFY pgrst, 'reload schema';\nNOTIFY pgrst, 'reload config';\n\nCOMMIT;\n",
        "the API is told more",
        ("I10",),
    ),
    Edit(
        "-- The table is new or it has these indexes",
        "COMMIT;\nBEGIN;\n-- The table is new or it has these indexes",
        "two transactions",
        ("I4", "I7"),
        shown_by="test_a_stopped_transaction_leaves_nothing",
    ),
    Edit(
        LOCK,
        f"{LOCK}\nLOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE;\nSET lock_timeout = 0;",
        "the time-out is taken back",
        ("S9",),
    ),
    Edit(
        "CREATE TABLE IF NOT EXISTS public.",
        "DROP TABLE IF EXISTS public.calculator2_sessions;\nCREATE TABLE IF NOT EXISTS public.",
        "a second run begins with an empty table",
        ("I2",),
    ),
    Edit(
        "CREATE UNIQUE INDEX IF NOT EXISTS idx_calculator2_sessions_token",
        "DROP INDEX IF EXISTS public.idx_calculator2_sessions_token;\n"
        "CREATE UNIQUE INDEX idx_calculator2_sessions_token",
        "a second run makes the index again",
        ("I2",),
    ),
    _more(
        "UPDATE public.calculator2_sessions SET payment_status = payment_status;", "a second run writes every row", "I2"
    ),
    _more(
        "ALTER TABLE public.calculator2_sessions"
        " ALTER COLUMN amount_paid TYPE numeric(10, 2) USING round(amount_paid, 2);",
        "a second run rewrites the table",
        "I2",
    ),
    _more(
        "SELECT setval('public.calculator2_sessions_id_seq', 1, false);", "a second run sets the identity back", "I2"
    ),
    _more(
        "REINDEX TABLE public.calculator2_sessions;",
        "every run builds the indexes again, while nobody can write",
        "I8",
        shown_by="test_no_table_in_use_is_worked_through_under_a_lock",
    ),
    _more(
        "DO $$ BEGIN EXECUTE format('COMMENT ON CONSTRAINT session_token_length ON public.calculator2_sessions IS %L',"
        " current_query()); END; $$;",
        "the text that was sent is kept, which is the whole file or one statement",
        "I5",
        shown_by="test_every_delivery_ends_in_the_same_catalogue",
    ),
    # Privileges.
    _more(
        "REVOKE TRUNCATE ON TABLE public.calculator2_sessions FROM postgres;",
        "the owner cannot empty its table",
        "S8",
        shown_by="test_the_owner_holds_every_privilege",
    ),
    _more(
        "REVOKE SELECT ON TABLE pg_catalog.pg_class FROM anon;",
        "a REVOKE that does nothing, and warns",
        "S8",
        shown_by="test_postgresql_does_not_warn",
    ),
    _more(
        "GRANT INSERT ON TABLE public.calculator2_sessions TO anon, authenticated;\n"
        "DROP POLICY IF EXISTS begin_calculator2_sessions ON public.calculator2_sessions;\n"
        "CREATE POLICY begin_calculator2_sessions ON public.calculator2_sessions\n"
        "FOR INSERT TO anon, authenticated WITH CHECK (true);",
        "a visitor begins a session, and learns which tokens are taken",
        "R5",
        "R8",
        shown_by="test_a_conflict_tells_nothing",
    ),
    # The closing check.
    Edit(RAISED, RAISED.replace("EXCEPTION", "WARNING"), "the check only warns", ("I9",), about_the_check=True),
    Edit(
        "IF differences IS NOT NULL THEN",
        "IF differences = '' THEN",
        "the check never fails",
        ("I9",),
        about_the_check=True,
    ),
    Edit(
        "FROM (TABLE expected EXCEPT TABLE actual) AS e",
        "FROM (TABLE expected EXCEPT TABLE expected) AS e",
        "what is missing is not seen",
        ("I9",),
        about_the_check=True,
    ),
    Edit(
        "FROM (TABLE actual EXCEPT TABLE expected) AS a",
        "FROM (TABLE actual EXCEPT TABLE actual) AS a",
        "what is too much is not seen",
        ("I9",),
        about_the_check=True,
    ),
)


def mutants(source: Source) -> Iterator[Mutant]:
    """All of them. Raises BadMutant for an edit whose text does not stand in the file exactly once."""
    for edit in EDITS:
        yield source.edited("BY-HAND", "the file", edit)
