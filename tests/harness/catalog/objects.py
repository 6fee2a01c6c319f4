"""What PostgreSQL's catalog says of a table, as dataclasses; as text, each is what CREATE says after its name."""

import re
from dataclasses import dataclass

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

CONSTRAINT_KINDS = ("PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY", "EXCLUDE")
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Sequence:
    """The sequence of an identity column, or of a serial one."""

    name: str
    type: str = "bigint"
    minimum: int = 1
    maximum: int = 2**63 - 1
    increment: int = 1
    cycle: bool = False

    def __str__(self) -> str:
        bounds = f"MINVALUE {self.minimum} MAXVALUE {self.maximum} INCREMENT {self.increment}"
        return f"{self.name} AS {self.type} {bounds}{' CYCLE' if self.cycle else ''}"


@dataclass(frozen=True)
class Column:
    """A column.

    `default` and `generated` are expressions as PostgreSQL prints them, and `default_same_as` other spellings of the
    same default; `virtual` says that what is generated is not stored (PostgreSQL 18); `collation` is the column's own,
    where it is not its type's.
    """

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    sequence: Sequence | None = None
    collation: str | None = None
    default_same_as: tuple[str, ...] = ()
    virtual: bool = False

    def __str__(self) -> str:
        words = [
            self.type,
            f"COLLATE {self.collation}" if self.collation else "",
            "" if self.nullable else "NOT NULL",
            f"GENERATED {self.identity.upper()} AS IDENTITY" if self.identity else "",
            f"GENERATED ALWAYS AS {self.generated} {'VIRTUAL' if self.virtual else 'STORED'}" if self.generated else "",
            f"DEFAULT {self.default}" if self.default else "",
        ]
        return " ".join(filter(None, words))


@dataclass(frozen=True)
class Enum:
    """An enum type, with its labels in their order."""

    name: str
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"AS ENUM ({', '.join(self.labels)})"


@dataclass(frozen=True)
class Constraint:
    """A constraint of another kind than NOT NULL: its definition as PostgreSQL prints it, and other spellings of it."""

    name: str
    definition: str
    same_as: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`PRIMARY KEY`, `UNIQUE`, `CHECK`, `FOREIGN KEY` or `EXCLUDE`."""
        return next(kind for kind in CONSTRAINT_KINDS if self.definition.startswith(kind))


@dataclass(frozen=True)
class Domain:
    """A domain over another type, with its constraints."""

    name: str
    type: str
    nullable: bool = True
    constraints: tuple[Constraint, ...] = ()

    def __str__(self) -> str:
        rules = [f"CONSTRAINT {each.name} {each.definition}" for each in self.constraints]
        return " ".join([f"AS {self.type}", *([] if self.nullable else ["NOT NULL"]), *rules])


@dataclass(frozen=True)
class Partition:
    """A partition: its bound, and the names of its indexes, in the order of those of the table that they are of."""

    name: str
    bound: str
    indexes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.bound


@dataclass(frozen=True)
class Index:
    """An index: `using` is its method, its keys and whatever follows them, as PostgreSQL prints it."""

    name: str
    using: str
    unique: bool = False

    def definition(self, table: str) -> str:
        """Compose the statement that PostgreSQL prints for the index of that table (pg_get_indexdef)."""
        return f"CREATE {'UNIQUE ' if self.unique else ''}INDEX {quoted(self.name)} ON {table} USING {self.using}"


@dataclass(frozen=True)
class Trigger:
    """A trigger: what stands after its name in CREATE TRIGGER, as PostgreSQL prints it (pg_get_triggerdef).

    `function` is what it executes, and `options` what CREATE FUNCTION says of that besides its body.
    """

    name: str
    definition: str
    function: str
    options: str
    enabled: bool = True

    def __str__(self) -> str:
        return f"{self.definition} ({self.options}){'' if self.enabled else ', DISABLED or enabled otherwise'}"


@dataclass(frozen=True)
class Policy:
    """A policy: for which command, to whom, permissive or not; its expressions are judged by what they do."""

    name: str
    command: str
    roles: tuple[str, ...]
    permissive: bool = True

    def __str__(self) -> str:
        return f"AS {'PERMISSIVE' if self.permissive else 'RESTRICTIVE'} FOR {self.command} TO {', '.join(self.roles)}"


def quoted(name: str) -> str:
    """Quote a name where PostgreSQL does (quote_ident)."""
    is_keyword = name in RESERVED_KEYWORDS | COL_NAME_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS
    return name if _PLAIN_NAME.fullmatch(name) and not is_keyword else '"' + name.replace('"', '""') + '"'
