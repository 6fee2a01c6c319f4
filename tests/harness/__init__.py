"""What the tests are written with, in packages by layer. It imports nothing of theirs."""
