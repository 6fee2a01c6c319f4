"""The mutants themselves, and what is said of them; `tox -e mutants` tries them on the gate."""

import shutil
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.harness.core.paths import APPLY_SCRIPT
from tests.harness.core.roles import SUPERUSER
from tests.harness.report import stored
from tests.harness.server.binaries import installation
from tests.selftest.mutation import __main__ as command
from tests.selftest.mutation.__main__ import CANNOT_RUN, main
from tests.selftest.mutation.gate import Gate
from tests.selftest.mutation.inputs import BadMutants, Expectation, Inputs, MutantEdit, read_inputs
from tests.selftest.mutation.judging import FailedTest, Judgement, JudgingServer
from tests.selftest.mutation.operators import OPERATORS, mutants_of
from tests.selftest.mutation.subject import Mutant, Subject, rules, subjects
from tests.selftest.mutation.verdicts import Verdict, Word, plan_for, read_ledger, report, undefended, verdict

SMALL = "CREATE TABLE t (a int NOT NULL);\nDO $check$\nBEGIN END;\n$check$;\n"
FAILED = FailedTest("tests/x.py::test", ("C1", "S2"), "it failed")
SUBJECTS = subjects()
SCRIPT_EDITS = [edit for each in SUBJECTS for edit in each.inputs.edits if edit.file == APPLY_SCRIPT.name]


@pytest.fixture(scope="module", params=SUBJECTS, ids=lambda subject: subject.table.name)
def subject(request: pytest.FixtureRequest) -> Subject:
    """A contract and the migration that makes its table."""
    return request.param


@pytest.fixture(scope="module")
def mutants(subject: Subject) -> dict[str, Mutant]:
    """All of its mutants."""
    return mutants_of(subject)


@pytest.fixture
def _found_once(monkeypatch: pytest.MonkeyPatch, mutants: dict[str, Mutant]) -> None:
    """The command takes the mutants that are there already: making them takes longer than all that is tried on them."""
    monkeypatch.setattr("tests.selftest.mutation.__main__.mutants_of", lambda _: mutants)


def small(*expectations: Expectation, text: str = SMALL) -> Subject:
    """A migration of two statements."""
    return Subject(Path("t"), SUBJECTS[0].table, Inputs(expectations), Path("migrations/001_t.sql"), text)


def mutant(*falls: str) -> Mutant:
    """Any mutant."""
    return Mutant("OPERATOR", "a thing", "a change", falls, Path("x.sql"), 1, "SELECT 1", "- a\n+ b")


def test_every_operator_finds_something_to_change(subject: Subject) -> None:
    """In some statement of the migration."""
    idle = [
        operator
        for kind, operators in OPERATORS.items()
        for operator in operators
        if not any(change for tree in subject.trees(kind) for change in operator(subject, tree))
    ]
    assert idle == []


def test_every_clause_must_fall_somewhere(subject: Subject, mutants: dict[str, Mutant]) -> None:
    """By some mutant each clause of the contract must fall, and each rule that is for every migration."""
    named = {clause for each in mutants.values() for clause in each.falls}
    assert {*subject.clauses, *rules()} - named == set()


def test_every_mutant_stands_on_a_line_of_its_file(mutants: dict[str, Mutant]) -> None:
    """A mutant names the line, and shows what was changed."""
    lines = {each.path: len(each.path.read_text(encoding="utf-8").splitlines()) for each in mutants.values()}
    assert all(1 <= each.line <= lines[each.path] and each.diff for each in mutants.values())


def test_every_entry_of_the_ledger_is_right(subject: Subject, mutants: dict[str, Mutant]) -> None:
    """Each names a mutant that there is, and gives a reason."""
    assert read_ledger(subject.contract / "mutants" / "equivalent.toml", mutants.values())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("a int", "a  int", "is the original"),
        ("b int", "c int", "stands there 0 times"),
        ("t", "u", "stands there 2 times"),
        ("a int", "a (", "does not parse"),
        # Mutants that the closing check alone would kill are not taken for killed by a test.
        ("a int", "a bigint", r"0 DO statements have the tag \$check\$"),
    ],
)
def test_a_change_that_is_none_is_refused(old: str, new: str, fault: str) -> None:
    """A mutant whose meaning is the original's is an error, and so is an edit that does not match exactly once."""
    with pytest.raises(BadMutants, match=f"001_t.sql.*{fault}" if "stands" in fault else fault):
        small(text="CREATE TABLE t (a int)").edited(MutantEdit(old, new, "a fault", ("S2",)))


def test_the_clauses_that_must_fall_are_those_of_every_expectation_that_fits() -> None:
    """Beside those that the edit names itself, each once."""
    subject = small(
        Expectation("BY-HAND *: wider", ("S2", "C1"), "test_x"), Expectation("*", ("C1",)), Expectation("X*", ("D1",))
    )
    made = subject.edited(MutantEdit("a int", "a bigint", "wider", ("C9",)))
    assert (made.falls, made.first_test) == (("C9", "S2", "C1"), "test_x")


def test_the_closing_check_is_out_but_where_it_is_meant() -> None:
    """The check does nothing in a mutant, on as many lines as before; in one that is about it, it stands."""
    edit = MutantEdit("a int", "a bigint", "wider", ("S2",))
    made = small().edited(edit)
    assert made.text == "CREATE TABLE t (a bigint NOT NULL);\nDO $$ BEGIN END $$\n\n;\n"
    kept = small().edited(replace(edit, keeps_shape_check=True))
    assert kept.text == SMALL.replace("a int", "a bigint")
    assert (made.has_shape_check, kept.has_shape_check) == (False, True)


def test_a_contract_without_its_migration_is_an_error(tmp_path: Path, subject: Subject) -> None:
    """Of what no migration makes, no mutants are made."""
    (tmp_path / "001_other.sql").write_text("CREATE TABLE other ();", encoding="utf-8")
    with pytest.raises(BadMutants, match=f"no CREATE TABLE of 001_other.sql makes {subject.table.name}"):
        subjects(subject.contract, tmp_path)


@pytest.mark.parametrize("text", ["typse = {}", "indexes = {x = {colums = []}}", "[expectations]\nx = 1", "x"])
def test_inputs_that_mean_nothing_are_refused(tmp_path: Path, text: str) -> None:
    """A word that is misspelt would leave mutants out, and nobody would see it."""
    (tmp_path / "inputs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMutants, match=r"inputs\.toml: "):
        read_inputs(tmp_path, "public.t", ())


def test_what_must_be_said_of_each_column_is_asked_for(subject: Subject) -> None:
    """A column that was added without other types and defaults to try would have fewer mutants than the others."""
    with pytest.raises(BadMutants, match=r"inputs\.toml must say .*: id in \[types\], .* in \[defaults\]"):
        mutants_of(replace(subject, inputs=Inputs()))


def test_one_change_at_two_places_makes_two_mutants() -> None:
    """They are told apart by a number."""
    policy = "CREATE POLICY p ON t TO anon USING (a IN (SELECT max(b) FROM t) AND a < 9 AND a < 9)"
    inputs = replace(SUBJECTS[0].inputs, expectations=[Expectation("*", ("S1",))], shape_check="", edits=())
    made = mutants_of(replace(SUBJECTS[0], text=policy, inputs=inputs)).values()
    assert {"< to =", "< to = (2)"} <= {each.change for each in made}


@pytest.mark.parametrize("edit", SCRIPT_EDITS, ids=lambda edit: edit.fault)
def test_every_mutant_of_the_script_is_still_one(edit: MutantEdit) -> None:
    """Bash parses it: a script that cannot run at all would be killed by any test."""
    text = edit.apply(APPLY_SCRIPT.read_text(encoding="utf-8"))
    assert subprocess.run([shutil.which("bash") or "bash", "-n"], input=text, text=True, check=False).returncode == 0


@pytest.mark.parametrize("in_ledger", [False, True])
@pytest.mark.parametrize(
    ("judgement", "word", "word_in_ledger"),
    [
        (Judgement(failed=[FAILED]), Word.KILLED, Word.STALE),
        (Judgement(failed=[FAILED], errors=["and then an error"]), Word.KILLED, Word.STALE),
        (Judgement(failed=[FailedTest("t", ("D1",), "")]), Word.ELSEWHERE, Word.STALE),
        (Judgement(), Word.SURVIVED, Word.EQUIVALENT),
        (Judgement(errors=["the server is gone"]), Word.ERROR, Word.ERROR),
        (Judgement(invalid="syntax error"), Word.INVALID, Word.STALE),
    ],
    ids=str,
)
def test_only_a_failing_test_kills(judgement: Judgement, word: Word, word_in_ledger: Word, in_ledger: bool) -> None:
    """An error is a verdict of its own, and so is a kill by other clauses alone; the ledger is held to its word."""
    ledger = {mutant("C1").id: "a reason"} if in_ledger else {}
    assert verdict(mutant("C1"), judgement, ledger).word == (word_in_ledger if in_ledger else word)


def gate(**tests: str) -> Gate:
    """A gate of tests, each of one clause."""

    def item(name: str, clause: str) -> Any:
        mark = pytest.mark.clause(clause).mark
        return SimpleNamespace(nodeid=f"x.py::{name}", path=Path("x.py"), iter_markers=lambda _: [mark])

    return Gate([item(name, clause) for name, clause in tests.items()])


def test_the_test_that_shows_a_mutant_best_is_tried_first() -> None:
    """Before the others of its clause, and after none."""
    tests = gate(test_a="C1", test_b="C1", test_c="C1")
    shown = replace(mutant("C1"), first_test="test_b")
    stage = next(plan_for(shown, parameters=None)(tests, Judgement()))
    assert [item.nodeid for item in stage] == ["x.py::test_b", "x.py::test_a", "x.py::test_c"]


@pytest.mark.parametrize(
    "entry", ["id = 'X'\nmutant = 'X'\nreason = 'r'", "id = '{id}'\nmutant = '{name}'\nreason = ' '"]
)
def test_a_ledger_that_names_nothing_is_refused(tmp_path: Path, entry: str) -> None:
    """An entry without its mutant, or without a reason, is an error."""
    text = "[[equivalent]]\n" + entry.format(id=mutant("C1").id, name=mutant("C1").name)
    (tmp_path / "ledger.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMutants):
        read_ledger(tmp_path / "ledger.toml", [mutant("C1")])


def test_a_clause_that_nothing_defends_is_told() -> None:
    """A clause needs a mutant that a test of it kills."""
    killed = Verdict(mutant("C1"), Word.KILLED, Judgement(failed=[FAILED]))
    assert undefended([killed], ["C1", "C2"]) == ["  C2: no mutant is killed by a test of it"]


def test_a_survivor_is_shown_first_and_can_be_tried_again(snapshot: SnapshotAssertion) -> None:
    """With its file and line, what was changed, what should have fallen, how many tests ran, and the command."""
    survivor = Verdict(mutant("C1"), Word.SURVIVED, Judgement(seconds=1.25, durations=dict.fromkeys("abc", 0.4)))
    killed = Verdict(replace(mutant("C1", "D1"), change="another"), Word.KILLED, Judgement(failed=[FAILED]))
    assert "\n".join(report([killed, survivor])) == snapshot


def test_what_a_mutant_leaves_is_gone_or_told() -> None:
    """Its databases are dropped; where roles or their settings are changed, another server is needed."""
    with closing(JudgingServer(installation.find(None))) as server:
        with server.running.server.connect(SUPERUSER) as admin:
            before = admin.execute("TABLE pg_database").fetchall()
            admin.execute("CREATE DATABASE left_behind")
            assert server.clear()
            assert admin.execute("TABLE pg_database").fetchall() == before
            admin.execute("ALTER ROLE anon SET statement_timeout = 0")
        assert not server.clear()
        server.renew()
        assert server.clear()


@pytest.mark.usefixtures("_found_once")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--mutant", "NONE-0"], "are wrong: there is no mutant or operator NONE-0; --list shows them all."),
        (["--pg", "/none"], "cannot be judged: --pg /none: neither a version (13 to 18) nor a folder"),
    ],
    ids=["no such mutant", "no such PostgreSQL"],
)
def test_what_cannot_be_run_is_told(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    """In a sentence; and it ends with a status of its own."""
    assert main(words) == CANNOT_RUN
    assert capsys.readouterr().out.startswith(f"The mutants {told}")


@pytest.mark.usefixtures("_found_once")
def test_a_shard_is_its_part(capsys: pytest.CaptureFixture[str], subject: Subject, mutants: dict[str, Mutant]) -> None:
    """The second of three is every third from the second on, listed with file and line."""
    assert main(["--list", "--shard", "2/3", "--contract", str(subject.contract)]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert listed == [[each.id, each.place] for each in list(mutants.values())[1::3]]


@pytest.mark.usefixtures("_found_once")
def test_a_report_says_what_became_of_them(subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many were killed, and each that was not, with the command that tries it again."""

    def judged(run: Any) -> bool:
        first, *others = run.chosen
        run.verdicts = [Verdict(first, Word.SURVIVED), *(Verdict(each, Word.KILLED) for each in others)]
        return True

    monkeypatch.setattr(command._Run, "go", judged)
    file = tmp_path / "mutants.json"
    assert main(["--shard", "1/9", "--contract", str(subject.contract), f"--report={file}"]) == 1
    made = stored.read(file).mutants
    assert made is not None
    (survivor,) = made.survivors
    assert (made.judged, made.counts) == (made.killed + 1, {"killed": made.killed, "survived": 1})
    assert survivor.again.startswith("tox -e mutants -- --contract tests/contract/calculator2_sessions --mutant ")
    assert main(["--shard", "1/9", "--contract", str(subject.contract), f"--report={tmp_path / 'r.txt'}"]) == CANNOT_RUN
