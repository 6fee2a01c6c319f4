BEGIN;
SET LOCAL client_min_messages = 'warning';
SET LOCAL lock_timeout = '2s';
CREATE TABLE IF NOT EXISTS public.t (id int);
NOTIFY pgrst, 'reload schema';
COMMIT;
