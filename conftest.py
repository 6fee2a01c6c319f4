"""The plugins of the suite, one family of fixtures and options each."""

# tests.harness comes first: pytest then explains the asserts of all its modules. fix_live comes before fix_clauses,
# which then reads the clauses of the tests that are left.

pytest_plugins = [
    "tests.harness",
    "tests.harness.fix_gate",
    "tests.harness.fix_live",
    "tests.harness.fix_life",
    "tests.harness.fix_watch",
    "tests.harness.fix_clauses",
    "tests.harness.fix_hypothesis",
    "tests.harness.fix_database",
    "tests.harness.fix_upgrade",
]
