-- verdict: green
-- because: an enum value, alone in its file, which uses it in no other statement
alter type public.order_status add value 'disputed' after 'paid';
