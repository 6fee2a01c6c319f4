"""All the mutants: those that operators make, and those that are made by hand."""

from __future__ import annotations

from tests.selftest.mutation import beside, delivery, handmade, indexes, policies, privileges, table, trigger
from tests.selftest.mutation.source import BadMutant, Mutant, Source

FAMILIES = {
    "table": table.mutants,
    "indexes": indexes.mutants,
    "trigger": trigger.mutants,
    "policies": policies.mutants,
    "privileges": privileges.mutants,
    "delivery": delivery.mutants,
    "by hand": handmade.mutants,
    "beside": beside.mutants,
}


def mutants_of(source: Source) -> dict[str, Mutant]:
    """Every mutant, by its id. Raises BadMutant for one that is there twice."""
    found: dict[str, Mutant] = {}
    texts: dict[str, str] = {}
    for family in FAMILIES.values():
        for mutant in family(source):
            if mutant.id in found or mutant.text in texts:
                raise BadMutant(f"{mutant.name}: is {texts.get(mutant.text, mutant.id)} again.")
            found[mutant.id] = mutant
            texts[mutant.text] = mutant.name
    return found
