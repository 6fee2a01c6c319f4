"""A request as PostgREST makes it (Query/PreQuery.hs): one transaction as `authenticator`, set up by one SELECT."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg import sql

from tests.harness.server.connection import Connection
from tests.harness.server.session import set_local

# Supabase's settings of the impersonated role, which SET ROLE does not apply, so PostgREST does.
ROLE_SETTINGS = {"anon": {"statement_timeout": "3s"}, "authenticated": {"statement_timeout": "8s"}}


@dataclass(frozen=True)
class Request:
    """Who asks, with which claims and headers (names in lower case; None where the setting is never made)."""

    role: str
    headers: Mapping[str, object] | None = field(default_factory=dict)
    claims: Mapping[str, object] = field(default_factory=dict)
    method: str = "GET"
    path: str = "/"

    def settings(self) -> list[tuple[str, str]]:
        """List the settings that PostgREST makes for the transaction, in its order."""
        settings = [
            ("search_path", '"public", "extensions"'),
            *ROLE_SETTINGS.get(self.role, {}).items(),
            ("role", self.role),
            ("request.jwt.claims", json.dumps({"role": self.role, **self.claims})),
            ("request.method", self.method),
            ("request.path", self.path),
        ]
        if self.headers is not None:
            settings.append(("request.headers", json.dumps(dict(self.headers))))
        return [*settings, ("request.cookies", "{}")]


# The application's back end.
SERVICE_REQUEST = Request("service_role", method="POST")


@contextmanager
def request_transaction(connection: Connection, request: Request) -> Iterator[Connection]:
    """Run one whole request on a pooled connection of `authenticator`: committed, or rolled back if it fails."""
    mode = "READ ONLY" if request.method in {"GET", "HEAD"} else "READ WRITE"
    connection.execute(sql.SQL("BEGIN ISOLATION LEVEL READ COMMITTED " + mode))
    try:
        set_local(connection, request.settings())
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
