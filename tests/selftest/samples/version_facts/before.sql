-- What the samples of facts.toml need, on each version.
CREATE SCHEMA sample;
SET search_path = sample;
CREATE TABLE t (
    id integer PRIMARY KEY, a integer, b text, j jsonb, generated integer GENERATED ALWAYS AS (a) STORED
);
CREATE VIEW v AS SELECT a FROM t;
CREATE TABLE child (id integer PRIMARY KEY, parent integer CONSTRAINT child_parent REFERENCES t);
CREATE TABLE parted (id integer) PARTITION BY RANGE (id);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9);
CREATE SEQUENCE seq;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER remote FOREIGN DATA WRAPPER w;
