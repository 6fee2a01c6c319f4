"""The plugins of the suite, one family of fixtures and options each."""

# tests.harness comes first: pytest then explains the asserts of all its modules. live comes before clauses,
# which then reads the clauses of the tests that are left.

pytest_plugins = [
    "tests.harness",
    "tests.harness.plugins.start",
    "tests.harness.plugins.live",
    "tests.harness.plugins.timeouts",
    "tests.harness.plugins.watch",
    "tests.harness.plugins.clauses",
    "tests.harness.plugins.hypothesis",
    "tests.harness.plugins.databases",
    "tests.harness.plugins.locks",
]
