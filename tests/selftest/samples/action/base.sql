CREATE TABLE public.notes (
    id uuid PRIMARY KEY,
    words text
);
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.notes FROM anon, authenticated, service_role;
