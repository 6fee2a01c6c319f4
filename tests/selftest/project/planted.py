"""The faults of access that are planted in the sample project, and the right things that only look like one.

They are the files of access/, and the pull requests that are about access: a red one by its clauses, E or A; a green
one by its statements. Each is applied alone, on top of the project.
"""

import re
import tomllib
from contextlib import closing
from pathlib import Path

from tests.access.test_exposed_objects import EXPLICIT
from tests.harness.catalog.rules import RULES, Finding
from tests.harness.core.roles import SUPERUSER
from tests.harness.server.database import Database
from tests.harness.server.session import Session
from tests.selftest.project.pull_requests import PROJECT, PullRequest, read_pull_requests

# The header of the calculator's holders, as its contract has it.
HEADERS = {"public.calculator2_sessions": {"x-session-token": "session_token"}}
# What is of house style is tried where the project asks for it, as the gate does.
ASKED_FOR = tomllib.loads((PROJECT / "migrations" / "gate.toml").read_text(encoding="utf-8"))["asked_for"]
TRIED = [rule for rule in RULES if rule.clause not in EXPLICIT or rule.clause in ASKED_FOR]
CLAUSES = re.compile(r"[EA]\d+")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
STATEMENTS = re.compile(
    r"\b(create|alter|drop)\s+policy\b|\b(grant|revoke)\b|\brow\s+level\s+security\b|\bsecurity\s+definer\b"
    r"|\bsecurity_invoker\b",
    re.IGNORECASE,
)


def statements(file: Path) -> str:
    """Return a file without its comments."""
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def broken(database: Database) -> list[Finding]:
    """Find what breaks a rule for exposed objects that is tried on the project."""
    with closing(database.connect(SUPERUSER)) as connection:
        session = Session(connection)
        return [each for rule in TRIED for each in rule.broken_by(session, ["public"])]


def faults() -> list[Path]:
    """List the files that must be told of."""
    red = [each for each in _alone() if each.is_red and any(map(CLAUSES.fullmatch, each.clauses))]
    return [*_access("faults"), *(each.path for each in red)]


def right_things() -> list[Path]:
    """List the files of which no fault must be told."""
    green = [each for each in _alone() if not each.is_red and STATEMENTS.search(statements(each.path))]
    return [*_access("right"), *(each.path for each in green)]


def _access(kind: str) -> list[Path]:
    return sorted((PROJECT / "access" / kind).glob("*.sql"))


def _alone() -> list[PullRequest]:
    return [each for each in read_pull_requests() if not each.is_refused and not each.edits]
