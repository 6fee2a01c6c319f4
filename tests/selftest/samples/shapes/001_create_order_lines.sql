-- For the selftest only: a composite key, foreign keys of three kinds, two triggers on one function that others share.

CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.touched_at := pg_catalog.now();
    RETURN NEW;
END;
$$;

CREATE TABLE public.products (
    sku text PRIMARY KEY CHECK (char_length(sku) = 8),
    name text NOT NULL
);
CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    placed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.order_lines (
    order_id bigint NOT NULL,
    line smallint NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    unit_price numeric(10, 2) NOT NULL,
    discount numeric(10, 2) NOT NULL DEFAULT 0,
    replaces smallint,
    touched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, line),
    UNIQUE (order_id, sku),
    CONSTRAINT order_lines_order FOREIGN KEY (order_id) REFERENCES public.orders ON DELETE CASCADE,
    CONSTRAINT order_lines_product FOREIGN KEY (sku) REFERENCES public.products,
    CONSTRAINT line_from_one CHECK (line > 0),
    CONSTRAINT quantity_of_a_shop CHECK (quantity BETWEEN 1 AND 99 AND quantity <> 13),
    CONSTRAINT discount_within_the_price CHECK (discount >= 0 AND discount <= unit_price),
    CONSTRAINT replaces_another CHECK (replaces <> line)
);
CREATE TRIGGER order_lines_touch_new BEFORE INSERT ON public.order_lines
FOR EACH ROW EXECUTE FUNCTION public.touch();
CREATE TRIGGER order_lines_touch_changed BEFORE UPDATE ON public.order_lines
FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION public.touch();

ALTER TABLE public.order_lines ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON FUNCTION public.touch() FROM anon, authenticated, service_role;
REVOKE ALL ON public.order_lines, public.orders, public.products FROM anon, authenticated, service_role;
GRANT SELECT ON public.order_lines TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.order_lines TO service_role;
CREATE POLICY cheap_lines ON public.order_lines FOR SELECT TO authenticated USING (unit_price < 100);
