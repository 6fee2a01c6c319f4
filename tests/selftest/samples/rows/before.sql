CREATE EXTENSION vector WITH SCHEMA extensions;
CREATE EXTENSION postgis WITH SCHEMA extensions;
-- What the columns of public.a refer to; public.z is the last by name.
CREATE TABLE public.z (id int PRIMARY KEY);
CREATE TYPE public.e AS ENUM ('one', 'two');
CREATE DOMAIN public.d AS text CHECK (length(VALUE) > 2);
CREATE TABLE public.y (a int NOT NULL, b int NOT NULL REFERENCES public.z, PRIMARY KEY (a, b));
