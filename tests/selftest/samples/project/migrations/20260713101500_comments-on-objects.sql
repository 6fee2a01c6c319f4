comment on table public.profiles is 'One row for each user; his name and picture, as his teammates see them.';
comment on table public.teams is 'The tenants. Whatever belongs to a customer of ours hangs on one of them.';
comment on table public.team_members is 'Who is in which team, and as what.';
comment on column public.invitations.token_hash is 'SHA-256 of the token that was mailed.';
comment on function public.revenue_of_team(uuid) is 'For owners and admins; as fresh as the last full hour.';
comment on view public.project_overview is 'With the rights of the reader.';
