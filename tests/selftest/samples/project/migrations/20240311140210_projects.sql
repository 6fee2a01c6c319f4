CREATE TYPE public.project_status AS ENUM ('planned', 'active', 'paused', 'done');

CREATE TABLE public.projects (
    id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(),
    team_id uuid NOT NULL REFERENCES public.teams (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    status public.project_status NOT NULL DEFAULT 'planned',
    budget numeric(12, 2) CHECK (budget >= 0),
    starts_on date,
    ends_on date,
    legacy_tags text [],
    created_by uuid DEFAULT auth.uid() REFERENCES auth.users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT projects_ends_after_start CHECK (ends_on >= starts_on)
);

CREATE INDEX projects_team_id_status_idx ON public.projects (team_id, status);

ALTER TABLE public.projects ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Members can read projects" ON public.projects
FOR SELECT TO authenticated USING (private.is_team_member(team_id));

CREATE POLICY "Members can create projects" ON public.projects
FOR INSERT TO authenticated
WITH CHECK (private.is_team_member(team_id) AND created_by = auth.uid());

CREATE POLICY "Members can change projects" ON public.projects
FOR UPDATE TO authenticated
USING (private.is_team_member(team_id))
WITH CHECK (private.is_team_member(team_id));

CREATE POLICY "Admins can delete projects" ON public.projects
FOR DELETE TO authenticated USING (private.has_team_role(team_id, '{owner,admin}'));

CREATE TRIGGER projects_set_updated_at
BEFORE UPDATE ON public.projects
FOR EACH ROW EXECUTE FUNCTION extensions.moddatetime(updated_at);

CREATE FUNCTION private.is_project_member(project uuid)
RETURNS boolean
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM public.projects AS p
        INNER JOIN public.team_members AS m ON p.team_id = m.team_id
        WHERE p.id = project AND m.user_id = (SELECT auth.uid())
    )
$$;

REVOKE EXECUTE ON FUNCTION private.is_project_member(uuid) FROM public;
GRANT EXECUTE ON FUNCTION private.is_project_member(uuid) TO authenticated, service_role;
