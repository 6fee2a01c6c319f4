"""The statements that an application sends to one table, composed from a TableSpec and values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from psycopg import sql
from psycopg.types.json import Json, Jsonb

from tests.harness.catalog.objects import Enum
from tests.harness.catalog.table_spec import TableSpec

# A statement and its parameters.
BoundStatement = tuple[sql.SQL | sql.Composed, list[object]]
JSON = {"json": Json, "jsonb": Jsonb}


@dataclass(frozen=True)
class Statements:
    """The statements for one table. A key is the value of its key column, or a tuple where it has several.

    Each is composed once: to put its parts together takes longer than to send it.
    """

    table: TableSpec
    _composed: dict[tuple[object, ...], sql.SQL] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def name(self) -> sql.Identifier:
        """The table's qualified name."""
        return sql.Identifier(self.table.schema, self.table.name)

    @cached_property
    def read(self) -> sql.SQL:
        """SELECT of every column that a client may write, of every row."""
        return _flat(sql.SQL("SELECT {} FROM {}").format(self._read(self.table.compared_columns), self.name))

    @cached_property
    def read_all(self) -> sql.SQL:
        """SELECT of the clock, the columns that a client may write, and those that the database gives."""
        columns = (*self.table.compared_columns, *self.table.given_columns)
        return _flat(sql.SQL("SELECT clock_timestamp(), {} FROM {}").format(self._read(columns), self.name))

    def insert(self, *rows: Mapping[str, Any]) -> BoundStatement:
        """INSERT of one or more rows that give the same columns."""
        columns = tuple(rows[0])
        query = self._once(("insert", len(rows), *columns), lambda: self._insert(columns, len(rows)))
        return query, [self._sent(name, row[name]) for row in rows for name in columns]

    def update(self, values: Mapping[str, Any], key: object = None) -> BoundStatement:
        """UPDATE of the row that has the key; of every row, without a WHERE, if none is given."""
        columns, of_key = tuple(values), key is not None
        query = self._once(("update", of_key, *columns), lambda: self._update(columns) + self._where(of_key))
        return query, [*(self._sent(name, value) for name, value in values.items()), *self._parts(key)]

    def upsert(self, values: Mapping[str, Any]) -> BoundStatement:
        """INSERT … ON CONFLICT (key) DO UPDATE of every column that is given."""
        columns = tuple(values)
        query = self._once(("upsert", *columns), lambda: self._insert(columns, 1) + self._on_conflict(columns))
        return query, self.insert(values)[1]

    def delete(self, key: object = None) -> BoundStatement:
        """DELETE of the row that has the key; of every row, without a WHERE, if none is given."""
        of_key = key is not None
        delete = sql.SQL("DELETE FROM {}")
        return self._once(("delete", of_key), lambda: delete.format(self.name) + self._where(of_key)), self._parts(key)

    def _once(self, kind: tuple[object, ...], compose: Callable[[], sql.Composed]) -> sql.SQL:
        if kind not in self._composed:
            self._composed[kind] = _flat(compose())
        return self._composed[kind]

    def _insert(self, columns: Sequence[str], rows: int) -> sql.Composed:
        one = sql.SQL("({})").format(sql.SQL(", ").join(map(self._placeholder, columns)))
        every = sql.SQL(", ").join([one] * rows)
        return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(self.name, _listed(columns), every)

    def _update(self, columns: Sequence[str]) -> sql.Composed:
        pairs = [sql.SQL("{} = {}").format(sql.Identifier(name), self._placeholder(name)) for name in columns]
        return sql.SQL("UPDATE {} SET {}").format(self.name, sql.SQL(", ").join(pairs))

    def _on_conflict(self, columns: Sequence[str]) -> sql.Composed:
        taken = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns)
        return sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(_listed(self.table.key), taken)

    def _where(self, of_key: bool) -> sql.Composable:
        equal = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in self.table.key)
        return sql.SQL(" WHERE ") + equal if of_key else sql.SQL("")

    def _parts(self, key: object) -> list[object]:
        if key is None:
            return []
        return [*key] if isinstance(key, tuple) else [key]

    def _read(self, columns: Sequence[str]) -> sql.Composed:
        # Of an enum psycopg knows the text alone.
        enums = {each.name: "text" for each in self.table.types if isinstance(each, Enum)}
        enums |= {f"{name}[]": "text[]" for name in enums}
        casts = {name: enums.get(self.table.column(name).type) for name in columns}
        return sql.SQL(", ").join(
            sql.Identifier(name) if cast is None else sql.SQL("{}::" + cast).format(sql.Identifier(name))
            for name, cast in casts.items()
        )

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


def _flat(query: sql.Composed) -> sql.SQL:
    """Return a statement as one piece, which need not be put together each time that it is sent."""
    return sql.SQL(query.as_string(None))


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
