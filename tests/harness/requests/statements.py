"""The statements that an application sends to one table, composed from a TableSpec and values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.types.json import Json, Jsonb

from tests.harness.catalog.objects import Enum
from tests.harness.catalog.table_spec import TableSpec

# A statement and its parameters.
BoundStatement = tuple[sql.Composed, list[object]]
JSON = {"json": Json, "jsonb": Jsonb}


@dataclass(frozen=True)
class Statements:
    """The statements for one table. A key is the value of its key column, or a tuple where it has several."""

    table: TableSpec

    @property
    def name(self) -> sql.Identifier:
        """The table's qualified name."""
        return sql.Identifier(self.table.schema, self.table.name)

    @property
    def read(self) -> sql.Composed:
        """SELECT of every column that a client may write, of every row."""
        return sql.SQL("SELECT {} FROM {}").format(self._read(self.table.compared_columns), self.name)

    @property
    def read_all(self) -> sql.Composed:
        """SELECT of the clock, the columns that a client may write, and those that the database gives."""
        columns = (*self.table.compared_columns, *self.table.given_columns)
        return sql.SQL("SELECT clock_timestamp(), {} FROM {}").format(self._read(columns), self.name)

    def insert(self, *rows: Mapping[str, Any]) -> BoundStatement:
        """INSERT of one or more rows that give the same columns."""
        columns = list(rows[0])
        one = sql.SQL("({})").format(sql.SQL(", ").join(map(self._placeholder, columns)))
        query = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
            self.name, _listed(columns), sql.SQL(", ").join([one] * len(rows))
        )
        return query, [self._sent(name, row[name]) for row in rows for name in columns]

    def update(self, values: Mapping[str, Any], key: object = None) -> BoundStatement:
        """UPDATE of the row that has the key; of every row, without a WHERE, if none is given."""
        pairs = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), self._placeholder(name)) for name in values
        )
        query = sql.SQL("UPDATE {} SET {}").format(self.name, pairs)
        return self._of_key(query, [self._sent(name, value) for name, value in values.items()], key)

    def upsert(self, values: Mapping[str, Any]) -> BoundStatement:
        """INSERT … ON CONFLICT (key) DO UPDATE of every column that is given."""
        query, parameters = self.insert(values)
        taken = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in values)
        conflict = sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(_listed(self.table.key), taken)
        return query + conflict, parameters

    def delete(self, key: object = None) -> BoundStatement:
        """DELETE of the row that has the key; of every row, without a WHERE, if none is given."""
        return self._of_key(sql.SQL("DELETE FROM {}").format(self.name), [], key)

    def _read(self, columns: Sequence[str]) -> sql.Composed:
        # Of an enum psycopg knows the text alone.
        enums = {each.name: "text" for each in self.table.types if isinstance(each, Enum)}
        enums |= {f"{name}[]": "text[]" for name in enums}
        casts = {name: enums.get(self.table.column(name).type) for name in columns}
        return sql.SQL(", ").join(
            sql.Identifier(name) if cast is None else sql.SQL("{}::" + cast).format(sql.Identifier(name))
            for name, cast in casts.items()
        )

    def _of_key(self, query: sql.Composed, parameters: list[object], key: object) -> BoundStatement:
        if key is None:
            return query, parameters
        equal = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in self.table.key)
        values = key if isinstance(key, tuple) else (key,)
        return query + sql.SQL(" WHERE ") + equal, [*parameters, *values]

    def _placeholder(self, name: str) -> sql.Composable:
        kind = self.table.column(name).type
        # psycopg sends a list as an array of text; what is no array goes as unknown, and takes the column's type.
        return sql.SQL("%s::" + kind) if kind.endswith("[]") else sql.Placeholder()

    def _sent(self, name: str, value: object) -> object:
        kind = JSON.get(self.table.column(name).type)
        return kind(value) if kind is not None and value is not None else value


def shown(statement: BoundStatement) -> str:
    """Write a statement out for a failure message."""
    query, parameters = statement
    told = ", ".join(repr(each.obj if isinstance(each, (Json, Jsonb)) else each) for each in parameters)
    return query.as_string(None) + (f"  -- {told}" if parameters else "")


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
