"""What a contract says of its mutants: the TOML files in its folder `mutants/`.

`inputs.toml` tells the operators what to try on the table, and which clauses must fall. The others may be missing:
`edits.toml` has the faults that no operator makes, `rewritings.toml` other words for the migration that keep the
contract, `equivalent.toml` the mutants that no test can see, each with a reason.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tests.harness.migrations.edits import Edit, NotEdited, parse

# What holds for the mutants of any table.
COMMON = Path(__file__).with_name("common.toml")
# What the operators try on any table.
TRIED: dict[str, Any] = tomllib.loads(COMMON.with_name("tried.toml").read_text(encoding="utf-8"))


class BadMutants(Exception):
    """A mutant that is not one, a contract that says nothing of its mutants, or something that means nothing."""


@dataclass(frozen=True)
class Expectation:
    """The clauses that must fall by each mutant whose name fits a pattern, and the test that is tried first."""

    pattern: str
    falls: tuple[str, ...]
    first_test: str = ""


@dataclass(frozen=True)
class MutantEdit(Edit):
    """An edit that is a fault: its name, the clauses that must fall by it, and a part of the first test's id."""

    fault: str
    falls: tuple[str, ...]
    first_test: str = ""
    operator: str = "BY-HAND"
    object: str = "the file"
    # Its fault is in the closing check of the shape, which is taken out of all other mutants.
    keeps_shape_check: bool = False
    # Another file than the migration, below its folder.
    file: str = ""


@dataclass(frozen=True)
class Rewriting:
    """Other words for a migration: texts replaced that stand there once, or so many times, or statements moved."""

    edits: Sequence[Sequence[Any]] = ()
    # The statements that begin so go before another one.
    moved: Sequence[str] = ()
    before: str = ""

    def __call__(self, text: str) -> str:
        """Return the migration in other words. Raises NotEdited."""
        for old, new, *number in self.edits:
            if (found := text.count(old)) != (number or [1])[0]:
                raise NotEdited(f"this text stands in the file {found} times: {old}")
            text = text.replace(old, new)
        if self.moved:
            moving, target = [_statement(text, begin) for begin in self.moved], _statement(text, self.before)
            for each in moving:
                text = text.replace(each, "")
            text = text.replace(target, "".join([*moving, target]))
        return text


@dataclass(frozen=True)
class IndexInputs:
    """What an index could be wrong in: its first column another one or an expression, a column more, a predicate."""

    columns: Sequence[str] = ()
    expressions: Sequence[str] = ()
    more_columns: Sequence[str] = ()
    predicates: Sequence[str] = ()


@dataclass(frozen=True)
class Inputs:
    """What a contract says of its mutants.

    `types` and `defaults` are other types and defaults for each column; a column without a default gets one. What is
    `similar` could be mistaken for one another in an expression. `conditions` are other expressions for a policy, by
    its name. `shape_check` is the dollar tag of the DO statement that refuses a table of another shape; empty, if there
    is none. At the `slow_tests` the rewritings take turns.
    """

    expectations: Sequence[Expectation] = ()
    types: Mapping[str, Sequence[str]] = field(default_factory=dict)
    defaults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    similar_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    similar_functions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    similar_texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    other_comparisons: Mapping[str, Sequence[str]] = field(default_factory=dict)
    added_constraints: Sequence[str] = ()
    indexes: Mapping[str, IndexInputs] = field(default_factory=dict)
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trigger_conditions: Sequence[str] = ()
    trigger_columns: Sequence[str] = ()
    shape_check: str = "$check$"
    slow_tests: Sequence[str] = ()
    edits: Sequence[MutantEdit] = ()
    rewritings: Mapping[str, Rewriting] = field(default_factory=dict)


def read_inputs(folder: Path, table: str, clauses: Collection[str]) -> Inputs:
    """Read what a contract, which has these clauses, says of its mutants; `{TABLE}` is its table. Raises BadMutants."""
    with _told(folder / "inputs.toml") as said:
        common = _content(COMMON)
        known = clauses.__contains__
        fitting = [replace(each, falls=tuple(filter(known, each.falls))) for each in _expectations(common)]
        said["slow_tests"] = [*common["slow_tests"], *said.get("slow_tests", ())]
        for name in ("other_comparisons", "similar_functions", "similar_texts"):
            said[name] = common[name] | said.get(name, {})
        said["expectations"] = [*fitting, *_expectations(said)]
        said["indexes"] = {name: IndexInputs(**index) for name, index in said.get("indexes", {}).items()}
        inputs = Inputs(**said)
    with _told(folder / "edits.toml") as said:
        fragments = {"TABLE": table, **said.get("fragments", {})}
        edits = [edit for group in said.get("edits", ()) for edit in _edits(group, fragments)]
    with _told(folder / "rewritings.toml") as said:
        rewritings = {name: Rewriting(**rewriting) for name, rewriting in said.items()}
    return replace(inputs, edits=edits, rewritings=rewritings)


@contextmanager
def _told(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file, which may be missing, and name it in BadMutants where what it says fits nothing."""
    try:
        yield _content(path) if path.is_file() else {}
    except (TypeError, ValueError, KeyError, AttributeError) as fault:
        raise BadMutants(f"{path}: {fault}") from None


def _content(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _expectations(said: dict[str, Any]) -> Iterator[Expectation]:
    """Each pattern has the clauses, or the clauses and the test that is tried first."""
    for pattern, falls in said.get("expectations", {}).items():
        clauses, *first_test = [falls] if isinstance(falls, str) else falls
        yield Expectation(pattern, tuple(clauses.split()), *first_test)


def _edits(group: dict[str, Any], fragments: dict[str, str]) -> Iterator[MutantEdit]:
    """Each fault of a group has clauses, the old text unless all have the same, the new text, and the first test."""

    def filled(text: str, **more: str) -> str:
        # Twice, since a fragment may be made of others.
        for name, fragment in [*more.items(), *fragments.items(), *fragments.items()]:
            text = text.replace(f"{{{name}}}", fragment)
        return text

    of_all = {each.name: group[each.name] for each in fields(MutantEdit) if each.name in group and each.name != "old"}
    template = of_all.pop("new", "{NEW}")
    for fault, (falls, *texts) in group["faults"].items():
        old, new, *first_test = [group["old"], *texts] if "old" in group else texts
        yield MutantEdit(filled(old), filled(template, NEW=new), fault, tuple(falls.split()), *first_test, **of_all)


def _statement(text: str, begin: str) -> str:
    """The one statement that begins so, to the end of its line. Raises NotEdited."""
    found = [text[each.start : each.end] for each in parse(text) if text.startswith(begin, each.start)]
    if len(found) != 1:
        raise NotEdited(f"{begin!r} begins {len(found)} statements.")
    return f"{found[0]};\n"
