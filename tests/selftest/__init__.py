"""Tests of the gate's own instruments: a red test here means that they are broken, and says nothing of a migration."""
