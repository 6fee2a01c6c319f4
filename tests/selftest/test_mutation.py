"""The mutants themselves, and what is said of them; `tox -e mutants` tries them on the gate."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.core.paths import APPLY_SCRIPT, CONTRACTS, MIGRATIONS, ROOT, UPGRADE
from tests.harness.core.roles import SUPERUSER
from tests.harness.plugins.pages import read_page
from tests.harness.server.binaries import installation
from tests.selftest.mutation import decoration as ornaments
from tests.selftest.mutation import report
from tests.selftest.mutation.__main__ import CANNOT_RUN, main
from tests.selftest.mutation.beside import SCRIPT_EDITS, edited
from tests.selftest.mutation.catalogue import FAMILIES, mutants_of
from tests.selftest.mutation.handmade import EDITS
from tests.selftest.mutation.judging import Gate, Judgement, Place, Red, Task, mutated_file
from tests.selftest.mutation.source import MIGRATION, BadMutant, Edit, Mutant, Source
from tests.selftest.mutation.verdicts import (
    ELSEWHERE,
    EQUIVALENT,
    ERROR,
    KILLED,
    STALE,
    STILLBORN,
    SURVIVED,
    TIME_OUT,
    BadLedger,
    Verdict,
    plan_for,
    read_ledger,
    unshown,
    verdict,
)

SMALL = "CREATE TABLE t (a int NOT NULL);\nDO $check$\nBEGIN END;\n$check$;\n"
RED = Red("tests/x.py::test", ("C1", "S2"), "it fell")


@pytest.fixture(scope="module")
def source() -> Source:
    """The migration."""
    return Source(mutated_file().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mutants(source: Source) -> dict[str, Mutant]:
    """All of its mutants."""
    return mutants_of(source)


def mutant(*falls: str) -> Mutant:
    """Any mutant."""
    return Mutant("OPERATOR", "a thing", "a change", falls, 1, "SELECT 1", "- a\n+ b")


def test_there_are_enough_of_every_family(mutants: dict[str, Mutant], source: Source) -> None:
    """At least 200 made by operators, of every family, and at least 40 by hand."""
    assert len(mutants) - len(EDITS) >= 200
    assert len(EDITS) >= 40
    assert all(next(family(source), None) is not None for family in FAMILIES.values())


def test_every_mutant_names_clauses_that_there_are(mutants: dict[str, Mutant]) -> None:
    """What must fall is a clause of the contract, and every clause is somewhere what must fall."""
    named = {clause for each in mutants.values() for clause in each.falls}
    contract = {
        *read_page(CONTRACTS / "calculator2_sessions" / "CONTRACT.md").clauses,
        *read_page(UPGRADE / "RULES.md").clauses,
    }
    assert named - contract == set()
    assert contract - named == set()


def test_every_mutant_stands_on_a_line_of_its_file(mutants: dict[str, Mutant]) -> None:
    """A mutant names the line, and shows what was changed."""
    paths = {each.file: MIGRATIONS / each.file for each in mutants.values()}
    lines = {file: len(path.read_text(encoding="utf-8").splitlines()) for file, path in paths.items()}
    assert all(1 <= each.line <= lines[each.file] and each.diff for each in mutants.values())


def test_a_change_that_is_none_is_refused() -> None:
    """A mutant whose meaning is the original's is an error, and so is an edit that does not match exactly once."""
    small = Source(SMALL)
    with pytest.raises(BadMutant, match="is the original"):
        small.edited("X", "t", Edit("a int", "a  int", "blanks", ("S2",)))
    with pytest.raises(BadMutant, match="stands 0 times"):
        small.edited("X", "t", Edit("b int", "c int", "nothing", ("S2",)))
    with pytest.raises(BadMutant, match="does not parse"):
        small.edited("X", "t", Edit("a int", "a (", "no SQL", ("S2",)))
    with pytest.raises(BadMutant, match="names no clause"):
        small.edited("X", "t", Edit("a int", "a bigint", "bigint", ()))


def test_an_edit_beside_the_migration_must_match_once(tmp_path: Path) -> None:
    """An edit of the script or of the verify file that matches elsewhere too, or nowhere, is an error."""
    file = tmp_path / "x.sh"
    file.write_text("one\ntwo\ntwo\n", encoding="utf-8")
    for old in ("two", "three"):
        with pytest.raises(BadMutant, match=r"x\.sh, a fault: the text to change stands [02] times"):
            edited("X", file, Edit(old, "", "a fault", ("V3",)))


@pytest.mark.parametrize("edit", SCRIPT_EDITS, ids=lambda edit: edit.fault)
def test_every_mutant_of_the_script_is_still_one(edit: Edit) -> None:
    """Bash parses it: a script that cannot run at all would be killed by any test."""
    text = edited("SCRIPT", APPLY_SCRIPT, edit).text
    assert subprocess.run([shutil.which("bash") or "bash", "-n"], input=text, text=True, check=False).returncode == 0


def test_the_closing_check_is_out_but_where_it_is_meant() -> None:
    """The check does nothing in a mutant, on as many lines as before; in one that is about it, it stands."""
    small = Source(SMALL)
    edit = Edit("a int", "a bigint", "bigint", ("S2",))
    without = small.edited("X", "t", edit).text
    assert without == SMALL.replace("a int", "a bigint").replace("\nBEGIN END;\n$check$;", " BEGIN END; $check$;\n\n")
    assert "\nBEGIN END;\n" in small.edited("X", "t", replace(edit, about_the_check=True)).text


@pytest.mark.parametrize(
    ("judgement", "word"),
    [
        (Judgement(red=[RED]), KILLED),
        (Judgement(red=[RED], errors=["and then an error"]), KILLED),
        (Judgement(red=[Red("t", ("D1",), "")]), ELSEWHERE),
        (Judgement(), SURVIVED),
        (Judgement(errors=["the server is gone"]), ERROR),
        (Judgement(timed_out=True), TIME_OUT),
        (Judgement(stillborn="syntax error"), STILLBORN),
    ],
    ids=str,
)
def test_only_a_failing_test_kills(judgement: Judgement, word: str) -> None:
    """An error and a time-out are verdicts of their own, and so is a kill by other clauses alone."""
    assert verdict(mutant("C1"), judgement, {}).word == word


def gate(**tests: str) -> Gate:
    """A gate of tests, each of one clause."""

    def item(name: str, clause: str) -> Any:
        mark = pytest.mark.clause(clause).mark
        return SimpleNamespace(nodeid=f"x.py::{name}", path=Path("x.py"), iter_markers=lambda _: [mark])

    return Gate([item(name, clause) for name, clause in tests.items()], {})


def test_the_test_that_shows_a_mutant_best_is_tried_first() -> None:
    """Before the others of its clause, and after none."""
    tests = gate(test_a="C1", test_b="C1", test_c="C1")
    shown = replace(mutant("C1"), shown_by="test_b")
    stage = next(plan_for(shown, parameters=None)(tests, Judgement()))
    assert [item.nodeid for item in stage] == ["x.py::test_b", "x.py::test_a", "x.py::test_c"]


def test_a_mutant_whose_test_is_gone_is_told() -> None:
    """A test that was renamed, or that proves another clause now, shows it no more."""
    tests = gate(test_a="C1", test_b="C2")
    words = ["test_a", "test_b", "test_c"]
    lost = unshown([replace(mutant("C1"), shown_by=each) for each in words], tests)
    assert ["'test_b'" in lost[0], "'test_c'" in lost[1], len(lost)] == [True, True, 2]


def test_the_ledger_is_held_to_its_word() -> None:
    """A survivor in the ledger is equivalent; a mutant in it that is killed is stale."""
    ledger = {mutant("C1").id: "a reason"}
    assert verdict(mutant("C1"), Judgement(), ledger).word == EQUIVALENT
    assert verdict(mutant("C1"), Judgement(red=[RED]), ledger).word == STALE


@pytest.mark.parametrize(
    "entry", ["id = 'X'\nmutant = 'X'\nreason = 'r'", "id = '{id}'\nmutant = '{name}'\nreason = ' '"]
)
def test_a_ledger_that_names_nothing_is_refused(tmp_path: Path, entry: str) -> None:
    """An entry without its mutant, or without a reason, is an error."""
    (tmp_path / "ledger.toml").write_text(
        "[[equivalent]]\n" + entry.format(id=mutant("C1").id, name=mutant("C1").name), encoding="utf-8"
    )
    with pytest.raises(BadLedger):
        read_ledger([mutant("C1")], tmp_path / "ledger.toml")


def test_the_ledger_is_right(mutants: dict[str, Mutant]) -> None:
    """Each entry names a mutant that there is, and gives a reason."""
    assert read_ledger(mutants.values())


@pytest.mark.parametrize("readme", ["README.md", "tests/README.md"])
def test_the_readmes_count_is_right(mutants: dict[str, Mutant], readme: str) -> None:
    """As many mutants as there are, and as many equivalent ones as the ledger has."""
    equivalent = len(read_ledger(mutants.values()))
    told = f"\n{len(mutants)} mutants: {len(mutants) - equivalent} killed, {equivalent} equivalent\n"
    assert told in (ROOT / readme).read_text(encoding="utf-8")


def test_a_clause_that_nothing_defends_is_told() -> None:
    """A clause needs a test, and a mutant that a test of it kills."""
    killed = Verdict(mutant("C1"), KILLED, (RED,))
    assert report.undefended([killed], ["C1", "C2", "C3"], ["C1", "C2"]) == [
        "  C3: no test of the gate proves it",
        "  C2: no mutant is killed by a test of it",
    ]


def test_a_survivor_is_shown_first_and_can_be_tried_again() -> None:
    """With its file and line, what was changed, what should have fallen, how many tests ran, and the command."""
    survivor = Verdict(mutant("C1"), SURVIVED, tests=7, seconds=1.25)
    lines = report.of([Verdict(replace(mutant("C1"), change="another"), KILLED, (RED,)), survivor])
    assert lines[:6] == [
        f"SURVIVED {survivor.mutant.id}  migrations/{MIGRATION}:1  OPERATOR a thing: a change",
        "    - a",
        "    + b",
        "    should fall: C1; 7 tests ran, 1.2 s",
        f"    again: tox -e mutants -- --mutant {survivor.mutant.id}",
        "",
    ]
    assert "killed: 1 of 2 (50.0 %) of those that are neither equivalent nor stillborn" in lines


def test_decoration_is_what_no_further_mutant_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that was not red yet is tried on mutants that its clause fell by, and on no others, until it is red."""
    tried: list[tuple[str, list[str]]] = []

    def judged(_: object, tests: Gate, places: object, tasks: Iterable[Task]) -> Iterator[tuple[Task, Judgement]]:
        for task in tasks:
            names = [item.nodeid for stage in task.plan(tests, Judgement()) for item in stage]
            tried.append((task.name, names))
            yield task, Judgement(red=[Red(name, ("C1",), "") for name in names if name.endswith("late")])

    monkeypatch.setattr(ornaments, "judge", judged)
    dead = [replace(mutant(clause), change=f"breaks {clause}") for clause in ("C1", "C2")]
    killed = [Verdict(each, KILLED, (Red("x.py::early", each.falls, ""),)) for each in dead]
    tests = gate(early="C1", late="C1", never="C1", alone="C3")
    session: Any = None
    assert ornaments.decoration(session, tests, [], killed) == ["  x.py::alone", "  x.py::never"]
    assert tried == [(dead[0].id, [f"x.py::{name}"]) for name in ("late", "never")]


def test_a_test_is_tried_first_on_what_is_meant_to_break_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many mutants broke the clause besides, one that is meant to comes before them."""
    tried: list[str] = []

    def judged(session: object, tests: Gate, places: object, tasks: Iterable[Task]) -> Iterator[tuple[Task, Judgement]]:
        tried.extend(task.name for task in tasks)
        return iter(())

    monkeypatch.setattr(ornaments, "judge", judged)
    meant = replace(mutant("C1"), change="meant")
    besides = [replace(mutant("C2"), change=f"besides {number}") for number in range(ornaments.TRIES * 2)]
    early = (Red("x.py::early", ("C1", "C2"), ""),)
    session: Any = None
    ornaments.decoration(session, gate(late="C1"), [], [Verdict(each, KILLED, early) for each in [*besides, meant]])
    assert (tried[0], len(tried)) == (meant.id, ornaments.TRIES)


def test_what_a_mutant_leaves_is_gone_or_told() -> None:
    """Its databases are dropped; where roles or their settings are changed, the place needs another server."""
    place = Place(installation.find(None))
    try:
        with place.running.server.connect(SUPERUSER) as admin:
            before = admin.execute("TABLE pg_database").fetchall()
            admin.execute("CREATE DATABASE left_behind")
            assert place.clear()
            assert admin.execute("TABLE pg_database").fetchall() == before
            admin.execute("ALTER ROLE anon SET statement_timeout = 0")
        assert not place.clear()
        place.renew()
        assert place.clear()
    finally:
        place.stop()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--mutant", "NONE-0"],
            "The mutants are wrong: there is no mutant or operator NONE-0; --list shows them all.",
        ),
        (["--pg", "/none"], "The mutants cannot be judged: /none: there is no such folder. "),
    ],
    ids=["no such mutant", "no such PostgreSQL"],
)
def test_what_cannot_be_run_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """And ends with a status of its own."""
    assert main(words) == CANNOT_RUN
    assert capsys.readouterr().out.startswith(told)


def test_a_shard_is_its_part(capsys: pytest.CaptureFixture[str], mutants: dict[str, Mutant]) -> None:
    """The second of three is every third from the second on, listed with file and line."""
    assert main(["--list", "--shard", "2/3"]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert listed == [[each.id, each.place] for each in list(mutants.values())[1::3]]
