"""Tests that the selftest runs as a gate of its own: they do not end, or lose their server."""
