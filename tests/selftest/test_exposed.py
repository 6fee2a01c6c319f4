"""The rules for exposed objects: each is broken by what it is about, and by nothing else."""

import tomllib
from pathlib import Path

import pytest

from tests.harness.catalog.deviations import BadDeviations, check_needed, read_deviations
from tests.harness.catalog.places import is_found, told
from tests.harness.catalog.rules import RULES, Finding
from tests.harness.migrations.files import Migration, split
from tests.harness.server.session import Session
from tests.selftest.cases import cases

GRANTS = "REVOKE ALL ON public.t FROM public, anon, authenticated, service_role;"
FILE = Path("gate.toml")
TABLE = f"CREATE TABLE public.t (id int PRIMARY KEY, owner text NOT NULL); {GRANTS}"
SAFE = TABLE + "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;"
FUNCTION = "CREATE FUNCTION public.f(text) RETURNS int LANGUAGE sql"


def broken_by(session: Session, change: str) -> list[Finding]:
    """Make a change, and find everything that breaks a rule, and did not before."""
    text = change.format(GRANTS=GRANTS, TABLE=TABLE, SAFE=SAFE, FUNCTION=FUNCTION)
    session.run("SAVEPOINT before")
    session.connection.execute(text.encode(), prepare=False)
    after = {rule: rule.broken_by(session, ["public"]) for rule in RULES}
    session.run("ROLLBACK TO SAVEPOINT before")
    before = [finding for rule in RULES if after[rule] for finding in rule.broken_by(session, ["public"])]
    path = Path("1.sql")
    files = [Migration(path, "1", text, tuple(split(text, path)), is_history=False)]
    return [each for found in after.values() for each in found if each not in before and is_found(each, files)]


@cases("exposed/wrong", mended="")
def test_what_breaks_a_rule_is_found(
    superuser_session: Session, change: str, clause: str, named: str, mended: str
) -> None:
    """What breaks one rule is found under its clause and name, and breaks no other; once it is mended, none."""
    found = broken_by(superuser_session, change)
    assert {(finding.clause, finding.object) for finding in found} == {(clause, named)}
    assert not mended or broken_by(superuser_session, f"{change};{mended}") == []


@cases("exposed/places")
def test_a_finding_is_told_with_the_statement_that_decides_it(
    superuser_session: Session, clause: str, files: list[str], failure: str
) -> None:
    """The last one that made it so, of all files, with its file and line; the findings in that order."""
    migrations = []
    for number, text in enumerate(files, start=1):
        path = Path(f"{number}.sql")
        migrations.append(Migration(path, str(number), text, tuple(split(text, path)), is_history=number < len(files)))
        superuser_session.connection.execute(text.encode(), prepare=False)
    (rule,) = (rule for rule in RULES if rule.clause == clause)
    found = [each for each in rule.broken_by(superuser_session, ["public"]) if is_found(each, migrations)]
    assert told(found, migrations) == failure.strip()


def test_more_findings_than_fit_a_screen_are_counted() -> None:
    """Twenty are told."""
    found = [Finding("E1", f"public.t{number}", "has no row-level security") for number in range(22)]
    lines = told(found, []).splitlines()
    assert (len(lines), lines[-1]) == (21, "and 2 more.")


@cases("exposed/right")
def test_what_keeps_the_rules_is_not_found(superuser_session: Session, change: str) -> None:
    """What only looks like it breaks none."""
    assert broken_by(superuser_session, change) == []


@cases("exposed/bad_deviations")
def test_a_bad_deviation_is_an_error(text: str, words: str) -> None:
    """A deviation that gives no reason, or is from no rule, is refused in words."""
    with pytest.raises(BadDeviations) as refusal:
        read_deviations(FILE, tomllib.loads(text)["deviation"], ["E1"])
    assert words in str(refusal.value)


def test_a_deviation_that_excuses_nothing_is_an_error() -> None:
    """One that is needed passes; one whose object breaks nothing, or has gone, does not."""
    known = read_deviations(FILE, [{"clause": "E1", "object": "public.t", "reason": "Old."}], ["E1"])
    check_needed(FILE, known, [Finding("E1", "public.t", "has no row-level security")])
    with pytest.raises(BadDeviations, match=r"E1 public\.t: nothing of this name breaks the clause"):
        check_needed(FILE, known, [Finding("E5", "public.t", "is granted")])
