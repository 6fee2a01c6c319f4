"""The rules for exposed objects: each is broken by what it is about, and by nothing else."""

from pathlib import Path

import pytest

from tests.harness.catalog.deviations import BadDeviations, check_needed, read_deviations
from tests.harness.catalog.rules import RULES, Finding
from tests.harness.server.session import Session
from tests.selftest.cases import cases

GRANTS = "REVOKE ALL ON public.t FROM public, anon, authenticated, service_role;"
TABLE = f"CREATE TABLE public.t (id int PRIMARY KEY, owner text NOT NULL); {GRANTS}"
SAFE = TABLE + "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;"
FUNCTION = "CREATE FUNCTION public.f(text) RETURNS int LANGUAGE sql"


def broken_by(session: Session, change: str) -> list[Finding]:
    """Make a change, and find everything that breaks a rule."""
    text = change.format(GRANTS=GRANTS, TABLE=TABLE, SAFE=SAFE, FUNCTION=FUNCTION)
    session.connection.execute(text.encode(), prepare=False)
    return [finding for rule in RULES for finding in rule.broken_by(session)]


@cases("exposed/wrong")
def test_what_breaks_a_rule_is_found(superuser_session: Session, change: str, clause: str, named: str) -> None:
    """What breaks one rule is found under its clause and name, and breaks no other."""
    found = broken_by(superuser_session, change)
    assert {(finding.clause, finding.object) for finding in found} == {(clause, named)}


@cases("exposed/right")
def test_what_keeps_the_rules_is_not_found(superuser_session: Session, change: str) -> None:
    """What only looks like it breaks none."""
    assert broken_by(superuser_session, change) == []


@cases("exposed/bad_deviations")
def test_a_bad_deviation_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    """A list of deviations that cannot be read, or gives no reason, is refused in words."""
    file = tmp_path / "deviations.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadDeviations) as refusal:
        read_deviations(file, ["E1"])
    assert words in str(refusal.value)


def test_a_deviation_that_excuses_nothing_is_an_error(tmp_path: Path) -> None:
    """One that is needed passes; one whose object breaks nothing, or has gone, does not."""
    file = tmp_path / "deviations.toml"
    file.write_text('[[deviation]]\nclause = "E1"\nobject = "public.t"\nreason = "Old."\n', encoding="utf-8")
    known = read_deviations(file, ["E1"])
    check_needed(file, known, [Finding("E1", "public.t", "has no row-level security")])
    with pytest.raises(BadDeviations, match=r"E1 public\.t: nothing of this name breaks the clause"):
        check_needed(file, known, [Finding("E5", "public.t", "is granted")])
