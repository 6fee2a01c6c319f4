-- the helpers name the table in their bodies: 42P01 for all that asks them
-- told: A1: table public.memberships is new: service_role: select all rows, insert any row, update all rows, delete all rows
-- told: A1: table public.team_members: is not there any more, or not exposed
-- told: A2: delete on public.comments by authenticated, delete on public.customers by authenticated, delete on public.documents by authenticated and 59 more ends with 42P01: relation "public.team_members" does not exist
alter table public.team_members rename to memberships;
