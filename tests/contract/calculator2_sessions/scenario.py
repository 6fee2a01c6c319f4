"""Rows, tokens and parameters that several chapters share."""

from __future__ import annotations

import pytest
from psycopg import sql

from tests.contract.calculator2_sessions.checker import CLEAN_UP, SessionChecker, statements
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.core.timestamps import HOUR, Offset
from tests.harness.requests.statements import BoundStatement
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

as_each_browser_role = pytest.mark.parametrize("role", BROWSER_ROLES)
in_far_zones = pytest.mark.parametrize("zone", FAR_ZONES.values(), ids=FAR_ZONES)


def populate(session: Session) -> SessionChecker:
    """Insert a row of mine, one of yours, and one that has expired."""
    checker = SessionChecker(session)
    checker.insert({"session_token": MINE, "report_token": REPORT})
    checker.insert({"session_token": YOURS, "report_token": MINE})
    checker.insert({"session_token": EXPIRED, "created_at": Offset(-72 * HOUR), "expires_at": Offset(0)})
    return checker


def writes(token: str) -> dict[str, BoundStatement]:
    """List every way of writing to that row, or to all: as PostgREST does it, and barer than it would."""
    insert, values = statements.insert({"session_token": NEW})
    taken, taken_values = statements.insert({"session_token": token})
    update, delete = statements.update({"payment_status": "completed"}, token), statements.delete(token)
    return {
        "insert": (insert, values),
        "insert, returning one": (insert + _returning(sql.Literal(1)), values),
        "insert, returning the row": (insert + _returning(sql.Identifier("session_token")), values),
        "insert, ignoring a conflict": (taken + sql.SQL(" ON CONFLICT DO NOTHING"), taken_values),
        "upsert": statements.upsert({"session_token": token, "payment_status": "completed"}),
        "update": update,
        "update, returning one": (update[0] + _returning(sql.Literal(1)), update[1]),
        "update of every row": statements.update({"payment_status": "completed"}),
        "update of the expiry": statements.update({"expires_at": "infinity"}),
        "delete": delete,
        "delete, returning one": (delete[0] + _returning(sql.Literal(1)), delete[1]),
        "delete of every row": statements.delete(),
        "clean-up": (CLEAN_UP, []),
        "truncate": (sql.SQL("TRUNCATE {}").format(statements.name), []),
    }


def _returning(what: sql.Composable) -> sql.Composed:
    return sql.SQL(" RETURNING {}").format(what)
