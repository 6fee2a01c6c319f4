"""A Supabase project's database as SQL: roles, schemas and default privileges."""
