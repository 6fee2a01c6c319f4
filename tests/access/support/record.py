"""The record of access: a text beside the migrations, made to be read in a diff; and what of it has changed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.access.support.outcomes import NO_ROW, Line, understood

NAME = "access.txt"
HEAD = """\
# Who can do what with the objects that the API offers, as it was measured. Written by: tox -e access -- --write
# What is not listed is refused. How it is measured, and what the words mean, is in tests/access/RULES.md.
"""
GRANTING = "  with the default privileges of before 30 October 2026:"
LINE = re.compile(r" {2,4}(?P<role>\S+(?: \S+)*) {2,}(?P<command>[a-z]+) {2,}(?P<words>.+)")
# Of a table, in a sentence.
MOST_COLUMNS = 6
REFUSED, BUCKET = "refused", " bucket: "
# What is said of a command: before, and now, of one and of several.
SENTENCES = {
    "select": ("could read {} of {}", "reads {}", "read {}"),
    "insert": ("could insert {} into {}", "inserts {}", "insert {}"),
    "update": ("could change {} of {}", "changes {}", "change {}"),
    "delete": ("could delete {} of {}", "deletes {}", "delete {}"),
    "nextval": ("could call nextval of {1}", "calls nextval", "call nextval"),
    "setval": ("could call setval of {1}", "calls setval", "call setval"),
}

# For each object by its kind and name, what each role can do by each command.
Lines = Mapping[str, Mapping[tuple[str, str], str]]


class BadRecord(Exception):
    """The record cannot be read; the text says where, and what to do."""


@dataclass(frozen=True)
class Change:
    """What a role can do with an object, before and now; None where it is refused."""

    object: str
    role: str
    command: str
    before: str | None
    now: str | None

    @property
    def kind(self) -> str:
        """The kind of the object."""
        return self.object.rpartition(" ")[0] if "(" not in self.object else self.object.partition(" ")[0]

    @property
    def name(self) -> str:
        """The name of the object, as SQL."""
        return self.object.removeprefix(f"{self.kind} ")

    @property
    def added(self) -> list[str]:
        """The columns that only what is now names."""
        before, now = (_parted(words or "")[1] for words in (self.before, self.now))
        return [each for each in now if before and each.partition(" = ")[0] == each and each not in before]

    def told(self, roles: Sequence[str]) -> str:
        """Say it in a sentence of these roles."""
        many = len(roles) > 1
        pronoun, verb = ("they", "are") if many else ("it", "is")
        other = f"could {self.command} {{1}} ({{0}})", f"can {self.command} it ({{}})", f"can {self.command} it ({{}})"
        before, *after = SENTENCES.get(self.command, other)
        refused = f"{'were' if many else 'was'} refused {self.command.upper()} on {self.name}"
        old, new = _compared(self.before or "", self.now or "")
        first = refused if self.before is None else before.format(old, self.name)
        then = f"{verb} refused" if self.now is None else after[many].format(new)
        return f"{' and '.join(roles)} {first}; now {pronoun} {then}"


def _compared(before: str, now: str) -> tuple[str, str]:
    """Leave out the columns and the buckets that stay as they are, where both name some."""
    (old, old_columns), (new, new_columns) = _parted(before), _parted(now)
    if new in ("", NO_ROW):
        return old, new
    if not (old_columns and new_columns) and not (BUCKET in old and BUCKET in new):
        return shortened(before), shortened(now)
    if BUCKET in old and BUCKET in new:
        buckets = [dict(each.split(BUCKET, 1) for each in words.split("; ")) for words in (old, new)]
        names = [each for each in sorted({*buckets[0], *buckets[1]}) if buckets[0].get(each) != buckets[1].get(each)]
        parts = ["; ".join(f"{name}{BUCKET}{each.get(name, NO_ROW)}" for name in names) for each in buckets]
        old, new = (each or words for each, words in zip(parts, (old, new), strict=True))
    limited = {each.partition(" = ")[0] for each in old_columns if " = " in each}
    more = [f"{each} = any value" if each in limited else each for each in new_columns if each not in old_columns]
    left = {each.partition(" = ")[0] for each in new_columns}
    less = [each for each in old_columns if each.partition(" = ")[0] not in left]
    return old, new + f" with {', '.join(more)}" * bool(more) + f" without {', '.join(less)}" * bool(less)


def shortened(words: str) -> str:
    """Leave out the last of many columns."""
    rows, columns = _parted(words)
    left = len(columns) - MOST_COLUMNS
    return f"{rows} ({', '.join(columns[:MOST_COLUMNS])} and {left} more)" if left > 1 else words


def _parted(words: str) -> tuple[str, list[str]]:
    """Part what is said of rows from the list of columns behind it."""
    rows, _, columns = words.partition(" (")
    return rows, [each for each in columns.removesuffix(")").split(", ") if each]


def as_lines(measured: Mapping[str, Sequence[Line]]) -> dict[str, dict[tuple[str, str], str]]:
    """Bring what was measured into the form that is compared."""
    return {name: {(each.role, each.command): each.words for each in lines} for name, lines in measured.items()}


def written(explicit: Lines, granting: Lines) -> str:
    """Write the record: a block for each object, a line for each role and command; then what else old defaults give."""
    blocks = []
    for name in sorted({*explicit, *granting}):
        lines, others = explicit.get(name, {}), granting.get(name, {})
        different = {key: others.get(key, REFUSED) for key in {**lines, **others} if lines.get(key) != others.get(key)}
        body = [*_body(lines, "  ")] or ["  nobody"]
        body += [GRANTING, *_body(different, "    ")] if different else []
        blocks.append("\n".join([name, *body]))
    return "\n\n".join([HEAD.rstrip(), *blocks]) + "\n"


def _body(lines: Mapping[tuple[str, str], str], indent: str) -> Iterator[str]:
    width = max((len(role) for role, _ in lines), default=0)
    for (role, command), words in lines.items():
        yield f"{indent}{role:<{width}}  {command:<8}  {words}"


def read(file: Path, default_privileges: str) -> Lines:
    """Read the record as it must be under these default privileges. Raises BadRecord."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    name, applies = "", True
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, applies = line, True
            found[name] = {}
        elif line == GRANTING:
            applies = default_privileges == "granting"
        elif line.strip() != "nobody":
            if not name or (match := LINE.fullmatch(line)) is None:
                raise BadRecord(f"{file}:{number}: not a line of the record. Write it anew: tox -e access -- --write")
            if applies:
                found[name][match["role"], match["command"]] = match["words"]
    return {name: {key: words for key, words in lines.items() if words != REFUSED} for name, lines in found.items()}


def changes(before: Lines, now: Lines) -> list[Change]:
    """List what is different, object by object."""
    found: list[Change] = []
    for name in sorted({*before, *now}):
        old, new = before.get(name, {}), now.get(name, {})
        every = [(key, _words(old, *key), _words(new, *key)) for key in {**old, **new}]
        found += [Change(name, *key, before, after) for key, before, after in every if before != after]
    return found


def _words(lines: Mapping[tuple[str, str], str], role: str, command: str) -> str | None:
    return lines.get((role, command)) or understood(role, command, lines)
