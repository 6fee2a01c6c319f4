"""The structure of public.calculator2_sessions: what the catalog must hold, and nothing else."""

from tests.harness.catalog.objects import Column, Constraint, Index, Policy, Sequence, Trigger
from tests.harness.catalog.table_spec import TableSpec

TABLE = TableSpec(
    schema="public",
    name="calculator2_sessions",
    key=("session_token",),
    columns=(
        Column("id", "bigint", nullable=False, identity="always", sequence=Sequence("calculator2_sessions_id_seq")),
        Column("session_token", "text", nullable=False),
        Column("form_state", "jsonb"),
        Column("pricing_tier", "text"),
        Column("amount_paid", "numeric(10,2)"),
        Column("payment_status", "text", nullable=False, default="'pending'::text"),
        Column("report_token", "text"),
        Column("created_at", "timestamp with time zone", nullable=False, default="now()"),
        Column("last_active_at", "timestamp with time zone", nullable=False, default="now()"),
        Column(
            "expires_at",
            "timestamp with time zone",
            nullable=False,
            default="(now() + '48:00:00'::interval)",
            default_same_as=(
                "('48:00:00'::interval + now())",
                "(now() + make_interval(hours => 48))",
                "(make_interval(hours => 48) + now())",
            ),
        ),
    ),
    constraints=(
        Constraint("calculator2_sessions_pkey", "PRIMARY KEY (id)"),
        Constraint(
            "expiry_after_creation", "CHECK ((expires_at > created_at))", same_as=("CHECK ((created_at < expires_at))",)
        ),
        Constraint(
            "last_active_after_creation",
            "CHECK ((last_active_at >= created_at))",
            same_as=("CHECK ((created_at <= last_active_at))",),
        ),
        Constraint(
            "session_token_length",
            "CHECK ((char_length(session_token) = 32))",
            same_as=("CHECK ((32 = char_length(session_token)))",),
        ),
    ),
    indexes=(
        Index("calculator2_sessions_pkey", using="btree (id)", unique=True),
        Index(
            "idx_calculator2_sessions_expires_at",
            using="btree (expires_at) WHERE (payment_status <> 'completed'::text)",
        ),
        Index("idx_calculator2_sessions_last_active", using="btree (last_active_at DESC)"),
        Index("idx_calculator2_sessions_token", using="btree (session_token)", unique=True),
    ),
    triggers=(
        Trigger(
            "trg_calculator2_sessions_last_active",
            definition="BEFORE UPDATE ON public.calculator2_sessions FOR EACH ROW "
            "EXECUTE FUNCTION public.update_calculator2_sessions_last_active()",
            function="public.update_calculator2_sessions_last_active()",
            options='LANGUAGE plpgsql SECURITY INVOKER SET search_path=""',
        ),
    ),
    policies=(
        Policy("read_calculator2_sessions", command="SELECT", roles=("anon", "authenticated")),
        Policy("service_role_calculator2_sessions", command="ALL", roles=("service_role",)),
    ),
    privileges={
        "anon": frozenset({"SELECT"}),
        "authenticated": frozenset({"SELECT"}),
        "service_role": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
    },
)
