-- Who is signed in anonymously drafts no order; all others do as before.
-- told: authenticated with is_anonymous = true could insert own rows where status is draft into public.orders; now it inserts no row, by policy "An account is needed"
create policy "An account is needed" on public.orders
as restrictive
for insert to authenticated
with check ((select (auth.jwt() ->> 'is_anonymous')::boolean) is false);
