"""All mutants of a contract's table: those that operators make, and those that are made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tests.selftest.mutation.mutant import BadMutant, Mutant
from tests.selftest.mutation.operators import delivery, indexes, policies, privileges, tables, triggers
from tests.selftest.mutation.subject import Subject, edited, rules

OPERATORS = (tables, indexes, triggers, policies, privileges, delivery)


def mutants_of(subject: Subject) -> dict[str, Mutant]:
    """Every mutant, by its id. Raises BadMutant for an edit that is another mutant, and where no clause must fall."""
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
            raise BadMutant(f"{mutant.name}: is {twin.name} again.")
        found[mutant.id] = texts[mutant.text] = mutant
    known = subject.clauses | rules()
    if unknown := [f"{each.name}: {name}" for each in found.values() for name in each.falls if name not in known]:
        raise BadMutant("\n  ".join([f"{subject.contract.name}/mutants names clauses that no page has:", *unknown]))
    if unexpected := [mutant.name for mutant in found.values() if not mutant.falls]:
        words = "\n  ".join(unexpected)
        raise BadMutant(
            f"{subject.contract.name}/mutants/inputs.toml must say what falls by these, in [expectations]:\n  {words}"
        )
    return found


def _by_operators(subject: Subject) -> Iterator[Mutant]:
    for operators in OPERATORS:
        yield from operators.mutants(subject)


def _by_hand(subject: Subject) -> Iterator[Mutant]:
    for edit in subject.inputs.edits:
        if edit.file:
            path = subject.migrations / edit.file
            yield replace(edited(path, path.read_text(encoding="utf-8"), edit), has_shape_check=True)
        else:
            yield subject.edited(edit)
