-- no secret in the catalog
-- Hint: keep it in vault, and read it there; give out a new one, for this one is known.
-- Public is what anon sends, and the demo's key; a new key's name says what it is, of a JWT the middle part does.
SELECT t.name, format('holds a secret in %%s, where every role can read it', t.place)
FROM texts AS t
WHERE regexp_replace(t.text, 'sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz', '')
    ~ '\m(sb_secret_[\w-]{16}|sbp_[0-9a-f]{40}|[sr]k_live_\w{16})|-----BEGIN [A-Z ]*PRIVATE KEY-----'
    OR EXISTS (
        SELECT FROM regexp_matches(t.text, '\meyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]{20}', 'g') AS m (parts)
        WHERE length(m.parts[1]) %% 4 <> 1 AND encode(
            CASE WHEN length(m.parts[1]) %% 4 <> 1 THEN decode(
                rpad(translate(m.parts[1], '-_', '+/'), (length(m.parts[1]) + 3) / 4 * 4, '='), 'base64'
            ) END, 'escape'
        ) !~ '"role"\s*:\s*"anon"|"iss"\s*:\s*"supabase-demo"'
    )
