"""What PostgREST is notified of. A notification of the test's own follows, so that silence needs no waiting."""

from collections.abc import Callable
from contextlib import closing

from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.core.timeouts import TIMEOUTS
from tests.harness.server.database import Database

CHANNEL = "pgrst"
# A migration tells PostgREST itself: on the platform, event triggers would tell it of most changes.
SILENCE = b"DROP EVENT TRIGGER IF EXISTS pgrst_ddl_watch; DROP EVENT TRIGGER IF EXISTS pgrst_drop_watch"
END = "nothing more"


def notifications_during(database: Database, action: Callable[[], object]) -> list[str]:
    """List the payloads that are sent on PostgREST's channel during an action, in the order of the commits."""
    with closing(database.connect(SUPERUSER)) as listener:
        listener.execute(SILENCE)
        listener.execute("LISTEN pgrst")
        action()
        with closing(database.connect(MIGRATOR)) as other:
            other.execute("SELECT pg_notify(%s, %s)", (CHANNEL, END))
        payloads: list[str] = []
        for notification in listener.notifies(timeout=TIMEOUTS.session):
            if notification.payload == END:
                return payloads
            payloads.append(notification.payload)
        raise AssertionError("the server did not deliver a notification that was certainly sent.")
