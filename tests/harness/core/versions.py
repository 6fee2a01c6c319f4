"""What differs between versions of PostgreSQL: the first major one in which it is so, by its release notes."""

# The contract's own range (I1).
SUPPORTED = range(13, 19)

# Who gives a generated column is refused as who gives an identity that is always generated; before, by a syntax error.
GENERATED_COLUMNS_ARE_REFUSED_AS_IDENTITIES = 14
# CREATE DATABASE copies through the log, unless it is told to copy files; before, it always copies files.
CREATE_DATABASE_HAS_A_STRATEGY = 15
# A role with CREATEROLE may pass on only what it holds WITH ADMIN OPTION; before, any role that is not a superuser's.
CREATEROLE_NEEDS_THE_ADMIN_OPTION = 16
# There is a privilege to VACUUM, ANALYZE, CLUSTER, REINDEX and LOCK a table.
MAINTAIN_IS_A_PRIVILEGE = 17
