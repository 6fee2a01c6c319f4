-- verdict: red
-- because: I5: a file that is applied is edited: no database will see the change
-- edits: 20250113090000_order_status_refunded.sql
-- line: 2
-- Alone in its file: a new value can be used only once the transaction that adds it has committed.
alter type public.order_status add value if not exists 'reimbursed' after 'paid';
