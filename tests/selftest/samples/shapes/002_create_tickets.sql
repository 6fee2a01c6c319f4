-- For the selftest only: an enum, a domain, an array, a generated column, a serial, and CHECKs on each.

CREATE TYPE public.ticket_state AS ENUM ('open', 'waiting', 'closed');
CREATE DOMAIN public.percentage AS integer CONSTRAINT percentage_range CHECK (value >= 0 AND value <= 100);

CREATE TABLE public.tickets (
    id serial PRIMARY KEY,
    slug varchar(40) NOT NULL UNIQUE,
    state public.ticket_state NOT NULL DEFAULT 'open',
    source text NOT NULL DEFAULT 'mail',
    tags text [] NOT NULL DEFAULT '{}',
    done public.percentage NOT NULL DEFAULT 0,
    hours integer NOT NULL DEFAULT 0,
    rate numeric(8, 2) NOT NULL DEFAULT 0,
    cost numeric GENERATED ALWAYS AS (hours * rate) STORED,
    opened_on date NOT NULL DEFAULT current_date,
    due_on date,
    seen_from inet,
    extra jsonb,
    attachment bytea,
    urgent boolean,
    colour text,
    CONSTRAINT slug_not_blank CHECK (octet_length(btrim(slug::text)) > 0),
    CONSTRAINT few_tags CHECK (cardinality(tags) <= 3),
    CONSTRAINT source_is_known CHECK (source IN ('mail', 'web', 'phone')),
    CONSTRAINT closed_when_done CHECK (state <> 'closed' OR done = 100),
    CONSTRAINT hours_are_whole_days CHECK (hours % 8 = 0),
    CONSTRAINT due_later CHECK (NOT due_on < opened_on),
    CONSTRAINT extra_is_an_object CHECK (jsonb_typeof(extra) = 'object'),
    CONSTRAINT address_or_attachment CHECK (num_nonnulls(seen_from, attachment) <= 1),
    CONSTRAINT colour_in_hexadecimal CHECK (colour ~ '^#[0-9a-f]{6}$')
);
CREATE UNIQUE INDEX one_urgent_ticket_a_source ON public.tickets (lower(source)) WHERE urgent;

ALTER TABLE public.tickets ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON SEQUENCE public.tickets_id_seq FROM anon, authenticated, service_role;
REVOKE ALL ON public.tickets FROM anon, authenticated, service_role;
GRANT SELECT, INSERT ON public.tickets TO anon;
GRANT USAGE ON SEQUENCE public.tickets_id_seq TO anon;
CREATE POLICY anon_reads_open_tickets ON public.tickets FOR SELECT TO anon USING (state = 'open');
CREATE POLICY anon_opens_tickets ON public.tickets FOR INSERT TO anon WITH CHECK (state = 'open' AND done = 0);
COMMENT ON TABLE public.tickets IS 'Questions of visitors, and what was done about them.';
