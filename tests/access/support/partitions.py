"""Rows in each partition, copied from the rows of its table: the API offers a partition by itself too."""

import re
from collections.abc import Iterator, Sequence

from tests.access.support.builder import DONE, WorldBuilder
from tests.access.support.draft import Draft
from tests.access.support.world import Row

# Of each partition: its table, the column that decides, if it is one, and from which value on, or of which.
PARTITIONS = b"""
SELECT c.oid::regclass::text, i.inhparent::regclass::text, a.attname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_class AS c
INNER JOIN pg_inherits AS i ON c.oid = i.inhrelid
INNER JOIN pg_partitioned_table AS p ON i.inhparent = p.partrelid AND p.partnatts = 1
INNER JOIN pg_attribute AS a ON p.partrelid = a.attrelid AND p.partattrs[0] = a.attnum
WHERE c.relispartition AND c.relkind = 'r' ORDER BY 1
"""
FIRST = re.compile(r"^FOR VALUES (?:FROM|IN) \('?([^',)]+)'?")
# Of a default partition, values that the bounds of others seldom include; one that they do goes to the other partition.
FAR = ("2999-01-01", "999999999", "zzzz")


def fill(builder: WorldBuilder) -> None:
    """Put a row of user A's and one of user B's into each partition that has got none."""
    connection, rows = builder.connection, builder.world.rows
    connection.execute("SET search_path = ''")
    for name, parent, column, bound in connection.execute(PARTITIONS).fetchall():
        is_empty = connection.execute(f"SELECT 1 FROM {name} LIMIT 1".encode()).fetchone() is None
        first = FIRST.match(str(bound))
        for owner in ("A", "B") if is_empty and parent in builder.relations else ():
            for draft in _copies(builder, str(parent), owner, str(column), [first[1]] if first else FAR):
                (result,) = builder.inserted([draft], is_kept=True)
                if result.sqlstate == DONE:
                    rows[str(parent)].append(Row(owner, draft.values(), str(result.place)))
                    break
    connection.execute("RESET search_path")


def _copies(builder: WorldBuilder, table: str, owner: str, column: str, values: Sequence[str]) -> Iterator[Draft]:
    """Yield copies of a row with these values in one column."""
    for row in builder.world.of(table, owner)[:1]:
        for value in values:
            yield Draft(builder.relations[table], {**row.values, column: value}, {}, {}, frozenset(), {})
