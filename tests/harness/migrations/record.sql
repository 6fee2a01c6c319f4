-- Write down in the Supabase CLI's history table that a migration has been applied.
INSERT INTO supabase_migrations.schema_migrations (version, statements, name)
VALUES ($1, ARRAY(SELECT json_array_elements_text($2)), $3)
