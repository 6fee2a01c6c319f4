"""Rows of public.newsletter_signups: valid by construction, and near misses that break one rule."""

import uuid
from typing import Any

from tests.harness.core.timestamps import Offset
from tests.harness.requests.rows import RowStrategies
from tests.selftest.samples.newsletter_signups.model import MODEL

# Two rows that give only what must be given, and a change of the first.
ROW = {"email": "ann@example.com"}
OTHER = {"email": "bob@example.org"}
CHANGE = {"consented_at": Offset(0), "confirmed_at": Offset(0)}
TOKEN = {"confirmation_token": uuid.UUID(int=1)}

# By unique index: what of ROW and of OTHER it refuses to be there twice.
SHARED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "idx_newsletter_signups_email": ({"email": "ann@example.com"}, {"email": "ANN@EXAMPLE.COM"}),
    "idx_newsletter_signups_confirmation_token": (TOKEN, TOKEN),
}

# Addresses on either side of the two CHECKs.
SHORT = ("ann@example.com", "ANN@EXAMPLE.COM", "bob@example.org", "BOB@EXAMPLE.ORG")
LONG = ("ann@example.co".ljust(254, "m"), "ann@example.co".ljust(255, "m"), "é" * 252 + "@m")
INCOMPLETE = ("", "@example.com", "ann@", "ann example.com")
WITH_MORE = ("ann@bob@example.com", "ann @example.com", "ann bob@example.com", "ann@example.com\n")
ROWS = RowStrategies(MODEL, values={"email": [None, *SHORT, *LONG, *INCOMPLETE, *WITH_MORE]})
