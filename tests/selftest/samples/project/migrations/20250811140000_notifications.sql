create table public.notifications (
    id bigint generated always as identity primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    kind text not null,
    payload jsonb not null default '{}',
    read_at timestamptz,
    created_at timestamptz not null default now()
);

create index notifications_unread_idx on public.notifications (user_id, created_at desc) where read_at is null;
create index notifications_user_id_idx on public.notifications (user_id);

alter table public.notifications enable row level security;

create policy "Users read their notifications" on public.notifications
for select to authenticated using (user_id = (select auth.uid()));

create policy "Users mark their notifications as read" on public.notifications
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));

create policy "Users delete their notifications" on public.notifications
for delete to authenticated using (user_id = (select auth.uid()));
