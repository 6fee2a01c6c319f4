"""The statements that the application and its visitors send, composed from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from tests.contract.calculator2_sessions.model import COLUMNS

TABLE = sql.Identifier("public", "calculator2_sessions")
Statement = tuple[sql.Composed, list[object]]

_ALL_COLUMNS = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
READ = sql.SQL("SELECT {} FROM {}").format(_ALL_COLUMNS, TABLE)
READ_ALL = sql.SQL("SELECT clock_timestamp(), id, {} FROM {}").format(_ALL_COLUMNS, TABLE)
CLEAN_UP = sql.SQL("DELETE FROM {} WHERE expires_at <= now() AND payment_status <> 'completed'").format(TABLE)


def insert(*rows: Mapping[str, Any]) -> Statement:
    """INSERT of one or more rows that give the same columns."""
    columns = list(rows[0])
    one = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(columns)))
    query = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        TABLE, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([one] * len(rows))
    )
    return query, [_sent(name, row[name]) for row in rows for name in columns]


def update(values: Mapping[str, Any], token: str | None = None) -> Statement:
    """UPDATE of the row that has the token; of every row, without a WHERE, if none is given."""
    pairs = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values)
    query = sql.SQL("UPDATE {} SET {}").format(TABLE, pairs)
    parameters = [_sent(name, value) for name, value in values.items()]
    if token is None:
        return query, parameters
    return query + sql.SQL(" WHERE session_token = %s"), [*parameters, token]


def upsert(values: Mapping[str, Any]) -> Statement:
    """INSERT … ON CONFLICT (session_token) DO UPDATE of every column that is given."""
    query, parameters = insert(values)
    taken = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in values)
    return query + sql.SQL(" ON CONFLICT (session_token) DO UPDATE SET {}").format(taken), parameters


def delete(token: str | None = None) -> Statement:
    """DELETE of the row that has the token; of every row, without a WHERE, if none is given."""
    query = sql.SQL("DELETE FROM {}").format(TABLE)
    return (query, []) if token is None else (query + sql.SQL(" WHERE session_token = %s"), [token])


def shown(statement: Statement) -> str:
    """Write a statement out for a failure message."""
    query, parameters = statement
    return query.as_string(None) + (f"  -- {_listed(parameters)}" if parameters else "")


def _listed(parameters: Sequence[object]) -> str:
    return ", ".join(repr(each.obj) if isinstance(each, Jsonb) else repr(each) for each in parameters)


def _sent(name: str, value: object) -> object:
    return Jsonb(value) if name == "form_state" and value is not None else value
