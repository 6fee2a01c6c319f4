"""The table's structure as data: what the catalogue must hold, and nothing else."""

from __future__ import annotations

from tests.harness.catalog.objects import Column, Index, Policy, Trigger
from tests.harness.core.versions import NOT_NULL_IS_A_CONSTRAINT, SEQUENCES_HAVE_NO_TYPE

NAME = "calculator2_sessions"

COLUMNS = (
    Column("id", "bigint", nullable=False, identity="always"),
    Column("session_token", "text", nullable=False),
    Column("form_state", "jsonb"),
    Column("pricing_tier", "text"),
    Column("amount_paid", "numeric(10,2)"),
    Column("payment_status", "text", nullable=False, has_default=True),
    Column("report_token", "text"),
    Column("created_at", "timestamp with time zone", nullable=False, has_default=True),
    Column("last_active_at", "timestamp with time zone", nullable=False, has_default=True),
    Column("expires_at", "timestamp with time zone", nullable=False, has_default=True),
)

INDEXES = (
    Index("calculator2_sessions_pkey", keys=("id",), unique=True, primary=True),
    Index("idx_calculator2_sessions_expires_at", keys=("expires_at",), predicate="payment_status <> 'completed'::text"),
    Index("idx_calculator2_sessions_last_active", keys=("last_active_at DESC",)),
    Index("idx_calculator2_sessions_token", keys=("session_token",), unique=True),
)

CHECKS = ("expiry_after_creation", "last_active_after_creation", "session_token_length")

FUNCTION = "public.update_calculator2_sessions_last_active()"
SEQUENCE = "public.calculator2_sessions_id_seq"

TRIGGERS = (
    Trigger(
        "trg_calculator2_sessions_last_active",
        timing="BEFORE",
        events=("UPDATE",),
        level="ROW",
        function=FUNCTION,
        language="plpgsql",
        security="INVOKER",
        settings=('search_path=""',),
    ),
)

POLICIES = (
    Policy("read_calculator2_sessions", command="SELECT", roles=("anon", "authenticated")),
    Policy("service_role_calculator2_sessions", command="ALL", roles=("service_role",)),
)

# By role; PUBLIC is tried as a role that nobody granted anything.
PRIVILEGES = {
    "anon": {"SELECT"},
    "authenticated": {"SELECT"},
    "service_role": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "authenticator": set[str](),
    "somebody_else": set[str](),
}

_ADDED = {
    "default value for public.calculator2_sessions.created_at",
    "default value for public.calculator2_sessions.expires_at",
    "default value for public.calculator2_sessions.last_active_at",
    "default value for public.calculator2_sessions.payment_status",
    "function public.update_calculator2_sessions_last_active()",
    "index public.calculator2_sessions_pkey",
    "index public.idx_calculator2_sessions_expires_at",
    "index public.idx_calculator2_sessions_last_active",
    "index public.idx_calculator2_sessions_token",
    "policy read_calculator2_sessions on public.calculator2_sessions",
    "policy service_role_calculator2_sessions on public.calculator2_sessions",
    "sequence public.calculator2_sessions_id_seq",
    "table constraint calculator2_sessions_pkey on public.calculator2_sessions",
    "table constraint expiry_after_creation on public.calculator2_sessions",
    "table constraint last_active_after_creation on public.calculator2_sessions",
    "table constraint session_token_length on public.calculator2_sessions",
    "table public.calculator2_sessions",
    "trigger trg_calculator2_sessions_last_active on public.calculator2_sessions",
    "type public.calculator2_sessions",
    "type public.calculator2_sessions[]",
}

_ROW_TYPE_OF_THE_SEQUENCE = {"type public.calculator2_sessions_id_seq"}
_NOT_NULL_CONSTRAINTS = {
    f"table constraint calculator2_sessions_{column.name}_not_null on public.calculator2_sessions"
    for column in COLUMNS
    if not column.nullable
}


def added(major: int) -> set[str]:
    """All that the catalogue holds after the migration and not before, as PostgreSQL of that version identifies it."""
    expected = set(_ADDED)
    if major < SEQUENCES_HAVE_NO_TYPE:
        expected |= _ROW_TYPE_OF_THE_SEQUENCE
    if major >= NOT_NULL_IS_A_CONSTRAINT:
        expected |= _NOT_NULL_CONSTRAINTS
    return expected


# What is stored for the platform's roles, and for no database alone (0).
SETTINGS_OF_THE_PLATFORM = (
    (0, "anon", "statement_timeout=3s"),
    (0, "authenticated", "statement_timeout=8s"),
    (0, "authenticator", "lock_timeout=8s"),
    (0, "authenticator", "statement_timeout=8s"),
    (0, "postgres", 'search_path="$user", public, extensions'),
)
