"""public.newsletter_signups as an executable model, which tests compare with the table."""

import re
from types import SimpleNamespace

from tests.harness.requests.model import TableModel
from tests.harness.requests.model_checker import TableChecker
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.server.session import Session
from tests.selftest.samples.newsletter_signups.table import TABLE

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def email_form(row: SimpleNamespace) -> bool:
    """Whether an address is one @ between characters that are neither @ nor blank."""
    return row.email is None or ADDRESS.fullmatch(row.email) is not None


MODEL = TableModel(TABLE, by_hand={"email_form": email_form})


def checker(session: Session) -> TableChecker:
    """Compare the table with its model, both empty."""
    return TableChecker(session, MODEL, SERVICE_REQUEST)
