-- 015: the visitor's language, on a table that is in use. For the selftest only: a second migration, done right.

BEGIN;

SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
SET LOCAL client_min_messages = 'warning';
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('public.calculator2_sessions', 0));

ALTER TABLE public.calculator2_sessions ADD COLUMN IF NOT EXISTS locale text;

DO $constraint$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = 'public.calculator2_sessions'::regclass AND conname = 'locale_length'
    ) THEN
        ALTER TABLE public.calculator2_sessions
        ADD CONSTRAINT locale_length CHECK (char_length(locale) <= 35) NOT VALID;
    END IF;
END;
$constraint$;
-- blocks: the sessions of two days are few.
ALTER TABLE public.calculator2_sessions VALIDATE CONSTRAINT locale_length;

-- blocks: the sessions of two days are few.
CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_locale ON public.calculator2_sessions (locale);

-- IF NOT EXISTS looks at names only.
DO $check$
DECLARE
    stands text;
BEGIN
    SELECT format('locale %s %s %s %s', a.atttypid::regtype, a.attcollation::regcollation, a.attnotnull, a.atthasdef)
    INTO stands
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = 'public.calculator2_sessions'::regclass AND a.attname = 'locale';
    IF stands <> 'locale text "default" f f' THEN
        RAISE EXCEPTION 'column %', stands;
    END IF;
    SELECT format('locale_length %s', pg_get_constraintdef(c.oid)) INTO stands
    FROM pg_catalog.pg_constraint AS c
    WHERE c.conrelid = 'public.calculator2_sessions'::regclass AND c.conname = 'locale_length';
    IF stands <> 'locale_length CHECK ((char_length(locale) <= 35))' THEN
        RAISE EXCEPTION 'constraint %', stands;
    END IF;
    SELECT format('%s %s', pg_get_indexdef(i.indexrelid), i.indisvalid) INTO stands
    FROM pg_catalog.pg_index AS i
    WHERE i.indexrelid = 'public.idx_calculator2_sessions_locale'::regclass;
    IF stands <> 'CREATE INDEX idx_calculator2_sessions_locale'
        ' ON public.calculator2_sessions USING btree (locale) t' THEN
        RAISE EXCEPTION 'index %', stands;
    END IF;
END;
$check$;

NOTIFY pgrst, 'reload schema';

COMMIT;
