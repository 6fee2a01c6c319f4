"""One database of the throwaway server."""

from __future__ import annotations

from dataclasses import dataclass

from tests.harness.server.connection import Connection
from tests.harness.server.lifecycle import Server


@dataclass(frozen=True)
class Database:
    """One database of the throwaway server."""

    server: Server
    name: str

    def connect(self, user: str) -> Connection:
        """Open a connection of its own, in autocommit mode."""
        return self.server.connect(user, self.name)

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints every argument of a failing test."""
        return f"<database {self.name}>"
