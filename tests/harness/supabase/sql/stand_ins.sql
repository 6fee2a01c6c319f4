-- What the stand-ins for extensions (../extensions) are written with, as supabase_admin: functions that do nothing but
-- say so. A signature is what CREATE FUNCTION says before the body: "f(text) RETURNS text IMMUTABLE".

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
