-- A thousand signups, confirmed and not.
INSERT INTO public.newsletter_signups (email, consented_at, confirmed_at)
SELECT 'Reader' || n || '@example.com', now() - interval '1 day', CASE WHEN n % 2 = 0 THEN now() END
FROM generate_series((SELECT count(*) + 1 FROM public.newsletter_signups), (SELECT count(*) + 1000 FROM public.newsletter_signups)) AS n
