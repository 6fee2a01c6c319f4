"""What has changed of access, and errors on the way, in sentences: why, and by which statement of which file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from tests.access.support import record
from tests.access.support.identities import HELD
from tests.access.support.measure import Measured
from tests.access.support.outcomes import NO_ROW, Fault
from tests.access.support.reasons import Reason, Reasons, role_of
from tests.access.support.record import Change, Lines
from tests.harness.core.roles import PUBLIC, UNGRANTED
from tests.harness.migrations.files import Migration, escaped

# Of a row that is shown.
LONGEST_ROW = 160
RECURSION = re.compile(r'recursion detected in policy for relation "(.+)"')
# Of those that were met, the innermost; not the one that tries.
FUNCTION = re.compile(r'(?:PL/pgSQL|SQL) function "?(?!access_attempts\.)([^\s"]+\([^)]*\)|[^\s"]+)"? ')


def changes(before: Lines, measured: Measured, migrations: Sequence[Migration]) -> Iterator[str]:
    """Yield FILE:LINE: what each role could do and now can do, by what; roles of which the same is so are told as one.

    What ends in an error is told as that, and an object that is new in one sentence.
    """
    now, reasons = record.as_lines(measured.access.lines), Reasons(measured.superuser, migrations)
    failing = {(each.object, each.role, each.command) for each in measured.access.faults}
    every = map(_as_held, record.changes(before, now))
    changed = [each for each in every if each.before != each.now]
    empty = measured.access.empty
    told = [each for each in changed if (each.name, each.role, each.command) not in failing]
    found = [each for each in told if each.name not in empty]
    for name in sorted({each.name for each in told} & empty.keys()):
        yield escaped(f"{name}: no row could be made ({empty[name]}), so who can do what with it is not known (A1).")
    for name in sorted(now.keys() - before.keys()):
        yield _new(name, now[name], reasons)
    for name in sorted(before.keys() - now.keys()):
        yield escaped(f"{name}: is not there any more, or not exposed (A1).")
    same = sorted(
        (each for each in found if each.object in before.keys() & now.keys()),
        key=lambda each: (each.object, each.command, each.before or "", each.now or "", each.role),
    )
    for _, alike in groupby(same, key=lambda each: (each.object, each.command, each.before, each.now)):
        group = [*alike]
        yield _told(group[0], [each.role for each in group], measured, reasons)


def _as_held(change: Change) -> Change:
    """Say "no row" of who is measured only where a policy is for it: the privilege it holds in any case."""
    if not change.role.endswith(HELD):
        return change
    return replace(change, before=change.before or NO_ROW, now=change.now or NO_ROW)


def _new(name: str, lines: Mapping[tuple[str, str], str], reasons: Reasons) -> str:
    """Say that an object is new, and who can do what with it."""
    by_role = groupby(lines.items(), key=lambda each: _said(each[0][0]))
    can = [
        f"{role}: " + ", ".join(f"{key[1]} {record.shortened(words)}" for key, words in each) for role, each in by_role
    ]
    change = Change(name, "", "", None, None)
    place = reasons.made(change)
    return escaped(f"{_where([place])}{name} is new: {'; '.join(can) or 'nobody can use it'} (A1).")


def _told(change: Change, roles: Sequence[str], measured: Measured, reasons: Reasons) -> str:
    role, example = role_of(change.role), ""
    if change.now is None:
        refusal = measured.access.refusals.get((change.name, change.role, change.command), "")
        found = reasons.refused(change, role, refusal)
        example = f" PostgreSQL says: {refusal}." if refusal else ""
    else:
        found = reasons.of(change, role, lambda: measured.retry(change.name, change.role, change.command))
        keys = (change.role, change.command)
        rows = (each.example for each in measured.access.lines[change.object] if (each.role, each.command) == keys)
        example = next((f" Such a row: {row[:LONGEST_ROW]}." for row in rows if row), "")
    by = [f"by {each.words}{_at(each)}" for each in found if each.words and change.now is not None]
    return escaped(f"{_where(found)}{', '.join([change.told([*map(_said, roles)]), *by])} (A1).{example}")


def faults(measured: Measured, migrations: Sequence[Migration]) -> Iterator[str]:
    """Yield FILE:LINE: which attempts end in which error; what several meet is told once."""
    reasons = Reasons(measured.superuser, migrations)
    same = sorted(measured.access.faults, key=lambda each: (each.sqlstate, each.message, each.object, each.command))
    for _, alike in groupby(same, key=lambda each: (each.sqlstate, each.message)):
        group = [*alike]
        who = sorted({f"{each.command} on {each.object} by {_said(each.role)}" for each in group})
        more = f" and {len(who) - 3} more" if len(who) > 3 else ""
        places = _places(reasons, group[0])
        words = f"{', '.join(who[:3])}{more} ends with {group[0].sqlstate}: {group[0].message} (A2)."
        yield escaped(f"{_where(places)}{words}")


def _places(reasons: Reasons, fault: Fault) -> Sequence[Reason]:
    """List where an error comes from: the policies of a table, or a function."""
    if found := RECURSION.search(fault.message):
        return reasons.last_policies(found[1])
    if found := FUNCTION.search(fault.context):
        return [reasons.of_function(found[1])]
    return reasons.last_policies(fault.object.rpartition(".")[2])


def _said(role: str) -> str:
    """Name a role in a sentence: what one that nobody granted anything can do, any role can, as one of PUBLIC."""
    return f"any role ({PUBLIC.upper()})" if role == UNGRANTED else role


def _where(found: Sequence[Reason]) -> str:
    place = next((each.place for each in found if each.place is not None), None)
    return f"{place[0]}:{place[1]}: " if place else ""


def _at(reason: Reason) -> str:
    return f" ({reason.place[0].name}:{reason.place[1]})" if reason.place else ""
