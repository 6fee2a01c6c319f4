-- verdict: green
-- because: less than before: a privilege revoked, and the policies of the table are none of its business
revoke select on table public.project_overview from service_role;
