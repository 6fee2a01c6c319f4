-- verdict: green
-- because: a unique index, concurrently and alone: where it finds duplicates it fails, and changes no row
create unique index concurrently if not exists subscriptions_provider_reference_live_idx
on public.subscriptions (provider_reference) where status = 'active';
