"""The vocabulary in which the tests are written. It imports nothing of theirs."""
