-- verdict: green
-- because: the DELETE is the text of a cron job; the file itself deletes nothing
select cron.schedule(
    'purge-read-notifications',
    '30 4 * * 0',
    $$delete from public.notifications where read_at < now() - interval '90 days'$$
);
