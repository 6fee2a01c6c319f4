-- 004: public.feedback, what visitors say of the calculator. Special: its only key is an identity, which no client writes.
--
-- One transaction, so that every way of delivery applies all of it or nothing. Safe to run again: each statement does
-- nothing where its work is done.

BEGIN;

SET LOCAL statement_timeout = '60s';
-- Names mean the same whoever applies this, and the catalog prints one spelling (see the check at the end).
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL quote_all_identifiers = off;
-- "already exists, skipping" is what a second run is for; warnings still show.
SET LOCAL client_min_messages = 'warning';

-- A second applier waits here until the first has committed. That keeps nobody else waiting.
SET LOCAL lock_timeout = '30s';
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('004_create_feedback', 0));
-- From here on the application waits behind whoever waits for a lock on a table: two seconds at most.
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS public.feedback (
    id bigint GENERATED ALWAYS AS IDENTITY,
    message text NOT NULL,
    rating smallint,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_pkey PRIMARY KEY (id),
    CONSTRAINT message_length CHECK (char_length(message) BETWEEN 1 AND 2000),
    CONSTRAINT rating_range CHECK (rating BETWEEN 1 AND 5)
);

-- The API's roles see only the rows that a policy shows them.
ALTER TABLE public.feedback ENABLE ROW LEVEL SECURITY;

-- Privileges are exactly these, whatever the platform's defaults had granted.
REVOKE ALL ON TABLE public.feedback FROM public, anon, authenticated, service_role;
GRANT INSERT (message, rating) ON TABLE public.feedback TO anon;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.feedback TO service_role;
REVOKE ALL ON SEQUENCE public.feedback_id_seq FROM public, anon, authenticated, service_role;

-- Any visitor may leave feedback, and read none.
DROP POLICY IF EXISTS insert_feedback ON public.feedback;
CREATE POLICY insert_feedback ON public.feedback
FOR INSERT
TO anon
WITH CHECK (true);

-- For a platform on which service_role does not bypass row-level security.
DROP POLICY IF EXISTS service_role_feedback ON public.feedback;
CREATE POLICY service_role_feedback ON public.feedback
FOR ALL
TO service_role
USING (true)
WITH CHECK (true);

COMMENT ON TABLE public.feedback IS 'What visitors say of the calculator: anyone may write, the back end reads.';
COMMENT ON COLUMN public.feedback.id IS 'Surrogate key, given by the database.';
COMMENT ON COLUMN public.feedback.message IS 'What the visitor wrote.';
COMMENT ON COLUMN public.feedback.rating IS 'From 1, the worst, to 5; null where none was given.';
COMMENT ON COLUMN public.feedback.created_at IS 'Start of the transaction that made the row.';


-- PostgREST knows nothing of it before it hears this. Sent at commit, and only then.
NOTIFY pgrst, 'reload schema';

COMMIT;
