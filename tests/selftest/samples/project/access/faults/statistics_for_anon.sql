-- EXECUTE for anon
-- told: A1: anon was refused EXECUTE on public.create_team(text,text); now it can execute it (as its owner), by EXECUTE
-- line: 4
grant execute on function public.create_team(text, text) to anon;
