-- Shapes as the text that they are written as (EWKT). What takes points measures them, on a sphere where PostGIS has a
-- spheroid. Nothing is checked.
-- Source: PostGIS, its manual.

-- PostgreSQL lets no function in SQL have an argument of type cstring, once it looks at its body.
SET LOCAL check_function_bodies = off;
CREATE TYPE geometry;
CREATE FUNCTION geometry_in(cstring) RETURNS geometry LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION geometry_out(geometry) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION geometry_typmod_in(cstring[]) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT 1';
CREATE FUNCTION geometry_typmod_out(integer) RETURNS cstring
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'varbittypmodout';
CREATE TYPE geometry (
    INPUT = geometry_in,
    OUTPUT = geometry_out,
    TYPMOD_IN = geometry_typmod_in,
    TYPMOD_OUT = geometry_typmod_out,
    LIKE = pg_catalog.text
);
CREATE TYPE geography;
CREATE FUNCTION geography_in(cstring) RETURNS geography LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION geography_out(geography) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION geography_typmod_in(cstring[]) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT 1';
CREATE FUNCTION geography_typmod_out(integer) RETURNS cstring
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'varbittypmodout';
CREATE TYPE geography (
    INPUT = geography_in,
    OUTPUT = geography_out,
    TYPMOD_IN = geography_typmod_in,
    TYPMOD_OUT = geography_typmod_out,
    LIKE = pg_catalog.text
);
CREATE DOMAIN box2d AS text;
CREATE DOMAIN box3d AS text;
CREATE CAST (geometry AS geography) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (geography AS geometry) WITHOUT FUNCTION;
CREATE CAST (text AS geometry) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (geometry AS text) WITHOUT FUNCTION AS ASSIGNMENT;

SELECT extensions.indexed_as_bytea('geometry', 'gist_geometry_ops_2d DEFAULT FOR TYPE geometry USING gist');
SELECT extensions.indexed_as_bytea('geography', 'gist_geography_ops DEFAULT FOR TYPE geography USING gist');

CREATE TABLE spatial_ref_sys (
    srid integer NOT NULL CONSTRAINT spatial_ref_sys_pkey PRIMARY KEY,
    auth_name varchar(256),
    auth_srid integer,
    srtext varchar(2048),
    proj4text varchar(2048)
);
GRANT SELECT ON spatial_ref_sys TO public;

CREATE FUNCTION st_x(shape geometry) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (regexp_match(shape::text, '^(?:SRID=\d+;)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)$', 'i'))[1]::double precision
$$;
CREATE FUNCTION st_y(shape geometry) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (regexp_match(shape::text, '^(?:SRID=\d+;)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)$', 'i'))[2]::double precision
$$;
CREATE FUNCTION st_astext(shape geometry) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(shape::text, '^SRID=\d+;', '')
$$;
CREATE FUNCTION st_srid(shape geometry) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce((regexp_match(shape::text, '^SRID=(\d+);'))[1], '0')::integer
$$;
CREATE FUNCTION st_setsrid(shape geometry, srid integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT format('SRID=%s;%s', srid, st_astext(shape))::geometry
$$;
CREATE FUNCTION st_makepoint(x double precision, y double precision) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT format('POINT(%s %s)', x, y)::geometry
$$;
CREATE FUNCTION st_point(x double precision, y double precision) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT st_makepoint(x, y) $$;
CREATE FUNCTION st_point(x double precision, y double precision, srid integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT st_setsrid(st_makepoint(x, y), srid)
$$;
CREATE FUNCTION st_geomfromtext(shape text) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT shape::geometry $$;
CREATE FUNCTION st_geomfromtext(shape text, srid integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT st_setsrid(shape::geometry, srid)
$$;
CREATE FUNCTION st_geogfromtext(shape text) RETURNS geography
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT shape::geometry::geography $$;
CREATE FUNCTION st_geographyfromtext(shape text) RETURNS geography
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT shape::geometry::geography $$;
CREATE FUNCTION st_distance(a geometry, b geometry) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT sqrt((st_x(a) - st_x(b)) ^ 2 + (st_y(a) - st_y(b)) ^ 2)
$$;
-- In metres, of a sphere with the mean radius of the Earth.
CREATE FUNCTION st_distance(a geography, b geography, use_spheroid boolean DEFAULT true) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT 2 * 6371008.8 * asin(sqrt(
        sind((st_y(b::geometry) - st_y(a::geometry)) / 2) ^ 2
        + cosd(st_y(a::geometry)) * cosd(st_y(b::geometry)) * sind((st_x(b::geometry) - st_x(a::geometry)) / 2) ^ 2
    ))
$$;
CREATE FUNCTION st_dwithin(a geometry, b geometry, distance double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$ SELECT st_distance(a, b) <= distance $$;
CREATE FUNCTION st_dwithin(a geography, b geography, distance double precision, use_spheroid boolean DEFAULT true)
RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT st_distance(a, b) <= distance
$$;

SELECT extensions.without_effect(
    'postgis',
    'st_area(shape geometry) RETURNS double precision IMMUTABLE',
    'st_area(shape geography, use_spheroid boolean DEFAULT true) RETURNS double precision IMMUTABLE',
    'st_asbinary(shape geometry) RETURNS bytea IMMUTABLE',
    'st_asgeojson(shape geometry, digits integer DEFAULT 9, options integer DEFAULT 8) RETURNS text IMMUTABLE',
    'st_asgeojson(shape geography, digits integer DEFAULT 9, options integer DEFAULT 0) RETURNS text IMMUTABLE',
    'st_buffer(shape geometry, radius double precision) RETURNS geometry IMMUTABLE',
    'st_buffer(shape geography, radius double precision) RETURNS geography IMMUTABLE',
    'st_centroid(shape geometry) RETURNS geometry IMMUTABLE',
    'st_contains(a geometry, b geometry) RETURNS boolean IMMUTABLE',
    'st_covers(a geometry, b geometry) RETURNS boolean IMMUTABLE',
    'st_covers(a geography, b geography) RETURNS boolean IMMUTABLE',
    'st_geomfromgeojson(shape text) RETURNS geometry IMMUTABLE',
    'st_geomfromgeojson(shape jsonb) RETURNS geometry IMMUTABLE',
    'st_intersection(a geometry, b geometry) RETURNS geometry IMMUTABLE',
    'st_intersects(a geometry, b geometry) RETURNS boolean IMMUTABLE',
    'st_intersects(a geography, b geography) RETURNS boolean IMMUTABLE',
    'st_isvalid(shape geometry) RETURNS boolean IMMUTABLE',
    'st_length(shape geometry) RETURNS double precision IMMUTABLE',
    'st_length(shape geography, use_spheroid boolean DEFAULT true) RETURNS double precision IMMUTABLE',
    'st_makeenvelope(xmin double precision, ymin double precision, xmax double precision, ymax double precision,'
    ' srid integer DEFAULT 0) RETURNS geometry IMMUTABLE',
    'st_makeline(a geometry, b geometry) RETURNS geometry IMMUTABLE',
    'st_makevalid(shape geometry) RETURNS geometry IMMUTABLE',
    'st_simplify(shape geometry, tolerance double precision) RETURNS geometry IMMUTABLE',
    'st_transform(shape geometry, srid integer) RETURNS geometry IMMUTABLE',
    'st_union(a geometry, b geometry) RETURNS geometry IMMUTABLE',
    'st_within(a geometry, b geometry) RETURNS boolean IMMUTABLE',
    'geometry_overlaps(a geometry, b geometry) RETURNS boolean IMMUTABLE',
    'geography_overlaps(a geography, b geography) RETURNS boolean IMMUTABLE',
    'postgis_version() RETURNS text IMMUTABLE',
    'postgis_full_version() RETURNS text IMMUTABLE'
);
CREATE OPERATOR && ( -- noqa: LT01
    LEFTARG = geometry, RIGHTARG = geometry, FUNCTION = geometry_overlaps, COMMUTATOR = && -- noqa: LT01
);
CREATE OPERATOR && ( -- noqa: LT01
    LEFTARG = geography, RIGHTARG = geography, FUNCTION = geography_overlaps, COMMUTATOR = && -- noqa: LT01
);
CREATE OPERATOR <-> (LEFTARG = geometry, RIGHTARG = geometry, FUNCTION = st_distance, COMMUTATOR = <->);
