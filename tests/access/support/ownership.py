"""Which columns of a table say whose a row is: those that name a user, keys to what is a user's, and claims."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.access.support.claims import ColumnOfClaim
from tests.access.support.comparisons import Constants
from tests.access.support.objects import Constraint, Relation
from tests.access.support.values import MARKS, OWNERS
from tests.access.support.world import USERS, World, user_id

# Columns that name a user, where no foreign key says so.
NAMES_A_USER = re.compile(
    r"(^|_)(user|owner|author|creator|profile|member|customer|sender|uploader)(_?id)?$"
    r"|^(created|invited|uploaded|updated|assigned|owned|submitted)_by(_id)?$"
)
# Of a tenant that only claims and columns name, by the column's type.
TENANTS = {"uuid": "{}-0000-4000-8000-000000000001", "text": "{}", "varchar": "{}"}


@dataclass(frozen=True)
class Ownership:
    """What keys, names and claims decide of the rows of each owner."""

    relations: Mapping[str, Relation]
    known: Constants
    # Columns that claims are compared with: they name a tenant.
    tenants: Sequence[ColumnOfClaim]
    world: World

    def users_column(self, table: Relation, name: str) -> bool:
        """Whether a column names a user: by a foreign key to the users, or by its name and type."""
        if table.name == USERS:
            return name == "id"
        keys = [key for key in table.foreign_keys if list(key.columns) == [name]]
        for key in keys:
            parent = self.relations.get(key.parent or "")
            if (
                parent is not None
                and parent.name != table.name
                and self.users_column(parent, (key.parent_columns or ("",))[0])
            ):
                return True
        column = table.column(name)
        return not keys and column.base in ("uuid", "text") and NAMES_A_USER.search(name) is not None

    def links(self, table: Relation) -> list[Constraint]:
        """List the foreign keys to what is no user."""
        return [
            key
            for key in table.foreign_keys
            if key.parent in self.relations
            and key.parent != table.name
            and not all(self.users_column(table, name) for name in key.columns)
        ]

    def may_be_shared(self, table: Relation) -> bool:
        """Whether its rows link a user to what may be another's, as memberships do."""
        linked = bool(self.links(table)) or self.names_a_tenant(table)
        return linked and any(self.users_column(table, each.name) for each in table.columns)

    def owners(self, table: Relation) -> list[str]:
        """List whose rows it gets: where a claim names the tenant, the member's are in A's, or there are none."""
        left_out = {"member"} if self.names_a_tenant(table) else set()
        return [each for each in OWNERS if each not in left_out and (each != "shared" or self.may_be_shared(table))]

    def names_a_tenant(self, table: Relation, *, once: bool = False) -> bool:
        """Whether a claim is compared with a column that no foreign key fills, or (once) that is a key by itself."""
        linked = {name for each in table.foreign_keys for name in each.columns}
        keys = {
            name for each in table.constraints if each.kind in "pu" and len(each.columns) == 1 for name in each.columns
        }
        names = [each.name for each in table.columns if each.name not in linked and (not once or each.name in keys)]
        return any(self._is_tenant(table, each) for each in names)

    def fixed(self, table: Relation, owner: str, link: str, number: int) -> dict[str, str | None]:
        """Give the values that are decided: users by their ids, links by the rows of `link`, tenants by its claims."""
        found: dict[str, str | None] = {
            each.name: None if owner == "nobody" and not each.not_null else user_id(owner)
            for each in table.columns
            if self.users_column(table, each.name)
        }
        for key in sorted(self.links(table), key=lambda each: len(self.relations[each.parent or ""].foreign_keys)):
            rows = [each for each in self.world.of(key.parent or "", "A" if link == "shared" else link) if each.values]
            if rows and not any(self.known.values.get(name) for name in key.columns):
                # What a row refers to is of one tenant.
                agrees = {name for each in self.relations[key.parent or ""].foreign_keys for name in each.columns} & {
                    *found
                }
                rows = [each for each in rows if all(each.values[name] == found[name] for name in agrees)] or rows
                row = rows[number % len(rows)]
                pairs = zip(key.columns, key.parent_columns or (), strict=True)
                found |= {name: row.values.get(parent) for name, parent in pairs if name not in found}
        linked = {name for each in table.constraints if each.kind in "fpu" for name in each.columns}
        for column in table.columns:
            if column.base in TENANTS and column.name not in {*found, *linked} and self._is_tenant(table, column.name):
                found[column.name] = TENANTS[column.base].format(MARKS["A" if link == "shared" else link])
        return found

    def _is_tenant(self, table: Relation, name: str) -> bool:
        return any(each.is_of(table.name, name) for each in self.tenants)
