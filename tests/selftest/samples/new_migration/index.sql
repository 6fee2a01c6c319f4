-- blocks: the sessions of two days are few.
CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_locale ON public.calculator2_sessions (locale);

