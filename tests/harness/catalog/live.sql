SET LOCAL statement_timeout = '@statement@s';
SET LOCAL lock_timeout = '@lock@s';
SET LOCAL idle_in_transaction_session_timeout = '@idle@s';
SET LOCAL search_path = '';
SET LOCAL quote_all_identifiers = off
