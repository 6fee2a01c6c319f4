-- verdict: red
-- because: I4: two transactions in one file: between them, the old policy is gone and the new one not there yet
-- line: 7
begin;
drop policy "Members read refunds" on public.refunds;
commit;
begin;
create policy "Admins read refunds" on public.refunds
for select to authenticated
using (
    exists (
        select from public.orders as o
        where o.id = order_id and private.has_team_role(o.team_id, '{owner,admin}')
    )
);
commit;
