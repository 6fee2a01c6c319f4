"""A contract that the command began: red until it is confirmed, then green, and it defends what it names."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.core.paths import CONTRACTS, ROOT
from tests.harness.requests.expressions import NotUnderstood, of_check
from tests.harness.server.session import Session
from tests.scaffold import new_contract
from tests.scaffold.observation import Observation
from tests.scaffold.read_table import CannotRead, read_table
from tests.selftest import once
from tests.selftest.cases import SAMPLES, cases
from tests.selftest.runs import RunFolder, clauses_that_failed, clean_environment, run_folder

# Of unlike shapes: each one's migration says at its head what is special about it.
TABLES = ("newsletter_signups", "order_lines", "tickets", "measurements", "feedback")
LINKS = (
    "conftest.py",
    "pyproject.toml",
    "tests/__init__.py",
    "tests/harness",
    "tests/scaffold",
    "tests/selftest",
    "tests/upgrade",
)


@dataclass(frozen=True)
class Checkout:
    """A checkout of this repository with contracts of its own, and a folder of migrations."""

    root: Path

    def run(self, *words: str) -> tuple[int, str]:
        """Run a module of Python; return the exit status and all that was printed."""
        command = [sys.executable, "-m", *words, "--migrations", "migrations"]
        environment = {**clean_environment(), "TMPDIR": str(self.root)}
        ended = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    def gate(self, *words: str) -> tuple[int, str]:
        """Run the contracts."""
        plugins = ("-ptests.harness", "-ptests.harness.plugins.start", "-pno:syrupy")
        return self.run("pytest", *plugins, "--hypothesis-profile=mutants", "--tb=no", "tests/contract", *words)

    def found(self, pattern: str, files: str) -> set[tuple[str, str]]:
        """Find a pattern in files of the contracts: each table with each match."""
        lines = re.compile(pattern, re.MULTILINE)
        paths = (self.root / "tests" / "contract").glob(f"*/{files}")
        return {(path.parent.name, match) for path in paths for match in lines.findall(path.read_text("utf-8"))}


@pytest.fixture(scope="module")
def begun() -> Iterator[Checkout]:
    """A checkout with a contract of each sample, as the command began it."""
    with run_folder() as here:
        checkout = Checkout(here.folder)
        (here.folder / "migrations").mkdir()
        for file in SAMPLES.rglob("*_create_*.sql"):
            shutil.copy(file, here.folder / "migrations")
        (here.folder / "tests" / "contract").mkdir(parents=True)
        (here.folder / "tests" / "contract" / "__init__.py").touch()
        for name in LINKS:
            (here.folder / name).symlink_to(ROOT / name)
        for command in (["new_contract", *(f"public.{table}" for table in TABLES)], ["verify_files"]):
            status, printed = checkout.run(f"tests.scaffold.{command[0]}", *command[1:])
            assert status == 0, printed
        yield checkout


@pytest.fixture(scope="module")
def confirmed(begun: Checkout) -> Iterator[Checkout]:
    """The same, once somebody has confirmed every clause."""
    with run_folder() as here:
        shutil.copytree(begun.root, here.folder, symlinks=True, dirs_exist_ok=True)
        for page in (here.folder / "tests" / "contract").glob("*/CONTRACT.md"):
            page.write_text(page.read_text("utf-8").replace("TO BE CONFIRMED: ", ""), "utf-8")
        yield Checkout(here.folder)


def test_what_is_begun_is_red_for_what_is_to_be_confirmed_and_for_nothing_else(begun: Checkout) -> None:
    """Each clause is told; and the files are as ruff would have them."""
    # Whatever else is broken is broken too where every case is tried on what is confirmed.
    status, printed = begun.gate("-p", once.__name__)
    assert (status, "is broken" in printed, " passed" in printed) == (1, False, False), printed
    told = {(table, clause) for table, clause in map(str.split, clauses_that_failed(printed))}
    assert told == begun.found(r"^\| ([A-Z]\d+) \|", "CONTRACT.md")
    for check in (["check"], ["format", "--check"]):
        subprocess.run([sys.executable, "-m", "ruff", *check, "tests/contract"], cwd=begun.root, check=True)


def test_what_is_confirmed_is_green(confirmed: Checkout) -> None:
    """Whatever the table's shape, what was observed holds."""
    status, printed = confirmed.gate()
    assert status == 0, printed


def test_every_check_that_is_dropped_turns_its_clause_red(confirmed: Checkout) -> None:
    """Those that the model understands, and those that it judges by examples."""
    drop = confirmed.root / "migrations" / "099_drop_every_check.sql"
    shutil.copy(SAMPLES / "new_contract" / "drop_every_check.sql", drop)
    _, printed = confirmed.gate("-rf", "-k", "breaks_one_rule and insert")
    drop.unlink()
    red = re.findall(r"^FAILED \S+contract/(\w+)/\S+\[insert-(\w+)", printed, re.MULTILINE)
    declared = confirmed.found(r"Constraint\(\s*\"(\w+)\",\s*\"CHECK", "table.py")
    assert (set(red), len(declared)) == (declared, 21)


def test_a_contract_is_begun_in_another_repository(here: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder is made; its chapters import each other, and the gate judges them; the command says how."""
    own = here.folder / "pytest-of-application"
    into, migrations = own / "contracts", SAMPLES / "newsletter_signups" / "migrations"
    assert new_contract.main([f"public.{TABLES[0]}", f"--migrations={migrations}", f"--into={into}"]) == 0
    told = capsys.readouterr().out.splitlines()[-1].removeprefix("Try it: tox -e gate -- ")
    status, printed = here.run(*told.split(), "-k", f"{TABLES[0]} and test_structure")
    assert (status, "is broken" in printed, len(clauses_that_failed(printed))) == (1, False, 9), printed


@cases("new_contract/refused")
def test_what_no_contract_can_be_made_of_is_said_in_a_sentence(
    superuser_session: Session, made: str, told: str
) -> None:
    """It says what to do."""
    superuser_session.connection.execute(made.encode())
    with pytest.raises(CannotRead, match=re.escape(told)):
        _ = Observation(superuser_session, read_table(superuser_session, "public.made")).strategies


def test_a_contract_that_is_there_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    """The command says so before it begins."""
    table = "calculator2_sessions"
    assert new_contract.main([f"public.{table}"]) == new_contract.USAGE
    assert capsys.readouterr().err.startswith(f"{CONTRACTS / table}: there is a contract already.")


def test_a_constraint_that_no_row_breaks_alone_is_named(superuser_session: Session) -> None:
    """An exclusion constraint, and a CHECK that another one implies."""
    superuser_session.run(
        b"CREATE TABLE public.made (id uuid PRIMARY KEY, during tstzrange, n int, EXCLUDE USING gist (during WITH &&),"
        b" CONSTRAINT more CHECK (n > 5), CONSTRAINT less CHECK (n > 2))"
    )
    found = Observation(superuser_session, read_table(superuser_session, "public.made")).undefended
    assert found == ["less", "made_during_excl"]


@pytest.mark.parametrize("check", ["a < 'b'::text", "a ~ 'b'::text", "now() > 5", "a = e", "n % 2 = 0", "a IS JSON"])
def test_what_the_model_does_not_understand_it_does_not_guess(check: str) -> None:
    """The order of texts is the collation's, a regular expression is PostgreSQL's own."""
    with pytest.raises(NotUnderstood):
        of_check(f"CHECK ({check})", {"a": "text", "e": "enum", "n": "number"})
