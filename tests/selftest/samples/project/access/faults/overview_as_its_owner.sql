-- CREATE OR REPLACE without its options: security_invoker is gone
-- told: A1: authenticated could read own rows, rows of its tenants of public.project_overview; now it reads all rows, by the view, which shows what its owner sees, as it is not security_invoker
-- line: 15
create or replace view public.project_overview as
select
    p.id,
    p.team_id,
    p.name,
    p.status,
    count(d.id) as documents,
    max(d.updated_at) as last_document_at
from public.projects as p
left join public.documents as d on p.id = d.project_id
group by p.id;
alter view public.project_overview set (security_invoker = false);
