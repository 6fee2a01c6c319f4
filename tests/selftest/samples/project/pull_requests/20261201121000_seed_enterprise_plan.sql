-- verdict: green
-- because: a seed that may meet its rows already
insert into public.plans (id, name, period, price, seats, description)
values ('enterprise-yearly', 'Enterprise', 'year', 4900, 200, 'With an agreement of its own.')
on conflict (id) do update set price = excluded.price, seats = excluded.seats;
