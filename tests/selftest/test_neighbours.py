"""A contract in a folder with other migrations: what they make is theirs, and what they break is broken."""

from __future__ import annotations

from tests.selftest.runs import MIGRATION, RunFolder, candidate

CONTRACT = "tests/contract/calculator2_sessions"
STRUCTURE, LIFECYCLE = f"{CONTRACT}/test_structure.py", f"{CONTRACT}/test_lifecycle.py"
NOTES = "CREATE TABLE public.notes (session bigint REFERENCES public.calculator2_sessions (id){});\n"
OTHERS = f"""
{NOTES.format(" ON DELETE CASCADE")}
CREATE VIEW public.all_notes WITH (security_invoker) AS SELECT session FROM public.notes;
CREATE FUNCTION public.note_count() RETURNS bigint LANGUAGE sql SET search_path = ''
AS 'SELECT count(*) FROM public.notes';
DO $$ BEGIN IF to_regrole('note_reader') IS NULL THEN CREATE ROLE note_reader; END IF; END $$;
"""


def test_other_files_may_make_what_they_like(here: RunFolder) -> None:
    """A table that refers to this one, a view, a function and a role of another file break nothing of the contract."""
    folder = candidate(here.folder / "migrations")
    (folder / "015_notes.sql").write_text(OTHERS, encoding="utf-8")
    status, printed = here.run(f"--migrations={folder}", "-n2", STRUCTURE, LIFECYCLE)
    assert status == 0, printed


def test_what_the_file_itself_leaves_behind_is_named(here: RunFolder) -> None:
    """One line for each object that is too much; no name of PostgreSQL's own with an OID in it."""
    folder = candidate(here.folder / "migrations", ("NOTIFY pgrst", f"{NOTES.format('')}\nNOTIFY pgrst"))
    status, printed = here.run(f"--migrations={folder}", "-k", "leaves_nothing_else", STRUCTURE)
    assert status == 1
    assert "unexpected: table constraint notes_session_fkey on public.notes" in printed, printed
    assert "unexpected: table public.notes\n" in printed
    assert "RI_ConstraintTrigger" not in printed


def test_a_clause_that_another_file_breaks_is_broken(here: RunFolder) -> None:
    """A child table whose foreign key keeps an expired session from going breaks the clean-up, and is named."""
    folder = candidate(here.folder / "migrations")
    (folder / "015_notes.sql").write_text(NOTES.format(""), encoding="utf-8")
    status, printed = here.run(f"--migrations={folder}", "-n2", STRUCTURE, LIFECYCLE)
    assert status == 1
    assert "notes_session_fkey on public.notes: FOREIGN KEY (session)" in printed, printed
    assert "calculator2_sessions D4 is broken" in printed
    assert "calculator2_sessions S9" not in printed


def test_the_file_may_have_any_name(here: RunFolder) -> None:
    """The file that makes the table is found by what it makes, as the Supabase CLI would name it too."""
    folder = candidate(here.folder / "migrations")
    (folder / MIGRATION.name).rename(folder / "20260102120000_create_calculator2_sessions.sql")
    status, printed = here.run(f"--migrations={folder}", "-n2", "tests/contract")
    assert status == 0, printed
