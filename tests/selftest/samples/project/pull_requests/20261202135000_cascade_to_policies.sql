-- verdict: red
-- because: E4: CASCADE drops the policies that call the function: nobody reads order lines or refunds any more
-- line: 4
drop function private.can_read_order(bigint) cascade;
