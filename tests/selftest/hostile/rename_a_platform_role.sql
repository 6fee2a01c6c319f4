-- Renames a role of the platform.
ALTER ROLE authenticated RENAME TO everyone;
