"""Rows, tokens and parameters that several chapters share."""

from collections.abc import Mapping
from functools import cache
from typing import LiteralString

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions.model import CLEAN_UP, SessionChecker, statements
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import HOUR, Offset
from tests.harness.requests.request import SERVICE_REQUEST, request_transaction
from tests.harness.requests.statements import BoundStatement
from tests.harness.server.database import Database
from tests.harness.server.session import Session

MINE, YOURS, EXPIRED = "Mine".ljust(32, "m"), "Yours".ljust(32, "y"), "Expired".ljust(32, "e")
NEW, OTHER = "New".ljust(32, "n"), "Other".ljust(32, "o")
REPORT = "Report".ljust(32, "r")
# A session that began a while ago, and can still be read.
LONG_AGO = {"created_at": Offset(-40 * HOUR), "last_active_at": Offset(-30 * HOUR)}
# By how far their clocks are from UTC's: the date is another one in at least one of them, at any time of day.
FAR_ZONES = {"14 hours ahead": "Pacific/Kiritimati", "12 hours behind": "Etc/GMT+12"}

COUNT = "SELECT count(*) FROM public.calculator2_sessions"
READ_ACTIVE = "SELECT created_at, last_active_at FROM public.calculator2_sessions WHERE session_token = %s"

as_visitor = pytest.mark.parametrize("role", BROWSER_ROLES)
in_far_zones = pytest.mark.parametrize("zone", FAR_ZONES.values(), ids=FAR_ZONES)


def populate(session: Session, mine: str = MINE) -> SessionChecker:
    """Insert a row of mine, one of yours, and one that has expired."""
    return SessionChecker(
        session,
        {"session_token": mine, "report_token": REPORT},
        {"session_token": YOURS, "report_token": MINE},
        {"session_token": EXPIRED, "created_at": Offset(-72 * HOUR), "expires_at": Offset(0)},
    )


def commit(database: Database, statement: BoundStatement) -> None:
    """Let the back end send a statement in a request of its own."""
    with database.connect("authenticator") as connection, request_transaction(connection, SERVICE_REQUEST):
        connection.execute(*statement)


@cache
def writes(token: str) -> Mapping[str, BoundStatement]:
    """List every way of writing to that row, or to all: as PostgREST does it, and barer than it would."""
    insert, taken = statements.insert({"session_token": NEW}), statements.insert({"session_token": token})
    update, delete = statements.update({"payment_status": "completed"}, token), statements.delete(token)
    return {
        "insert": insert,
        "insert, returning one": _with(insert, " RETURNING 1"),
        "insert, returning the row": _with(insert, " RETURNING session_token"),
        "insert, ignoring a conflict": _with(taken, " ON CONFLICT DO NOTHING"),
        "upsert": statements.upsert({"session_token": token, "payment_status": "completed"}),
        "update": update,
        "update, returning one": _with(update, " RETURNING 1"),
        "update of every row": statements.update({"payment_status": "completed"}),
        "update of the expiry": statements.update({"expires_at": "infinity"}),
        "update of the token": statements.update({"session_token": NEW}),
        "update of the form": statements.update({"form_state": {}}),
        "delete": delete,
        "delete, returning one": _with(delete, " RETURNING 1"),
        "delete of every row": statements.delete(),
        "clean-up": (CLEAN_UP, []),
        "truncate": (sql.SQL("TRUNCATE {}").format(statements.name), []),
    }


def _with(statement: BoundStatement, clause: LiteralString) -> BoundStatement:
    return statement[0] + sql.SQL(clause), statement[1]
