-- One spelling, whatever the session's settings are.
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL datestyle = 'ISO';
SET LOCAL timezone = 'UTC';
SET LOCAL quote_all_identifiers = off;
SET LOCAL bytea_output = 'hex';
SET LOCAL client_min_messages = 'warning';
SET LOCAL row_security = off
