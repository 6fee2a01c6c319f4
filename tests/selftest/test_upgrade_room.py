"""The room tests/upgrade: a second migration passes through it as it is, and each kind of wrong one is told apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.migrations.edits import Edit
from tests.selftest.runs import Place, candidate, place

GOOD = Path(__file__).parent / "upgrade_room" / "015_add_locale.sql"
ROOM = [
    f"tests/upgrade/test_{chapter}.py"
    for chapter in ("concurrency", "crash", "deliveries", "divergent_tables", "every_migration", "hygiene", "locks")
]
TABLE = "public.calculator2_sessions"
COLUMN = f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS locale text;"
INDEX = "CREATE INDEX IF NOT EXISTS"
NOTIFY = "NOTIFY pgrst"


@dataclass(frozen=True)
class Wrong:
    """A migration that was edited: the clause that it breaks, the chapter that sees it, and where the fault begins."""

    clause: str
    chapter: str
    fault: str
    edits: tuple[tuple[str, str], ...]


def before(mark: str, fault: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Put statements in before what the good file has."""
    return fault.split(";")[0], ((mark, f"{fault}\n{mark}"),)


WRONG = {
    "an unguarded policy": Wrong(
        "I2", "every_migration", *before(NOTIFY, f"CREATE POLICY locale ON {TABLE} FOR SELECT TO anon USING (false);")
    ),
    "the table dropped first": Wrong(
        "I2",
        "every_migration",
        *before(
            COLUMN,
            f"DROP TABLE IF EXISTS {TABLE};\nCREATE TABLE {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY,"
            " session_token text, form_state jsonb, pricing_tier text, amount_paid numeric, payment_status text,"
            " report_token text, created_at timestamptz, last_active_at timestamptz, expires_at timestamptz);",
        ),
    ),
    "every row updated": Wrong("I2", "every_migration", *before(NOTIFY, f"UPDATE {TABLE} SET locale = 'en';")),
    "no transaction": Wrong("I4", "deliveries", COLUMN, (("BEGIN;\n\nSET", "SET"), ("\nCOMMIT;\n", "\n"))),
    "a BEGIN without COMMIT": Wrong("I5", "hygiene", "BEGIN;", (("\nCOMMIT;\n", "\n"),)),
    "a type changed": Wrong(
        "I8", "locks", *before(NOTIFY, f"ALTER TABLE {TABLE} ALTER COLUMN pricing_tier TYPE varchar(40);")
    ),
    "a role left behind": Wrong("I11", "hygiene", *before(NOTIFY, "SET ROLE service_role;")),
    "an index rebuilt": Wrong(
        "I2", "every_migration", *before(INDEX, "DROP INDEX IF EXISTS public.idx_calculator2_sessions_locale;")
    ),
}


def run(at: Place, text: str, *arguments: str) -> tuple[int, str]:
    """Run the room on 014 and this."""
    folder = candidate(at.folder / "migrations")
    (folder / GOOD.name).write_text(text, encoding="utf-8")
    return at.run(f"--migrations={folder}", "-q", "--tb=short", *arguments)


def test_a_second_migration_passes_through_the_room() -> None:
    """A column, a constraint NOT VALID and then validated, and an index: nothing in the room knows of them."""
    with place() as at:
        status, printed = run(at, GOOD.read_text(encoding="utf-8"), "--locks", "-k015", "-n2", *ROOM)
    assert status == 0, printed
    assert "AccessExclusiveLock" in printed


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_migration_is_told_by_clause_and_line(wrong: Wrong) -> None:
    """The clause is the one that it breaks, and the line is the one where the fault begins."""
    text = GOOD.read_text(encoding="utf-8")
    for edit in wrong.edits:
        text = Edit(*edit).apply(text)
    line = text[: text.index(wrong.fault)].count("\n") + 1
    with place() as at:
        # The longest chapter says the same under both default privileges.
        these = "015 and not granting" if wrong.chapter == "every_migration" else "015"
        status, printed = run(at, text, "-n2", f"-k{these}", f"tests/upgrade/test_{wrong.chapter}.py")
    assert status == 1, printed
    assert f"\n{wrong.clause} is broken: " in printed, printed
    assert f"{GOOD.name}:{line}: " in printed, f"not line {line}:\n{printed}"
