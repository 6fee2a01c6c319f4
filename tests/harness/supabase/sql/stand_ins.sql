-- What the stand-ins for extensions (../extensions) are written with, as supabase_admin.

-- Functions that do nothing but say so. A signature is what CREATE FUNCTION says before the body: "f(text) RETURNS text
-- IMMUTABLE".
CREATE FUNCTION extensions.without_effect(extension text, VARIADIC signatures text[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY signatures LOOP
        EXECUTE format(
            'CREATE FUNCTION %s LANGUAGE plpgsql AS %L',
            signature,
            format(
                $body$
                BEGIN
                    RAISE feature_not_supported USING
                        MESSAGE = %L || ' is a stand-in without effect on this throwaway server',
                        HINT = 'Run the gate with --pg=BINDIR, of a server that has the extension %s.';
                END
                $body$,
                format('%s.%s', extension, split_part(signature, '(', 1)),
                extension
            )
        );
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION extensions.without_effect(text, text[]) FROM public;

-- Indexes of a type that is kept as text, made by btree_gist's functions for bytea: they hold the rows, and serve no
-- operator. A class is what CREATE OPERATOR CLASS says before AS.
CREATE FUNCTION extensions.indexed_as_bytea(type text, VARIADIC classes text[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    class text;
BEGIN
    EXECUTE format(
        $sql$
        CREATE TYPE %1$s_key;
        CREATE FUNCTION %1$s_key_in(cstring) RETURNS %1$s_key LANGUAGE internal IMMUTABLE STRICT AS 'textin';
        CREATE FUNCTION %1$s_key_out(%1$s_key) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
        CREATE TYPE %1$s_key (INPUT = %1$s_key_in, OUTPUT = %1$s_key_out, LIKE = pg_catalog.text);
        CREATE FUNCTION %1$s_key_consistent(internal, %1$s, smallint, oid, internal) RETURNS boolean
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_consistent';
        CREATE FUNCTION %1$s_key_union(internal, internal) RETURNS %1$s_key
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_union';
        CREATE FUNCTION %1$s_key_compress(internal) RETURNS internal
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_compress';
        CREATE FUNCTION %1$s_key_decompress(internal) RETURNS internal
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_var_decompress';
        CREATE FUNCTION %1$s_key_penalty(internal, internal, internal) RETURNS internal
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_penalty';
        CREATE FUNCTION %1$s_key_picksplit(internal, internal) RETURNS internal
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_picksplit';
        CREATE FUNCTION %1$s_key_same(%1$s_key, %1$s_key, internal) RETURNS internal
        LANGUAGE c STRICT AS '$libdir/btree_gist', 'gbt_bytea_same';
        $sql$,
        type
    );
    FOREACH class IN ARRAY classes LOOP
        EXECUTE format(
            $sql$
            CREATE OPERATOR CLASS %2$s AS
            FUNCTION 1 %1$s_key_consistent(internal, %1$s, smallint, oid, internal),
            FUNCTION 2 %1$s_key_union(internal, internal),
            FUNCTION 3 %1$s_key_compress(internal),
            FUNCTION 4 %1$s_key_decompress(internal),
            FUNCTION 5 %1$s_key_penalty(internal, internal, internal),
            FUNCTION 6 %1$s_key_picksplit(internal, internal),
            FUNCTION 7 %1$s_key_same(%1$s_key, %1$s_key, internal),
            STORAGE %1$s_key
            $sql$,
            type,
            class
        );
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION extensions.indexed_as_bytea(text, text[]) FROM public;
