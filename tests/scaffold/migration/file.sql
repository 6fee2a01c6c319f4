-- @name@: say here what it is for.
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
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('@name@', 0));
-- From here on the application waits behind whoever waits for a lock on a table: two seconds at most.
SET LOCAL lock_timeout = '2s';

@work@

-- IF NOT EXISTS looks at names only. This looks at the rest, and takes everything back if anything differs. It is
-- written by tox -e new-migration, which writes it anew when the file has changed.
@no_check@;

-- PostgREST knows nothing of it before it hears this. Sent at commit, and only then.
NOTIFY pgrst, 'reload schema';

COMMIT;
