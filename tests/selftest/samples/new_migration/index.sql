-- blocks: the sessions of two days are few.
CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_locale ON public.calculator2_sessions (locale);

-- IF NOT EXISTS looks at names only.
