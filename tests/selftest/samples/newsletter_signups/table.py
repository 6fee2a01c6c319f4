"""The structure of public.newsletter_signups: what the catalog must hold, and nothing else."""

from tests.harness.catalog.objects import Column, Constraint, Index, Policy, Sequence
from tests.harness.catalog.table_spec import TableSpec

TABLE = TableSpec(
    schema="public",
    name="newsletter_signups",
    columns=(
        Column("id", "bigint", nullable=False, identity="always", sequence=Sequence("newsletter_signups_id_seq")),
        Column("email", "text", nullable=False),
        Column("consented_at", "timestamp with time zone", nullable=False, default="now()"),
        Column("confirmation_token", "uuid", nullable=False, default="gen_random_uuid()"),
        Column("confirmed_at", "timestamp with time zone"),
    ),
    key=("confirmation_token",),
    constraints=(
        Constraint("confirmation_after_consent", "CHECK ((confirmed_at >= consented_at))"),
        Constraint("email_form", "CHECK ((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))"),
        Constraint("email_length", "CHECK ((char_length(email) <= 254))"),
        Constraint("newsletter_signups_pkey", "PRIMARY KEY (id)"),
    ),
    indexes=(
        Index("newsletter_signups_pkey", using="btree (id)", unique=True),
        Index("idx_newsletter_signups_email", using="btree (lower(email))", unique=True),
        Index("idx_newsletter_signups_confirmation_token", using="btree (confirmation_token)", unique=True),
    ),
    policies=(
        Policy("service_role_newsletter_signups", command="ALL", roles=("service_role",)),
        Policy("sign_up_newsletter_signups", command="INSERT", roles=("anon",)),
    ),
    privileges={
        "anon": frozenset({"INSERT (consented_at)", "INSERT (email)"}),
        "service_role": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
    },
)
