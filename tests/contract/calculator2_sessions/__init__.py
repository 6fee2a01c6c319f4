"""The contract of public.calculator2_sessions, chapter by chapter."""
