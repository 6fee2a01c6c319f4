ALTER TABLE public.notes ADD COLUMN title text;

CREATE TABLE public.tags (
    id uuid PRIMARY KEY
);
REVOKE ALL ON public.tags FROM anon, authenticated, service_role;
GRANT SELECT ON public.tags TO anon;
