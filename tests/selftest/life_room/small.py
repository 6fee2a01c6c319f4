"""A plugin that leaves the server little room."""

from __future__ import annotations

from dataclasses import replace

from tests.harness.server.lifecycle import LIMITS

LIMITS = replace(LIMITS, folder=0)
