-- verdict: red
-- because: E17: SET NULL on a column that is NOT NULL: whoever has commented can never delete his account (23502)
-- line: 5
alter table public.comments drop constraint comments_author_id_fkey;
alter table public.comments add constraint comments_author_id_fkey
foreign key (author_id) references auth.users (id) on delete set null not valid;
