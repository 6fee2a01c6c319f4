"""What differs between the versions of PostgreSQL.

Each is the first major version in which it is so. Source: PostgreSQL's release notes. What is not here is expected of
every version; what SQL asks the server itself (pg_get_viewdef and the like) needs no entry.
"""

# The contract's own range (I1).
SUPPORTED = range(13, 19)

# Who gives a generated column is refused as who gives an identity that is always generated; before, by a syntax error.
GENERATED_COLUMNS_ARE_REFUSED_AS_IDENTITIES = 14
# CREATE DATABASE copies through the log, unless it is told to copy files; before, it always copies files.
CREATE_DATABASE_HAS_A_STRATEGY = 15
# A view can be made to read with its caller's rights.
VIEWS_CAN_BE_OF_THE_INVOKER = 15
# A role with CREATEROLE may pass on only what it holds WITH ADMIN OPTION; before, any role that is not a superuser's.
CREATEROLE_NEEDS_THE_ADMIN_OPTION = 16
# There is a privilege to VACUUM, ANALYZE, CLUSTER, REINDEX and LOCK a table.
MAINTAIN_IS_A_PRIVILEGE = 17
# Each NOT NULL is a constraint of its own, with a name, which may be NOT VALID.
NOT_NULL_IS_A_CONSTRAINT = 18
# A CHECK may be NOT ENFORCED.
CHECKS_CAN_BE_NOT_ENFORCED = 18
