"""Edits of a migration's text: by parsed statement, or by a piece of text, which must be there."""

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


def test_what_follows_keeps_its_lines() -> None:
    """A statement that goes, or that becomes shorter, leaves its lines behind."""
    (table,) = [each for each in edits.parse(TEXT) if isinstance(each.tree, ast.CreateStmt)]
    for edited in (edits.splice(TEXT, [(table, new)]) for new in ("", "SELECT 1")):
        assert edited.splitlines()[4:] == TEXT.splitlines()[4:]
        assert not [each for each in edits.parse(edited) if isinstance(each.tree, ast.CreateStmt)]


def test_a_piece_of_text_stands_once() -> None:
    """A text that is not there, or that is there twice, is not edited."""
    assert Edit("create", "CREATE").apply(TEXT).count("CREATE") == 1
    for old, times in (("CREATE", 0), ("COMMIT;", 2)):
        with pytest.raises(NotEdited, match=f"stands there {times} times: {old}"):
            Edit(old, "").apply(TEXT)
