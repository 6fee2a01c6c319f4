"""The state machine finds planted faults within the gate's budget, where single statements look right."""

from __future__ import annotations

import pytest

from tests.selftest.runs import LONG, candidate, run_folder

FAULTS = {
    "an expired row stays visible": ("    AND expires_at > now()\n", ""),
    "a token opens rows in other case": ("    session_token = (\n", "    lower(session_token) = (\n"),
    "activity extends the session": (
        "    RETURN NEW;",
        "    NEW.expires_at := NEW.expires_at + interval '1 hour';\n    RETURN NEW;",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(fault: tuple[str, str]) -> None:
    """The machine alone turns red, and shows the series of steps."""
    with run_folder() as here:
        status, printed = here.run("--migrations", str(candidate(here.folder / "c", fault)), LONG)
    assert (status, "state = SeveralRoles()" in printed) == (1, True), printed
