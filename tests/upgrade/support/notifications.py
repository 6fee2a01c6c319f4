"""What a listener hears. A word of our own follows, so that silence needs no waiting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.server.database import Database

CHANNEL = "pgrst"
RELOAD = "reload schema"
END = "nothing more"
PATIENCE_SECONDS = 30


def heard(database: Database, happening: Callable[[], object]) -> list[str]:
    """List what is sent on PostgREST's channel while something happens, in the order of the commits."""
    with closing(database.connect(SUPERUSER)) as listener:
        listener.execute("LISTEN pgrst")
        happening()
        with closing(database.connect(MIGRATOR)) as other:
            other.execute("SELECT pg_notify(%s, %s)", (CHANNEL, END))
        words: list[str] = []
        for notification in listener.notifies(timeout=PATIENCE_SECONDS):
            if notification.payload == END:
                return words
            words.append(notification.payload)
        raise AssertionError("the server did not deliver a notification that was certainly sent.")
