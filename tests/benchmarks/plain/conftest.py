"""pytest-postgresql as its documentation has it: a server that runs already, and a database for each test."""

from pathlib import Path

from pytest_postgresql import factories

MIGRATION = Path(__file__).parents[3] / "migrations" / "014_create_calculator2_sessions.sql"

postgresql_noproc = factories.postgresql_noproc(load=[MIGRATION])
postgresql = factories.postgresql("postgresql_noproc")
