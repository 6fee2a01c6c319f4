"""The life of a session as a picture for the report: who sees it when, as the model says it."""

from copy import copy

from tests.contract.calculator2_sessions.model import MODEL, TOKEN_LENGTH, SessionModel
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import BROWSER_ROLES, SERVICE_ROLE
from tests.harness.core.timestamps import HOUR, Timestamp
from tests.harness.report.life import Life, Seen, Viewer

TOKEN = "x" * TOKEN_LENGTH
ACTIVE, CLEANED_UP = 24 * HOUR, 60 * HOUR
STRANGER = "another role"
# Name, role, and the token that is sent.
VIEWERS = (
    *((f"{role}, with its token", role, TOKEN) for role in BROWSER_ROLES),
    *((f"{role}, without it", role, None) for role in BROWSER_ROLES),
    (STRANGER, STRANGER, TOKEN),
    (SERVICE_ROLE, SERVICE_ROLE, None),
)


def lives(model: SessionModel = MODEL) -> list[Life]:
    """Draw a session that is never paid for, and one that is."""
    drawn = {"pending": "A session that is not paid for", "completed": "A session that is paid for"}
    return [_life(model, title, status) for status, title in drawn.items()]


def _life(model: SessionModel, title: str, status: str) -> Life:
    sessions = model.emptied()
    created = Timestamp(0)
    row = sessions.insert({"session_token": TOKEN}, created)
    assert not isinstance(row, Refused)
    states = [("created", created, _copied(sessions))]
    sessions.update(TOKEN, {"payment_status": status}, created.plus(ACTIVE))
    active = sessions.rows[TOKEN]
    states += [("active", active.last_active_at, _copied(sessions)), ("expired", active.expires_at, _copied(sessions))]
    cleaned = created.plus(CLEANED_UP)
    sessions.clean_up(cleaned)
    states.append(("cleaned up", cleaned, sessions))
    ends = [*(begins.plus(-1) for _, begins, _ in states[1:]), cleaned.plus(HOUR)]
    parts = [(state, begins, ends[number]) for number, (_, begins, state) in enumerate(states)]
    return Life(
        title,
        [name for name, _, _ in states],
        [*(f"{(begins - created) // HOUR} h" for _, begins, _ in states[:-1]), "later"],
        [
            *(Viewer(name, [_seen(*part, role, token) for part in parts]) for name, role, token in VIEWERS),
            Viewer("the clean-up", [_cleaned(*part) for part in parts]),
        ],
    )


def _copied(model: SessionModel) -> SessionModel:
    """Return the model as it is now."""
    same = copy(model)
    same.rows = {token: copy(row) for token, row in model.rows.items()}
    return same


def _seen(model: SessionModel, begins: Timestamp, ends: Timestamp, role: str, token: str | None) -> Seen:
    """Ask what a request sees, at a part's first moment and at its last."""
    first, last = (model.seen_by(role, token, now) for now in (begins, ends))
    assert first == last, f"what {role} sees changes from {begins!r} to {ends!r}"
    return Seen("refused", is_there=False) if isinstance(first, Refused) else Seen(*_words(bool(first)))


def _words(is_there: bool) -> tuple[str, bool]:
    return "sees it" if is_there else "sees nothing", is_there


def _cleaned(model: SessionModel, begins: Timestamp, ends: Timestamp) -> Seen:
    """Ask what the clean-up would do with it."""
    first, last = (_copied(model).clean_up(now) for now in (begins, ends))
    assert first == last, f"what the clean-up does changes from {begins!r} to {ends!r}"
    if not model.rows:
        return Seen("it is gone", is_there=False)
    return Seen("removes it", is_there=True) if first else Seen("leaves it", is_there=False)
