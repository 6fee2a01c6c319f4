"""Rows on which the verify file tries the policies of public.calculator2_sessions: in no table, so nothing is read."""

from tests.contract.calculator2_sessions.support import cases
from tests.harness.catalog.verify_sql import PolicyProbe


def _row(life: str) -> dict[str, str]:
    return {
        "session_token": f"'{'aB' * 16}'",
        "payment_status": "'pending'",
        "created_at": "now() - interval '1 hour'",
        "last_active_at": "now()",
        "expires_at": f"now() + interval '{life}'",
    }


PROBES = tuple(PolicyProbe(row=_row(each.pop("life")), **each) for each in cases("policy_probes")["probes"])
