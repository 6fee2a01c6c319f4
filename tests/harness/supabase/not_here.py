"""Statements that the platform takes and a throwaway server cannot: they are left out of their file, and told."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.harness.migrations.files import ApplyFailure, DoesNotApply, Migration, Statement

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# A role is the server's: where the file was applied once, on another database of this run, it is there.
_ROLE_IS_THERE = re.compile(r'role "[^"]+" already exists')
_CREATE_ROLE = re.compile(r"^\s*CREATE\s+(ROLE|USER|GROUP)\b", re.IGNORECASE)
# The name of what an error says is not there, be it a server "a" or a function a.b(text).
_IS_MISSING = re.compile(r'^[a-z -]+ "?([^"(]+)"?.* does not exist')
_CREATE = re.compile(
    r"^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:UNIQUE|MATERIALIZED|FOREIGN|DATA|EVENT)\s+)*(\w+)\s+(?:CONCURRENTLY\s+)?"
    r'(?:IF\s+NOT\s+EXISTS\s+)?"?(?:\w+"?\."?)?([\w-]+)',
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LeftOut:
    """A statement that is left out of a file: the file's name, the statement, and why, if that is to be told."""

    file: str
    statement: Statement
    why: str = ""

    def __str__(self) -> str:
        """Say where it is, and that it is not checked."""
        return f"{self.file}:{self.statement.line}: {self.why}: {_DATA['words']}."

    def makes(self, name: str) -> bool:
        """Whether it would make what has this name; of an extension, what begins with its name."""
        if (created := _CREATE.match(self.statement.text)) is None:
            return False
        kind, made = created[1].upper(), created[2].lower()
        of_extension = kind == "EXTENSION" and made.removeprefix("pg_") in re.split(r"[._]", name)
        return of_extension or name.rpartition(".")[2] == made

    def of(self, migration: Migration) -> Migration:
        """Return the file without the statement; what follows keeps its lines."""
        if migration.path.name != self.file:
            return migration
        text = self.statement.text
        lines = migration.text.splitlines(keepends=True)
        at = migration.text.find(text, max(0, sum(map(len, lines[: self.statement.line - 1])) - len(text)))
        without = migration.text[:at] + "\n" * text.count("\n") + migration.text[at + len(text) :]
        left = tuple(each for each in migration.statements if each != self.statement)
        return replace(migration, text=without, statements=left)


def apply_here(
    migration: Migration, run: Callable[[Migration], object], roles_are_left: bool, earlier: Sequence[LeftOut] = ()
) -> list[LeftOut]:
    """Run a file without the statements that cannot be run here, and list those. Raises DoesNotApply.

    `earlier`: what is left out of the files before it.
    """
    found: list[LeftOut] = []
    while True:
        try:
            run(migration)
        except DoesNotApply as refusal:
            if (left_out := _left_out(refusal.failure, roles_are_left, [*earlier, *found])) is None:
                raise
            found.append(left_out)
            migration = left_out.of(migration)
        else:
            return found


def _left_out(failure: ApplyFailure, roles_are_left: bool, earlier: Sequence[LeftOut]) -> LeftOut | None:
    error, text = failure.error.diag.message_primary or "", failure.statement
    statement = next((each for each in failure.migration.statements if each.text == text), None)
    if failure.how or statement is None:
        return None
    if roles_are_left and _ROLE_IS_THERE.search(error) and _CREATE_ROLE.search(text):
        return LeftOut(failure.migration.path.name, statement)
    for entry in _DATA["statement"]:
        if re.search(entry["error"], error) and re.search(entry.get("statement", ""), text):
            return LeftOut(failure.migration.path.name, statement, entry["what"])
    if (missing := _IS_MISSING.match(error)) and any(each.makes(missing[1].lower()) for each in earlier):
        return LeftOut(failure.migration.path.name, statement, _DATA["needs"])
    return None
