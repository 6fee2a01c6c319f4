"""A plugin that leaves the server little room."""

from __future__ import annotations

from dataclasses import replace

from tests.harness import server

server.LIMITS = replace(server.LIMITS, folder=0)
