"""The rules for exposed objects: each is broken by what it is about, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.catalog.deviations import BadDeviations, check_needed, read_deviations
from tests.harness.catalog.rules import RULES, Finding
from tests.harness.core.versions import VIEWS_CAN_BE_OF_THE_INVOKER
from tests.harness.server.session import Session

GRANTS = "REVOKE ALL ON public.t FROM public, anon, authenticated, service_role;"
TABLE = f"CREATE TABLE public.t (id int PRIMARY KEY, owner text NOT NULL); {GRANTS}"
SAFE = TABLE + "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;"
FUNCTION = "CREATE FUNCTION public.f(text) RETURNS int LANGUAGE sql"

WRONG = {
    "row-level security off": (TABLE, "E1", "public.t"),
    "a foreign table": (
        (
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
            f"CREATE FOREIGN TABLE public.t () SERVER s; {GRANTS}"
        ),
        "E1",
        "public.t",
    ),
    **{
        f"{command} where {test}": (
            f"{SAFE} GRANT {command} ON public.t TO anon; CREATE POLICY p ON public.t FOR {command} TO anon {test}",
            "E2",
            "public.t, policy p",
        )
        for command, test in [
            ("INSERT", "WITH CHECK (true)"),
            ("UPDATE", "USING (1 = 1)"),
            ("UPDATE", "USING (id = 1) WITH CHECK (true OR id = 2)"),
            ("DELETE", "USING (owner IS NOT NULL)"),
        ]
    },
    "writing open to PUBLIC": (
        (
            f"{SAFE} GRANT INSERT ON public.t TO anon, authenticated, service_role;"
            "CREATE POLICY p ON public.t FOR INSERT WITH CHECK (true)"
        ),
        "E2",
        "public.t, policy p",
    ),
    "a policy without its privilege": (
        f"{SAFE} CREATE POLICY p ON public.t FOR SELECT TO anon USING (id = 1)",
        "E3",
        "public.t, policy p, anon",
    ),
    "a policy for more than its privilege": (
        f"{SAFE} GRANT SELECT, INSERT, UPDATE ON public.t TO anon; CREATE POLICY p ON public.t TO anon USING (id = 1)",
        "E3",
        "public.t, policy p, anon",
    ),
    "a privilege without its policy": (
        f"{SAFE} GRANT INSERT ON public.t TO service_role",
        "E4",
        "public.t, service_role, INSERT",
    ),
    "a privilege on a column": (f"{SAFE} GRANT UPDATE (id) ON public.t TO anon", "E4", "public.t, anon, UPDATE"),
    "a privilege with a restrictive policy": (
        (
            f"{SAFE} GRANT SELECT ON public.t TO anon;"
            "CREATE POLICY p ON public.t AS RESTRICTIVE FOR SELECT TO anon USING (id = 1)"
        ),
        "E4",
        "public.t, anon, SELECT",
    ),
    "TRUNCATE": (f"{SAFE} GRANT TRUNCATE ON public.t TO anon", "E5", "public.t, anon, TRUNCATE"),
    "TRIGGER": (f"{SAFE} GRANT TRIGGER ON public.t TO service_role", "E5", "public.t, service_role, TRIGGER"),
    "a search_path not pinned": (f"{FUNCTION} AS 'SELECT 1'", "E6", "public.f(text)"),
    "another setting pinned": (f"{FUNCTION} SET work_mem = '1MB' AS 'SELECT 1'", "E6", "public.f(text)"),
    "the definer's rights for everybody": (
        f"{FUNCTION} SECURITY DEFINER SET search_path = '' AS 'SELECT 1'",
        "E7",
        "public.f(text)",
    ),
    "a view": ("CREATE VIEW public.v AS SELECT 1 AS one", "E8", "public.v"),
    "a materialized view": ("CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one", "E8", "public.m"),
    "an index twice": (f"{SAFE} CREATE INDEX a ON public.t (id)", "E9", "public.a"),
    "a partial index twice": (
        SAFE + "".join(f"CREATE INDEX {name} ON public.t (lower(owner)) WHERE id > 1;" for name in "ab"),
        "E9",
        "public.b",
    ),
}
RIGHT = {
    "a table with nothing": SAFE,
    "a table of another schema": "CREATE SCHEMA apart; CREATE TABLE apart.t (); CREATE VIEW apart.v AS SELECT 1 AS one",
    "reading open to all": f"{SAFE} GRANT SELECT ON public.t TO anon;"
    "CREATE POLICY p ON public.t FOR SELECT TO anon USING (true)",
    "writing one's own": f"{SAFE} GRANT INSERT ON public.t TO anon;"
    "CREATE POLICY p ON public.t FOR INSERT TO anon WITH CHECK (owner = current_setting('request.headers', true))",
    "writing by the service": f"{SAFE} GRANT SELECT, INSERT, UPDATE, DELETE ON public.t TO service_role;"
    "CREATE POLICY p ON public.t TO service_role USING (true)",
    "a function, pinned": f"{FUNCTION} SET search_path = pg_catalog AS 'SELECT 1'",
    "the definer's rights, not for everybody": f"{FUNCTION} SECURITY DEFINER SET search_path = '' AS 'SELECT 1';"
    "REVOKE EXECUTE ON FUNCTION public.f(text) FROM public",
    "indexes that differ": f"{SAFE} CREATE INDEX a ON public.t (id DESC); CREATE INDEX b ON public.t (id) WHERE id > 1;"
    "CREATE INDEX c ON public.t USING hash (id); CREATE INDEX d ON public.t (id) INCLUDE (owner);"
    'CREATE INDEX e ON public.t (owner); CREATE INDEX f ON public.t (owner COLLATE "C")',
}


def broken(session: Session) -> list[Finding]:
    """Find everything that breaks a rule."""
    return [finding for rule in RULES for finding in rule.broken_by(session)]


@pytest.mark.parametrize(("change", "clause", "named"), WRONG.values(), ids=WRONG.keys())
def test_what_breaks_a_rule_is_found(superuser_session: Session, change: str, clause: str, named: str) -> None:
    """What breaks one rule is found under its clause and name, and breaks no other."""
    superuser_session.connection.execute(change.encode(), prepare=False)
    assert {(finding.clause, finding.object) for finding in broken(superuser_session)} == {(clause, named)}


@pytest.mark.parametrize("change", RIGHT.values(), ids=RIGHT.keys())
def test_what_keeps_the_rules_is_not_found(superuser_session: Session, change: str) -> None:
    """What only looks like it breaks none."""
    superuser_session.connection.execute(change.encode(), prepare=False)
    assert broken(superuser_session) == []


def test_a_view_of_the_invoker_is_not_found(superuser_session: Session) -> None:
    """Where PostgreSQL has security_invoker, a view with it breaks nothing."""
    if superuser_session.major >= VIEWS_CAN_BE_OF_THE_INVOKER:
        superuser_session.connection.execute("CREATE VIEW public.v WITH (security_invoker) AS SELECT 1 AS one")
    assert broken(superuser_session) == []


ENTRY = '[[deviation]]\nclause = "E1"\nobject = "public.t"\nreason = "Old."\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[[deviation]\n", "not TOML", id="not TOML"),
        pytest.param('[[deviations]]\nclause = "E1"\n', "it must hold [[deviation]] tables alone", id="another table"),
        pytest.param("deviation = 1\n", "it must hold [[deviation]] tables alone", id="no table"),
        pytest.param(ENTRY.replace("reason", "because"), "must give clause, object, reason", id="another word"),
        pytest.param(ENTRY.replace("Old.", " "), "must give clause, object, reason", id="no reason"),
        pytest.param(ENTRY.replace("E1", "E66"), "there is no clause E66", id="no such clause"),
        pytest.param(ENTRY + ENTRY, "E1 public.t stands there twice", id="twice"),
    ],
)
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
    file.write_text(ENTRY, encoding="utf-8")
    known = read_deviations(file, ["E1"])
    check_needed(file, known, [Finding("E1", "public.t", "has no row-level security")])
    with pytest.raises(BadDeviations, match=r"E1 public\.t: nothing of this name breaks the clause"):
        check_needed(file, known, [Finding("E5", "public.t", "is granted")])
