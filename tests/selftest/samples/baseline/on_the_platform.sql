-- What a project makes on the platform's own tables, as postgres, and rows that refer to theirs.

CREATE FUNCTION private.new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.authors (id, email) VALUES (NEW.id, NEW.email);
    RETURN NEW;
END;
$$;
CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION private.new_user();
CREATE TABLE public.profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    name text
);
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.profiles FOR SELECT TO authenticated USING (id = (SELECT auth.uid()));
ALTER PUBLICATION supabase_realtime ADD TABLE public.profiles;
INSERT INTO storage.buckets (id, name) VALUES ('avatars', 'avatars');
CREATE POLICY avatars ON storage.objects FOR SELECT TO authenticated
USING (bucket_id = 'avatars' AND (storage.foldername(name))[1] = (SELECT auth.uid())::text);
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA extensions;
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-0000-0000-000000000002', 'c@d');
INSERT INTO public.profiles VALUES ('00000000-0000-0000-0000-000000000002', 'c');
