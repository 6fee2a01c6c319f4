"""What a role can do with a table or view by each command: read, insert, change, delete, empty it."""

from collections.abc import Iterator, Sequence

from psycopg import sql

from tests.access.support.attempts import LET_THROUGH
from tests.access.support.draft import literal
from tests.access.support.identities import Identity
from tests.access.support.outcomes import Line, Reached
from tests.access.support.relation_access import RelationAccess
from tests.access.support.rows import asks_as, how_of_spare, owner_of, shown
from tests.access.support.world import Row

# What a column is set to, if it can be set to no other's.
OWN = "its own"
NOTHING, PLACE = sql.SQL(""), sql.SQL("(tableoid, ctid)::text, ")


def lines(access: RelationAccess) -> Iterator[Line]:
    """Yield what some identities can do, a line for each command that is not refused."""
    may, is_written = access.privileges, access.is_table or access.relation.is_updatable
    found = [
        _reads(access) if may.read else None,
        _inserts(access) if may.filled and access.is_table else None,
        _updates(access) if may.changed and is_written else None,
        _deletes(access) if may.may_delete and is_written else None,
        _truncates(access) if may.may_truncate and access.is_table else None,
    ]
    yield from (each for each in found if each is not None)


def _reads(access: RelationAccess) -> Line | None:
    """Read every row and every column that may be read."""
    readable = access.privileges.read
    reached, allowed = Reached(), False
    rows = _known(access, readable)
    for identity in access.group:
        (attempt,) = access.measuring.attempt(identity, [_rows(access, readable)], is_read=True)
        access.measuring.keep(access.relation.name, identity, "select", attempt)
        allowed |= attempt.is_done
        seen = [*(attempt.texts or ())]
        for row, text, example in rows:
            if is_seen := text in seen:
                seen.remove(text)
            how, traits = access.how(identity, row.place, row.owner), access.turning.of(row)
            reached.add(how, reached=is_seen, example=example, traits=traits)
        for text in seen:
            reached.add(access.how(identity, "", owner_of(text)), reached=True, example=text)
    return access.line("select", reached, more=access.columns(readable)) if allowed else None


def _rows(access: RelationAccess, columns: Sequence[str], place: sql.SQL = NOTHING) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("SELECT {}ROW({})::text FROM {}").format(place, names, access.table)


def _known(access: RelationAccess, columns: Sequence[str]) -> list[tuple[Row, str, str]]:
    """List the rows that are there, with the text that who reads these columns gets, and what is shown."""
    if not access.is_table:
        # Not as the superuser, who calls nothing of the project's.
        texts = [str(text) for (text,) in access.measuring.migrator.execute(_rows(access, columns))]
        return [(Row(owner_of(text), {}), text, text) for text in texts]
    made = {row.place: row for rows in access.measuring.world.rows.values() for row in rows}
    found = []
    for each, text in access.measuring.superuser.execute(_rows(access, columns, PLACE)):
        row = made.get(str(each), Row("nobody", {}, str(each)))
        found.append((row, str(text), shown(row, columns) or str(text)))
    return found


def _inserts(access: RelationAccess) -> Line:
    """Insert rows: one's own, another's, nobody's, and those that link the one to the other."""
    reached = Reached()
    columns = [each for each in access.written if each in access.privileges.filled]
    for identity in access.group:
        tried: list[tuple[str, Row]] = []
        for whose, rows in access.measuring.world.spare.get(access.relation.name, {}).items():
            if (how := how_of_spare(identity, whose)) is not None:
                tried += [(how, row) for row in rows]
        statements = [_insertion(access, row, columns) for _, row in tried]
        for (how, row), attempt in zip(tried, access.measuring.attempt(identity, statements), strict=True):
            access.measuring.keep(access.relation.name, identity, "insert", attempt)
            # Where a trigger has returned NULL, no row is touched.
            done = (attempt.is_done and attempt.touched > 0) or attempt.sqlstate in LET_THROUGH
            traits = {name: value for name, value in access.turning.of(row).items() if name in columns}
            reached.add(how, reached=done, example=shown(row, columns), traits=traits)
    return access.line("insert", reached, any_row="any row", more=access.columns(columns))


def _insertion(access: RelationAccess, row: Row, columns: Sequence[str]) -> sql.Composed:
    if not columns:
        return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(access.table)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    given = sql.SQL(", ").join(literal(row.values[each]) for each in columns)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(access.table, names, given)


def _updates(access: RelationAccess) -> Line | None:
    """Change every row, each column by itself: to what stands in one's own row, and to what stands in another's."""
    columns = [each for each in access.privileges.changed if each in access.written]
    reached, is_permitted = Reached(), False
    changed, to_own, given = set[str](), set[str](), dict[str, set[str | None]]()
    for identity in access.group:
        gone: set[str] = set()
        tried = [*_assignments(access, identity, columns)]
        statements = [statement for *_, statement in tried]
        for (column, value, _), (attempt, now) in zip(
            tried, access.tried(identity, "update", statements, reached), strict=True
        ):
            is_permitted |= attempt.is_permitted
            if attempt.sqlstate in LET_THROUGH or now:
                given.setdefault(column, set()).add(value)
                differing = {row.place for row in access.made if row.values.get(column) != value}
                if value in _others(access, identity, column):
                    changed.add(column)
                elif differing & now:
                    to_own.add(column)
            gone |= now
        access.count(identity, gone, reached)
    if not is_permitted:
        return None
    limited = {name: found for name, values in given.items() if (found := access.turning.limited(name, values))}
    limited |= {name: [OWN] for name in to_own - changed - limited.keys()}
    names = [each for each in access.written if each in changed | to_own]
    more = access.columns(names, limited) if access.is_table else ""
    return access.line("update", reached, more=more)


def _assignments(
    access: RelationAccess, identity: Identity, columns: Sequence[str]
) -> Iterator[tuple[str, str | None, sql.Composable]]:
    """Yield statements for all rows that set a column to what stands in one's own row, or in another's.

    None reads a column: that would need the right to read it, and a policy that lets the row be read.
    """
    statement = sql.SQL("UPDATE {} SET {} = {}")
    if not _another(access, identity):
        names = [sql.Identifier(name) for name in columns[:1]] * 2
        yield from [("", "", statement.format(access.table, *names))] * bool(names)
        return
    for name in columns:
        own = [row.values.get(name) for row in access.measuring.world.of(access.relation.name, asks_as(identity))[:1]]
        for value in dict.fromkeys([*_others(access, identity, name), *own, *access.turning.values(name)]):
            yield name, value, statement.format(access.table, sql.Identifier(name), literal(value))


def _another(access: RelationAccess, identity: Identity) -> list[Row]:
    """List two rows of another's."""
    found = access.measuring.world.of(access.relation.name, "A" if asks_as(identity) == "B" else "B")
    return [*found[:1], *found[-1:]]


def _others(access: RelationAccess, identity: Identity, column: str) -> list[str | None]:
    return [row.values.get(column) for row in _another(access, identity)]


def _deletes(access: RelationAccess) -> Line | None:
    """Delete every row."""
    reached, is_permitted = Reached(), False
    statement = sql.SQL("DELETE FROM {}").format(access.table)
    for identity in access.group:
        for attempt, gone in access.tried(identity, "delete", [statement], reached):
            is_permitted |= attempt.is_permitted
            access.count(identity, gone, reached)
    return access.line("delete", reached) if is_permitted else None


def _truncates(access: RelationAccess) -> Line | None:
    """Empty it."""
    tried = access.measuring.attempt(access.group[0], [sql.SQL("TRUNCATE {}").format(access.table)])
    is_done = any(each.is_done or each.sqlstate in LET_THROUGH for each in tried)
    return Line(access.name, "truncate", "all rows") if is_done else None
