-- verdict: red
-- because: I4, I5, I12: the COMMIT in the middle keeps the first half when the second fails
-- line: 5
alter table public.projects add column colour text;
commit;
update public.projects set colour = '#888888' where colour is null;
alter table public.projects add constraint projects_colour_shape check (colour ~ '^#[0-9a-f]{6}$');
