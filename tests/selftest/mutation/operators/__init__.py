"""All mutants of a contract's table: those that operators make, and those that are made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pglast import ast

from tests.selftest.mutation.inputs import BadMutants
from tests.selftest.mutation.operators import access, delivery, indexes, tables, triggers
from tests.selftest.mutation.subject import Mutant, Subject, edited, rules
from tests.selftest.mutation.trees import Change

# By the kind of statement, what tries its changes.
OPERATORS: dict[type[ast.Node], tuple[Callable[[Subject, Any], Iterator[Change]], ...]] = {
    ast.CreateStmt: (tables.of_table, delivery.of_guard),
    ast.IndexStmt: (indexes.of_index, delivery.of_guard),
    ast.CreateFunctionStmt: (triggers.of_function, delivery.of_guard),
    ast.CreateTrigStmt: (triggers.of_trigger,),
    ast.AlterTableStmt: (access.of_row_level_security,),
    ast.CreatePolicyStmt: (access.of_policy,),
    ast.GrantStmt: (access.of_grant,),
    ast.TransactionStmt: (delivery.of_transaction,),
    ast.VariableSetStmt: (delivery.of_setting,),
    ast.SelectStmt: (delivery.of_lock,),
    ast.NotifyStmt: (delivery.of_notification,),
    ast.DropStmt: (delivery.of_guard,),
    ast.CommentStmt: (delivery.of_comment,),
}


def mutants_of(subject: Subject) -> dict[str, Mutant]:
    """Every mutant, by its id. Raises BadMutants for an edit that is another mutant, and where no clause must fall."""
    found: dict[str, Mutant] = {}
    # Two operators may come to the same; where one finds two places for the same change, they are numbered.
    texts: dict[str, Mutant] = {}
    numbers: Counter[str] = Counter()
    for mutant in _by_operators(subject):
        if mutant.text not in texts:
            numbers[mutant.name] += 1
            again = f" ({number})" if (number := numbers[mutant.name]) > 1 else ""
            texts[mutant.text] = made = replace(mutant, change=mutant.change + again)
            found[made.id] = made
    for mutant in _by_hand(subject):
        if (twin := found.get(mutant.id) or texts.get(mutant.text)) is not None:
            raise BadMutants(f"{mutant.name}: is {twin.name} again.")
        found[mutant.id] = texts[mutant.text] = mutant
    known = subject.clauses | rules()
    if unknown := [f"{each.name}: {name}" for each in found.values() for name in each.falls if name not in known]:
        raise BadMutants("\n  ".join([f"{subject.contract.name}/mutants names clauses that no page has:", *unknown]))
    if unexpected := [mutant.name for mutant in found.values() if not mutant.falls]:
        where = f"{subject.contract.name}/mutants/inputs.toml"
        raise BadMutants("\n  ".join([f"{where} must say what falls by these, in [expectations]:", *unexpected]))
    return found


def _by_operators(subject: Subject) -> Iterator[Mutant]:
    for statement in subject.statements:
        for operator in OPERATORS.get(type(statement.tree), ()):
            for change in operator(subject, statement.tree):
                yield subject.mutant(statement, change)


def _by_hand(subject: Subject) -> Iterator[Mutant]:
    for edit in subject.inputs.edits:
        if edit.file:
            path = subject.migrations / edit.file
            yield replace(edited(path, path.read_text(encoding="utf-8"), edit), has_shape_check=True)
        else:
            yield subject.edited(edit)
