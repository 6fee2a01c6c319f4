-- verdict: green
-- because: what CREATE POLICY IF NOT EXISTS would say, as it can be said
do $$
begin
    if not exists (
        select from pg_catalog.pg_policies as p
        where p.schemaname = 'public' and p.tablename = 'projects' and p.policyname = 'Archived projects stay'
    ) then
        create policy "Archived projects stay" on public.projects
        as restrictive for delete to authenticated using (status <> 'done');
    end if;
end;
$$;
