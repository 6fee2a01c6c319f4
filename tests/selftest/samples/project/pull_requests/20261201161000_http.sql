-- verdict: green
-- because: an extension that the platform has, and the server at hand perhaps has not
create extension if not exists http with schema extensions;
