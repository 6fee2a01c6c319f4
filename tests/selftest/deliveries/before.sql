CREATE TABLE public.stands (id integer);
INSERT INTO public.stands VALUES (1), (1);
CREATE TYPE public.mood AS ENUM ('good');
