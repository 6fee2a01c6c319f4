"""The plugins of the suite, one family of fixtures and hooks each; in which order they stand does not matter."""

# But their package stands first: pytest warns of a plugin that was imported before it could rewrite its asserts.
pytest_plugins = [
    "tests.harness.plugins",
    "tests.harness.plugins.clauses",
    "tests.harness.plugins.contracts",
    "tests.harness.plugins.databases",
    "tests.harness.plugins.hypothesis",
    "tests.harness.plugins.interrupt",
    "tests.harness.plugins.keep",
    "tests.harness.plugins.listing",
    "tests.harness.plugins.live",
    "tests.harness.plugins.locks",
    "tests.harness.plugins.options",
    "tests.harness.plugins.quick",
    "tests.harness.plugins.report",
    "tests.harness.plugins.rules",
    "tests.harness.plugins.start",
    "tests.harness.plugins.timeouts",
    "tests.harness.plugins.verdict",
    "tests.harness.plugins.watch",
    "tests.harness.plugins.watchdog",
]
