-- Vectors as the text that they are written as, of any length. Access methods take none of pgvector's options.
-- Source: pgvector/pgvector, README.

CREATE TYPE vector;
CREATE FUNCTION vector_in(cstring) RETURNS vector LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'varbittypmodin';
CREATE FUNCTION vector_typmod_out(integer) RETURNS cstring
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'varbittypmodout';
CREATE TYPE vector (
    INPUT = vector_in,
    OUTPUT = vector_out,
    TYPMOD_IN = vector_typmod_in,
    TYPMOD_OUT = vector_typmod_out,
    LIKE = pg_catalog.text
);
CREATE FUNCTION vector_to_array(value vector) RETURNS double precision[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_to_array(trim(BOTH '[]' FROM value::text), ',')::double precision[]
$$;
CREATE FUNCTION vector_dims(value vector) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$ SELECT cardinality(vector_to_array(value)) $$;
CREATE FUNCTION l2_distance(a vector, b vector) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$
    SELECT sqrt(sum((x - y) ^ 2)) FROM unnest(vector_to_array(a), vector_to_array(b)) AS pair (x, y)
$$;
CREATE FUNCTION inner_product(a vector, b vector) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$
    SELECT sum(x * y) FROM unnest(vector_to_array(a), vector_to_array(b)) AS pair (x, y)
$$;
CREATE FUNCTION vector_negative_inner_product(a vector, b vector) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT - inner_product(a, b) $$;
CREATE FUNCTION cosine_distance(a vector, b vector) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT 1 - sum(x * y) / sqrt(sum(x * x) * sum(y * y))
    FROM unnest(vector_to_array(a), vector_to_array(b)) AS pair (x, y)
$$;
CREATE OPERATOR <-> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = l2_distance);
CREATE OPERATOR <#> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_negative_inner_product);
CREATE OPERATOR <=> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = cosine_distance);

CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER gisthandler; -- noqa: PRS
CREATE ACCESS METHOD ivfflat TYPE INDEX HANDLER gisthandler; -- noqa: PRS
SELECT extensions.indexed_as_bytea(
    'vector',
    'vector_l2_ops FOR TYPE vector USING hnsw',
    'vector_ip_ops FOR TYPE vector USING hnsw',
    'vector_cosine_ops FOR TYPE vector USING hnsw',
    'vector_l2_ops DEFAULT FOR TYPE vector USING ivfflat',
    'vector_ip_ops FOR TYPE vector USING ivfflat',
    'vector_cosine_ops FOR TYPE vector USING ivfflat'
);
