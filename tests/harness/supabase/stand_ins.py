"""Which stand-ins for extensions the migrations asked for."""

from tests.harness.server.connection import Connection

# A stand-in says so where others have their version (extensions/*.control).
VERSION = "stand-in"
# What sql/extensions.sql creates.
OF_THE_PLATFORM = ("pgcrypto", "uuid-ossp", "supabase_vault")


def stand_ins_met(connection: Connection) -> list[str]:
    """List the stand-ins that a database has, beyond those that every project begins with."""
    query = "SELECT extname::text FROM pg_extension WHERE extversion = %s AND extname <> ALL (%s) ORDER BY 1"
    return [str(name) for (name,) in connection.execute(query, (VERSION, list(OF_THE_PLATFORM)))]
