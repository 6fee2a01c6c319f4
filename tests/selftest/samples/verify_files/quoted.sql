-- Whatever must be quoted, in names and in strings, and what an index may say beyond its columns.
CREATE TABLE public."Order" (
    "user" text CONSTRAINT "Who's" CHECK ("user" <> 'it''s'), note text COLLATE "C" NOT NULL DEFAULT 'a  b' UNIQUE,
    stamp timestamptz DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "by user" ON public."Order" ("user" COLLATE "C" text_pattern_ops DESC, lower(note)) WITH (fillfactor = 70);
ALTER TABLE public."Order" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own rows" ON public."Order" TO authenticated
USING ("user" = (SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'))
WITH CHECK ("user" = (SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'))
