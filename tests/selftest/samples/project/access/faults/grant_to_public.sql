-- ALL to PUBLIC: TRUNCATE, which no policy stops, for anon too
-- told: A1: anon and any role (PUBLIC) were refused DELETE on public.labels; now they delete no row, by GRANT
-- told: A1: anon and any role (PUBLIC) were refused INSERT on public.labels; now they insert no row, by GRANT
-- told: A1: anon and any role (PUBLIC) were refused SELECT on public.labels; now they read no row, by GRANT
-- line: 6
grant all on table public.labels to public;
