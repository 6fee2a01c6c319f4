ALTER TABLE public.notes ADD COLUMN title text;
