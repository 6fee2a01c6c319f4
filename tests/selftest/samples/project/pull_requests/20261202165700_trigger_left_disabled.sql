-- verdict: red
-- because: E23, I8: switched off for the back-fill, and never on again: updated_at stays as it is from now on
-- line: 4
alter table public.teams disable trigger teams_set_updated_at;
update public.teams set billing_email = lower(billing_email) where billing_email <> lower(billing_email);
