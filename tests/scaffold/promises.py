"""Try what the base of a pull request promises on the pull request's migrations: `tox -e promises -- --base REV`.

What fails is a promise that the pull request changes. Where its page of clauses says so too, that is told; where no
page does, the promise is broken, and the status is 1.
"""

import argparse
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.core.paths import CONTRACTS, MIGRATIONS, ROOT
from tests.harness.migrations.settings import read_settings
from tests.harness.plugins.pages import CONTRACT, ROW, read_page
from tests.harness.report.failures import TO_BE_CONFIRMED

BROKEN, CANNOT_RUN = 1, 3
# Of the base, as the contracts are: access as it was recorded, and the files that verify, which are written from them.
BASE_S = ("access.txt", "verify")
# It holds those files to the database, in which a change is a change.
LEFT_OUT = "test_verification"
GATE = "-m pytest -c pyproject.toml -p tests.harness.plugins -p tests.harness.plugins.options -p conftest -n auto"
FEW_EXAMPLES = "--hypothesis-profile=mutants"


class CannotCompare(Exception):
    """What the base promises cannot be tried; the text says why."""


@dataclass(frozen=True)
class Change:
    """A pull request: its repository, the folders of its migrations and contracts there, and the branch it is for.

    `base` is the commit where it left that branch; `options` are of pytest.
    """

    root: Path
    migrations: Path
    contracts: Path
    branch: str
    base: str
    options: Sequence[str] = ()

    def lay_out(self, folder: Path) -> None:
        """Put the base into a folder, with the pull request's migrations in the place of its own."""
        index = {**os.environ, "GIT_INDEX_FILE": str(folder.with_suffix(".index"))}
        for words in (["read-tree", self.base], ["checkout-index", "--all", f"--prefix={folder}/"]):
            git(self.root, *words, environment=index)
        there = folder / self.migrations
        for path in there.glob("*.sql"):
            path.unlink()
        shutil.copytree(self.root / self.migrations, there, ignore=shutil.ignore_patterns(*BASE_S), dirs_exist_ok=True)

    def failures(self, folder: Path) -> dict[str, list[str]]:
        """Run the base's tests of its contracts; return what failed, by clause. Raises CannotCompare."""
        report, contracts = folder.with_suffix(".xml"), folder / self.contracts
        options = [
            f"--migrations={folder / self.migrations}",
            f"--junitxml={report}",
            FEW_EXAMPLES,
            *self.options,
        ]
        # This repository's contracts are judged by the harness that they were written with.
        gate = folder if self.root == ROOT else ROOT
        if gate == ROOT:
            options.append(f"--contracts={contracts}")
        words = [sys.executable, *GATE.split(), f"--basetemp={folder.with_suffix('.tmp')}", *options, str(contracts)]
        run = subprocess.run(words, cwd=gate, capture_output=True, text=True, check=False)
        if run.returncode not in {0, BROKEN}:
            raise CannotCompare(run.stdout + run.stderr)
        failed: dict[str, list[str]] = {}
        for case in ElementTree.parse(report).iter("testcase"):
            if case.find("failure") is not None and LEFT_OUT not in str(case.get("classname")):
                for each in case.iterfind("properties/property[@name='clause']"):
                    failed.setdefault(str(each.get("value")), []).append(str(case.get("name")))
        return failed

    def told(self, folder: Path, label: str) -> tuple[str, str | None]:
        """Return a clause's words at the base and now: None where there is none, and the same where no word differs.

        A clause may say that a table or a sentence beside it has the rest, so those of its section belong to it.
        """
        table, _, name = label.rpartition(" ")
        (page,) = (folder / self.contracts).glob(f"**/{table}/{CONTRACT}")
        page_now = self.root / page.relative_to(folder)
        then = read_page(page).clauses[name].text
        if not page_now.is_file() or (clause := read_page(page_now).clauses.get(name)) is None:
            return then, None
        if clause.text == then and beside(page, name) != beside(page_now, name):
            return then, f"{then} What stands beside it differs."
        return then, clause.text


def beside(page: Path, name: str) -> str:
    """Return what stands in a clause's section, but for the clauses."""
    sections = page.read_text(encoding="utf-8").split("\n## ")
    return next(ROW.sub("", each) for each in sections if f"\n| {name} |" in each)


def compare(change: Change, folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield the lines to print, each with whether it tells of a broken promise. Raises CannotCompare."""
    change.lay_out(folder)
    if not (folder / change.contracts).is_dir():
        yield f"{change.branch} has no contracts in {change.contracts}: nothing was promised.", False
        return
    failed = change.failures(folder)
    if "I1" in failed:
        raise CannotCompare("The migrations do not apply, so no promise was tried: tox -e gate says more.")
    kept = True
    for label, tests in failed.items():
        then, now = change.told(folder, label)
        if then.startswith(TO_BE_CONFIRMED):
            continue
        if kept:
            yield f"Promises of {change.branch} that this change does not keep:", False
        kept = False
        by = f"by {tests[0]}{f' and {len(tests) - 1} more' if tests[1:] else ''}"
        if now == then:
            yield f"{label} is BROKEN, and its page still promises it: {then}\n  {by}", True
        else:
            yield f"{label}, which its page changes, too: {then}\n  now: {now or 'no such clause'}\n  {by}", False
    if kept:
        yield f"All that {change.branch} promises is kept.", False
    old, new = (each / change.migrations / "access.txt" for each in (folder, change.root))
    before, after = (path.read_text(encoding="utf-8").splitlines() if path.is_file() else [] for path in (old, new))
    if differences := list(difflib.unified_diff(before, after, change.branch, "now", lineterm="", n=1)):
        yield "\n".join([f"Access, as {change.migrations / 'access.txt'} records it:", *differences]), False


def git(folder: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    """Ask git of a folder. Raises CannotCompare."""
    command = [shutil.which("git") or "git", "-C", str(folder), *words]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CannotCompare(f"git {' '.join(words)}: {run.stderr.strip()}")
    return run.stdout.strip()


def change_of(options: argparse.Namespace, more: Sequence[str]) -> Change:
    """Find the repository, and where the branch began. Raises CannotCompare."""
    migrations = options.migrations.resolve()
    root = Path(git(migrations, "rev-parse", "--show-toplevel"))
    named = read_settings(migrations).contracts
    contracts = options.contracts or (migrations / named if named else CONTRACTS)
    if not contracts.resolve().is_relative_to(root):
        raise CannotCompare(
            f"{contracts} is not in the repository of {migrations}. Name its contracts: --contracts DIR"
        )
    base = git(root, "merge-base", options.base, "HEAD")
    return Change(root, migrations.relative_to(root), contracts.resolve().relative_to(root), options.base, base, more)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print what there is to say."""
    parser = argparse.ArgumentParser(
        prog="tox -e promises --", description=__doc__, epilog="Other options are pytest's."
    )
    parser.add_argument("--base", metavar="REV", required=True, help="the branch that the pull request goes to")
    parser.add_argument("--migrations", metavar="DIR", type=Path, default=MIGRATIONS, help="(migrations/)")
    parser.add_argument("--contracts", metavar="DIR", type=Path, help="if gate.toml beside them does not name it")
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        try:
            lines = [*compare(change_of(*parser.parse_known_args(arguments)), Path(folder, "base"))]
        except CannotCompare as fault:
            print(fault)
            return CANNOT_RUN
    print("\n".join(line for line, _ in lines))
    return BROKEN if any(is_broken for _, is_broken in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
