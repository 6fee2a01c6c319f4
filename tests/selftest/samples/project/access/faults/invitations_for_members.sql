-- the list of roles has grown by one
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.invitations; now it reads own rows, rows of its tenants, by policy "Admins can see invitations"
-- line: 4
alter policy "Admins can see invitations" on public.invitations
using (private.has_team_role(team_id, '{owner,admin,member}'));
