"""What is mutated: the migration that makes a contract's table, with what the contract says of its mutants."""

import copy
import difflib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pglast
from pglast import ast
from pglast.stream import RawStream

from tests.harness.catalog.contracts import Contract, find_contracts
from tests.harness.catalog.table_spec import TableSpec
from tests.harness.core.paths import ACCESS, CONTRACTS, MIGRATIONS, ROOT, UPGRADE
from tests.harness.migrations.edits import NotEdited, ParsedStatement, parse, splice
from tests.harness.migrations.files import BadMigrations, Migration
from tests.harness.migrations.folder import MigrationsFolder
from tests.harness.migrations.statements import creating_migration
from tests.harness.plugins.pages import CONTRACT, RULES, Clause, read_page
from tests.selftest.mutation.inputs import BadMutants, Inputs, MutantEdit, read_inputs
from tests.selftest.mutation.trees import Change, lines, written

# Stands in the place of the closing check of the shape.
NO_CHECK = "DO $$ BEGIN END $$"
# The operator of settings, which are made for the closing check too: it stays where one of them is changed.
SETTING = "SETTING"


@dataclass(frozen=True)
class Mutant:
    """A migration, or a file beside it, with one fault in it, and the clauses that must fall by it."""

    operator: str
    object: str
    change: str
    falls: tuple[str, ...]
    # Which file it stands for, and the line (from 1) of the change.
    path: Path
    line: int
    text: str
    diff: str
    # A part of the id of the test that shows it best: tried first, as where one of a hundred can see it.
    first_test: str = ""
    # The closing check of the shape is in the text: the fault is in it, or it is about another file.
    has_shape_check: bool = False

    @property
    def name(self) -> str:
        """What was done to what."""
        return f"{self.operator} {self.object}: {self.change}"

    @property
    def id(self) -> str:
        """A short name that does not move with the lines of the file."""
        return f"{self.operator}-{self.digest}"

    @property
    def digest(self) -> str:
        """What the name is short for; in this order, neighbours are of unlike operators."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:8]

    @property
    def place(self) -> str:
        """File and line."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}"


@dataclass(frozen=True)
class Subject:
    """A contract's folder, its table, what it says of its mutants, and the migration that makes the table."""

    contract: Path
    table: TableSpec
    inputs: Inputs
    path: Path
    text: str

    @property
    def migrations(self) -> Path:
        """The folder of migrations."""
        return self.path.parent

    @property
    def clauses(self) -> dict[str, Clause]:
        """The clauses of the contract."""
        return read_page(self.contract / CONTRACT).clauses

    @cached_property
    def statements(self) -> list[ParsedStatement]:
        """The statements of the migration, in their order."""
        return parse(self.text)

    @cached_property
    def _shown(self) -> dict[int, list[str]]:
        """Each statement on several lines, by where it begins."""
        return {each.start: lines(each.tree) for each in self.statements}

    def trees(self, kind: type[Any]) -> Iterator[Any]:
        """The statements of one kind."""
        return (each.tree for each in self.statements if isinstance(each.tree, kind))

    def mutant(self, statement: ParsedStatement, change: Change) -> Mutant:
        """Change one statement. Raises BadMutants."""
        tree = copy.deepcopy(statement.tree)
        if change.edit is not None:
            change.edit(tree)
        new, shown = ("", []) if change.edit is None else (written(tree), lines(tree))
        text = splice(self.text, [(statement, new), *((each, "") for each in change.also)])
        line = self.text.count("\n", 0, statement.start if change.at is None else change.at) + 1
        diff = _difference(self._shown[statement.start], shown)
        name = change.operator, change.thing, change.change
        mutant = Mutant(*name, (), self.path, line, text, diff, has_shape_check=change.operator == SETTING)
        return self._checked(mutant, self.text[statement.start : statement.end], new)

    def edited(self, edit: MutantEdit) -> Mutant:
        """Change the migration, or a file beside it, in one place. Raises BadMutants."""
        path = self.migrations / edit.file if edit.file else self.path
        text = path.read_text(encoding="utf-8") if edit.file else self.text
        try:
            new = edit.apply(text)
        except NotEdited as fault:
            raise BadMutants(f"{path.name}, {edit.fault}: {fault}") from None
        line = text.count("\n", 0, text.index(edit.old)) + 1
        diff = _difference(text.splitlines(), new.splitlines())
        name = edit.operator, edit.object, edit.fault
        has_shape_check = edit.keeps_shape_check or edit.file != ""
        mutant = Mutant(*name, edit.falls, path, line, new, diff, edit.first_test, has_shape_check)
        return mutant if edit.file else self._checked(mutant, text, new)

    def _checked(self, mutant: Mutant, old: str, new: str) -> Mutant:
        """Make sure that it parses and differs, say what must fall by it, and take the closing check out."""
        try:
            changed = _meaning(new) != _meaning(old)
        except pglast.parser.ParseError as fault:
            raise BadMutants(f"{mutant.name}: does not parse: {fault}") from None
        if not changed:
            raise BadMutants(f"{mutant.name}: is the original.")
        fitting = [each for each in self.inputs.expectations if fnmatchcase(mutant.name, each.pattern)]
        return replace(
            mutant,
            falls=tuple(dict.fromkeys([*mutant.falls, *(name for each in fitting for name in each.falls)])),
            first_test=next((each.first_test for each in fitting if each.first_test), mutant.first_test),
            text=mutant.text if mutant.has_shape_check else self.unchecked(mutant.text),
            has_shape_check=mutant.has_shape_check or not self.inputs.shape_check,
        )

    def unchecked(self, text: str) -> str:
        """Take out the closing check of the shape, which alone would kill most mutants. Raises BadMutants."""
        if not (tag := self.inputs.shape_check):
            return text
        # Parsing all of the text takes most of the time that hundreds of mutants take.
        tagged = [each for each in pglast.parser.split(text, only_slices=True) if tag in text[each]]
        found = [
            ParsedStatement(each.start, each.stop, parsed.tree)
            for each in tagged
            for parsed in parse(text[each])
            if isinstance(parsed.tree, ast.DoStmt)
        ]
        if len(found) != 1:
            raise BadMutants(
                f"{self.path.name}: {len(found)} DO statements have the tag {tag}. In mutants/inputs.toml, "
                'let shape_check be the tag of the one that refuses a table of another shape; "", if there is none.'
            )
        return splice(text, [(found[0], NO_CHECK)])


def _meaning(text: str) -> list[str]:
    """Write each statement as PostgreSQL's parser understands it: of a text that is edited, most are known already."""
    return [_meaning_of(statement) for statement in pglast.parser.split(text)]


@cache
def _meaning_of(statement: str) -> str:
    return RawStream()(pglast.parse_sql(statement))


def _difference(old: list[str], new: list[str]) -> str:
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])


def rules() -> dict[str, Clause]:
    """The rules for every migration, and for every exposed object."""
    return read_page(UPGRADE / RULES).clauses | read_page(ACCESS / RULES).clauses


def subjects(contracts: Path = CONTRACTS, migrations: Path = MIGRATIONS) -> list[Subject]:
    """Find what the mutants of each contract below a folder are made of. Raises BadMutants."""
    try:
        found = find_contracts([contracts.resolve()])
        return [_subject(contract, MigrationsFolder(migrations.resolve()).read()) for contract in found]
    except (BadMigrations, LookupError) as fault:
        raise BadMutants(str(fault)) from None


def _subject(contract: Contract, migrations: Sequence[Migration]) -> Subject:
    migration = migrations[creating_migration(migrations, contract.table.name)]
    known = read_page(contract.folder / CONTRACT).clauses | rules()
    inputs = read_inputs(contract.folder / "mutants", contract.table.qualified_name, known)
    return Subject(contract.folder, contract.table, inputs, migration.path, migration.text)
