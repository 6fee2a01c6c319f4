"""All mutants of a contract's table: those that operators make, and those that are made by hand."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pglast import ast

from tests.selftest.mutation.inputs import BadMutants
from tests.selftest.mutation.operators import access, delivery, indexes, tables, triggers
from tests.selftest.mutation.subject import Mutant, Subject, rules
from tests.selftest.mutation.trees import Change, Trial

Operator = Callable[[Subject, Any], Iterator[Change]]


def _named(prefix: str, thing: Callable[[Any], str], trials: Callable[[Subject, Any], Iterator[Trial]]) -> Operator:
    """Say of what thing the trials are."""
    return lambda subject, tree: (
        Change(prefix + operator, thing(tree), change, edit) for operator, change, edit in trials(subject, tree)
    )


_of_index = _named("INDEX-", lambda tree: f"index {tree.idxname}", indexes.of_index)
_of_function = _named("FUNCTION-", lambda tree: f"function {tree.funcname[-1].sval}", triggers.of_function)
_of_trigger = _named("TRIGGER-", lambda tree: f"trigger {tree.trigname}", triggers.of_trigger)
_of_policy = _named("POLICY-", lambda tree: str(tree.policy_name), access.of_policy)
# By the kind of statement, what tries its changes.
OPERATORS: dict[type[ast.Node], tuple[Operator, ...]] = {
    ast.CreateStmt: (tables.of_table, delivery.of_guard),
    ast.IndexStmt: (_of_index, delivery.of_guard),
    ast.CreateFunctionStmt: (_of_function, delivery.of_guard),
    ast.CreateTrigStmt: (_of_trigger,),
    ast.AlterTableStmt: (access.of_row_level_security,),
    ast.CreatePolicyStmt: (_of_policy,),
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
    made_by_operators = (
        subject.mutant(statement, change)
        for statement in subject.statements
        for operator in OPERATORS.get(type(statement.tree), ())
        for change in operator(subject, statement.tree)
    )
    for mutant in made_by_operators:
        if mutant.text not in texts:
            numbers[mutant.name] += 1
            again = f" ({number})" if (number := numbers[mutant.name]) > 1 else ""
            texts[mutant.text] = made = replace(mutant, change=mutant.change + again)
            found[made.id] = made
    for edit in subject.inputs.edits:
        mutant = subject.edited(edit)
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
