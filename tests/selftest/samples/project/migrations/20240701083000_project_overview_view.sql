create view public.project_overview
with (security_invoker = true) as
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
