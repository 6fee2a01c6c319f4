create table public.plans (
    id text primary key,
    name text not null,
    period text not null check (period in ('month', 'year')),
    price numeric(8, 2) not null check (price >= 0),
    seats integer not null check (seats > 0),
    description text
);

alter table public.plans enable row level security;

-- The price list of the website: for everybody to read, and for nobody to write.
create policy "Plans are public" on public.plans
for select to anon, authenticated using (true);

insert into public.plans (id, name, period, price, seats, description)
values
('free', 'Free', 'month', 0, 1, null),
('team-monthly', 'Team', 'month', 29, 5, 'For small teams; cancel at any time.'),
('team-yearly', 'Team', 'year', 290, 5, 'Two months for nothing.'),
('business-yearly', 'Business', 'year', 990, 25, 'With invoices and an assigned contact.')
on conflict (id) do nothing;
