-- "permission denied" was gone with SECURITY DEFINER, and so were the policies
-- told: A1: service_role could execute public.search_documents(text,uuid,integer) (as its caller, returns another's rows); now it can execute it (as its owner, returns another's rows), by function public.search_documents(text,uuid,integer)
-- told: A1: authenticated could execute public.search_documents(text,uuid,integer) (as its caller, returns own rows, rows of its tenants); now it can execute it (as its owner, returns own rows, rows of its tenants, another's rows), by function public.search_documents(text,uuid,integer)
-- line: 5
alter function public.search_documents(text, uuid, integer) security definer;
