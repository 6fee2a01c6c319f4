"""Edits of a migration's text: by parsed statement, or by a piece of text; one that changes nothing raises."""

import pglast
import pytest
from pglast import ast

from tests.harness.migrations import edits
from tests.harness.migrations.edits import Edit, NotEdited

# COMMIT stands in a comment and in a string too, and each statement is written in an unusual way.
TEXT = """-- é: COMMIT;
start transaction;
  create
    table t (a text default 'COMMIT;');
notify pgrst, 'reload schema';
end"""


def test_a_statement_is_found_however_it_is_written() -> None:
    """START TRANSACTION, END and lower case are the same; comments and strings are not statements."""
    assert edits.replace(TEXT, ast.TransactionStmt, "", edits.commits) == TEXT.removesuffix("end")
    assert "transaction" not in edits.replace(TEXT, ast.TransactionStmt, "BEGIN", edits.begins_transaction)


def test_what_follows_keeps_its_lines() -> None:
    """A statement that goes, or that becomes shorter, leaves its lines behind."""
    for edited in (edits.replace(TEXT, ast.CreateStmt, new) for new in ("", "SELECT 1")):
        assert edited.splitlines()[4:] == TEXT.splitlines()[4:]
        assert not [each for each in edits.parse(edited) if isinstance(each.tree, ast.CreateStmt)]


def test_a_statement_is_made_of_the_old_one() -> None:
    """The new text may be a function of the old one."""
    assert "NOTIFY PGRST" in edits.replace(TEXT, ast.NotifyStmt, str.upper)


def test_an_edit_that_changes_nothing_raises() -> None:
    """No statement of that kind, none for which the condition holds, or the same text again."""
    with pytest.raises(NotEdited, match="no statement of kind IndexStmt"):
        edits.replace(TEXT, ast.IndexStmt, "")
    with pytest.raises(NotEdited, match="no statement of kind NotifyStmt"):
        edits.replace(TEXT, ast.NotifyStmt, "", lambda tree: tree.conditionname == "other")
    with pytest.raises(NotEdited, match="are what they were"):
        edits.replace(TEXT, ast.NotifyStmt, str)
    with pytest.raises(pglast.parser.ParseError):
        edits.replace("SELEC 1", ast.SelectStmt, "")


def test_a_piece_of_text_stands_once() -> None:
    """A text that is not there, or that is there twice, is not edited."""
    assert Edit("create", "CREATE").apply(TEXT).count("CREATE") == 1
    for old, times in (("CREATE", 0), ("COMMIT;", 2)):
        with pytest.raises(NotEdited, match=f"stands there {times} times: {old}"):
            Edit(old, "").apply(TEXT)
