"""What public.newsletter_signups promises."""
