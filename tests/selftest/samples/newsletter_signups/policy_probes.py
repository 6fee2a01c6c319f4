"""Rows on which the verify file tries the policies of public.newsletter_signups: in no table, so nothing is read."""

from tests.harness.catalog.verify_sql import PolicyProbe

SIGN_UP, SERVICE = "sign_up_newsletter_signups", "service_role_newsletter_signups"


def _row(consented_at: str) -> dict[str, str]:
    return {"email": "'ann@example.com'", "consented_at": consented_at}


PROBES = (
    PolicyProbe("R6", SIGN_UP, "a consent of now", "open", _row("now()")),
    PolicyProbe("R6", SIGN_UP, "a consent of an hour ago", "open", _row("now() - interval '1 hour'")),
    PolicyProbe("R6", SIGN_UP, "a consent in the future", "closed", _row("now() + interval '1 microsecond'")),
    PolicyProbe("R6", SIGN_UP, "an old consent", "closed", _row("now() - interval '1 hour 1 microsecond'")),
    PolicyProbe("R3", SERVICE, "any row", "open", _row("now() - interval '99 hours'")),
)
