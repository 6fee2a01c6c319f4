-- Alone in its file: a new value can be used only once the transaction that adds it has committed.
alter type public.order_status add value if not exists 'refunded' after 'paid';
