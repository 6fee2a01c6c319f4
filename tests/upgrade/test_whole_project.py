"""A migration means the same in a whole project, where much stands that a plain one (I1) does without."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins.databases import under_both_default_privileges
from tests.upgrade.support.case import MigrationCase, read

# What Supabase makes of a project, in little: its schemas, the functions that policies call, the publication of
# Realtime; and two tables of the application's own, one closed and one open. Names as in Supabase's documentation.
PROJECT = b"""
    CREATE SCHEMA auth;
    CREATE SCHEMA storage;
    CREATE SCHEMA realtime;
    CREATE SCHEMA vault;
    GRANT USAGE ON SCHEMA auth, storage, realtime TO anon, authenticated, service_role;
    CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role' $$;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid $$;
    CREATE TABLE storage.objects (id uuid PRIMARY KEY, name text);
    CREATE PUBLICATION supabase_realtime;
    CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, nickname text);
    ALTER TABLE public.profiles OWNER TO postgres;
    ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
    REVOKE ALL ON public.profiles FROM anon, authenticated, service_role;
    CREATE TABLE public.tiers (name text);
    ALTER TABLE public.tiers OWNER TO postgres;
    GRANT SELECT ON public.tiers TO anon, authenticated, service_role;
    CREATE FUNCTION public.nickname() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'nobody' $$;
    ALTER FUNCTION public.nickname() OWNER TO postgres;
"""


@pytest.mark.clause("I14")
@under_both_default_privileges
def test_the_rest_of_a_project_changes_nothing_and_is_not_changed(case: MigrationCase) -> None:
    """Beside a project's own schemas, publication and tables, it makes what it makes elsewhere, and touches nothing."""
    with case.before() as database:
        with closing(database.connect(SUPERUSER)) as preparing:
            preparing.execute(PROJECT)
        there, untouched, clean = map(frozenset, (read(database), case.catalog_before, case.catalog_after))
        case.run(database)
        case.check_same(
            tuple(sorted(there - (untouched - clean) | (clean - untouched))),
            tuple(sorted(read(database))),
            "in a project with schemas, tables and a publication of its own, the file does something else.",
            must="it makes what it makes in a plain project, and leaves the rest as it was.",
            hint="name what the file is about; no ALL TABLES IN SCHEMA, and nothing that only some projects have.",
        )
