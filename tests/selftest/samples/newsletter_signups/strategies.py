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

# By unique index: what of ROW and of OTHER it refuses to be there twice.
SHARED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "idx_newsletter_signups_email": ({"email": "ann@example.com"}, {"email": "ANN@EXAMPLE.COM"}),
    "idx_newsletter_signups_confirmation_token": (
        {"confirmation_token": uuid.UUID("00000000-0000-0000-0000-000000000001")},
        {"confirmation_token": uuid.UUID("00000000-0000-0000-0000-000000000001")},
    ),
}

# Addresses on either side of the two CHECKs.
ROWS = RowStrategies(
    MODEL,
    values={
        "email": [
            None,
            "ann@example.com",
            "ANN@EXAMPLE.COM",
            "bob@example.org",
            "BOB@EXAMPLE.ORG",
            "ann@example.co".ljust(254, "m"),
            "ann@example.co".ljust(255, "m"),
            "é" * 252 + "@m",
            "@example.com",
            "ann@",
            "ann example.com",
            "ann@bob@example.com",
            "ann @example.com",
            "ann bob@example.com",
            "ann@example.com\n",
            "",
        ]
    },
)
