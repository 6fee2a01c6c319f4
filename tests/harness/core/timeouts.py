"""Every bound on time, in seconds."""

from __future__ import annotations

# What would wait for ever, in a test of several sessions; far beyond any lock_timeout that lets an application live.
SESSION_SECONDS = 15.0
