"""Which clause of a contract's page speaks of what: the IDs of rules, unique indexes, triggers and roles."""

from tests.harness.requests.model import Rule
from tests.scaffold.observation import Observation


class Clauses:
    """The clauses that follow from what was observed; their words are the page's (contract/CONTRACT.md.jinja).

    `broken` are the rules that a row can break alone, by clause: NOT NULL of all columns is one, and so are the types.
    """

    def __init__(self, seen: Observation) -> None:
        """Number them; C1 is that a row which keeps every rule is accepted."""
        self.seen = seen
        model = seen.model()
        rules = [each for each in [*model.rules, *model.foreign_keys] if each.name in seen.strategies.rules]
        groups: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=self.kind):
            groups.setdefault(self.kind(rule) or rule.name, []).append(rule)
        self.broken = {f"C{at}": group for at, group in enumerate(groups.values(), start=2)}
        self.unique = {name: f"C{at}" for at, name in enumerate(seen.shared, start=len(groups) + 2)}
        self.given = f"C{len(groups) + len(self.unique) + 2}"
        self.commands = {command: f"T{at}" for at, command in enumerate(seen.set_by_trigger, start=1)}
        self.roles = {role: f"R{at}" for at, role in enumerate(seen.allowed, start=1)}

    @property
    def rules(self) -> dict[str, str]:
        """The clause of each rule that a row can break alone."""
        return {rule.name: clause for clause, rules in self.broken.items() for rule in rules}

    @staticmethod
    def kind(rule: Rule) -> str:
        """Say whether a rule is of NOT NULL or of a type; empty if a constraint of its own states it."""
        if rule.refusal.sqlstate == "23502":
            return "null"
        return "type" if rule.refusal.by is None else ""

    def definition(self, rule: Rule) -> str:
        """Return the definition of a rule's constraint, of the table or of a domain."""
        table = self.seen.table
        every = [*table.constraints, *(each for kind in table.types for each in getattr(kind, "constraints", ()))]
        return {each.name: str(each.definition) for each in every}[str(rule.refusal.by)]
