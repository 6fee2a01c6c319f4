-- verdict: red
-- because: E8: CREATE OR REPLACE VIEW without the option drops security_invoker: the view shows what its owner may see
-- line: 4
create or replace view public.project_overview as
select
    p.id,
    p.team_id,
    p.name,
    p.status,
    count(d.id) as documents,
    max(d.updated_at) as last_document_at,
    p.ends_on
from public.projects as p
left join public.documents as d on p.id = d.project_id
group by p.id;
