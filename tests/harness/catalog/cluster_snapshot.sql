-- Of some roles and databases, or of all: what belongs to the server. Of a password only its change is told.
WITH role AS (SELECT * FROM pg_authid WHERE rolname = ANY (coalesce(%(roles)s, ARRAY[rolname]))),

base AS (SELECT * FROM pg_database WHERE datname = ANY (coalesce(%(databases)s, ARRAY[datname])))

SELECT format('role %%s: %%s %%s', r.rolname, fact.key, CASE fact.key WHEN 'rolpassword' THEN md5(value) ELSE value END)
FROM role AS r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r) - 'rolname' - 'oid') AS fact
UNION ALL
SELECT format('role %%s: member of %%s: %%s', m.rolname, r.rolname, to_jsonb(a) - '{oid,roleid,member}'::text [])
FROM pg_auth_members AS a INNER JOIN role AS r ON a.roleid = r.oid INNER JOIN role AS m ON a.member = m.oid
UNION ALL
SELECT format('setting of role %%s in database %%s: %%s', coalesce(r.rolname, 'ALL'), coalesce(b.datname, 'ALL'), item)
FROM pg_db_role_setting AS s LEFT JOIN role AS r ON s.setrole = r.oid LEFT JOIN base AS b ON s.setdatabase = b.oid
CROSS JOIN LATERAL unnest(s.setconfig) AS item
WHERE (s.setrole = 0 OR r.oid IS NOT NULL) AND (s.setdatabase = 0 OR b.oid IS NOT NULL)
UNION ALL
SELECT format(
    'database %%s: owner %%s, privileges %%s, connections %%s up to %%s, template %%s',
    datname, pg_get_userbyid(datdba), coalesce(datacl::text, 'the usual'), datallowconn, datconnlimit, datistemplate
) FROM base
UNION ALL
SELECT format('replication slot %%s', slot_name) FROM pg_replication_slots
UNION ALL
SELECT format('prepared transaction %%s in database %%s', gid, database) FROM pg_prepared_xacts
ORDER BY 1
