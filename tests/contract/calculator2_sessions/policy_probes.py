"""Rows on which the verify file tries the policies of public.calculator2_sessions: in no table, so nothing is read."""

import json
from typing import Literal

from tests.harness.catalog.verify_sql import PolicyProbe

READ, SERVICE = "read_calculator2_sessions", "service_role_calculator2_sessions"
TOKEN = "aB" * 16
WITH_TOKEN = json.dumps({"x-session-token": TOKEN})
ONE_HOUR = "interval '1 hour'"


def _read(clause: str, what: str, must: Literal["open", "closed"], headers: str | None, life: str) -> PolicyProbe:
    return PolicyProbe(clause, READ, f"a row {what}", must, _row(life), headers)


def _row(life: str) -> dict[str, str]:
    return {
        "session_token": f"'{TOKEN}'",
        "payment_status": "'pending'",
        "created_at": f"now() - {ONE_HOUR}",
        "last_active_at": "now()",
        "expires_at": f"now() + {life}",
    }


PROBES = (
    _read("R1", "without headers", "closed", None, ONE_HOUR),
    _read("R1", "with empty headers", "closed", "", ONE_HOUR),
    _read("R1", "without a token", "closed", "{}", ONE_HOUR),
    _read("R1", "with a null token", "closed", '{"x-session-token": null}', ONE_HOUR),
    _read("R1", "with an empty token", "closed", '{"x-session-token": ""}', ONE_HOUR),
    _read("R2", "with its token", "open", WITH_TOKEN, "interval '1 microsecond'"),
    _read("R3", "with another token", "closed", json.dumps({"x-session-token": "bA" * 16}), ONE_HOUR),
    _read("R3", "with its token in another case", "closed", WITH_TOKEN.lower(), ONE_HOUR),
    _read("R3", "with the beginning of its token", "closed", json.dumps({"x-session-token": "aB" * 15}), ONE_HOUR),
    _read("R3", "with a pattern", "closed", '{"x-session-token": "%"}', ONE_HOUR),
    _read("R3", "with its token in another header", "closed", json.dumps({"x-token": TOKEN}), ONE_HOUR),
    _read("R4", "with its token, at the instant of expires_at", "closed", WITH_TOKEN, "interval '0'"),
    PolicyProbe("R6", SERVICE, "a row in every state", "open", _row("interval '-1 hour'"), headers=""),
)
