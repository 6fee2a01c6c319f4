"""The requests of the application: the browser sends its token in a header."""

from __future__ import annotations

from tests.harness.requests.request import Request

TOKEN_HEADER = "x-session-token"


def with_token(token: object, *, role: str = "anon", **more: object) -> Request:
    """Return the request of a browser that sends `token` in the header, and perhaps other headers."""
    return Request(role, {TOKEN_HEADER: token, **more})


def anonymous(role: str = "anon") -> Request:
    """Return the request of a browser that sends no token."""
    return Request(role)
