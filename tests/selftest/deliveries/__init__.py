"""The emulated deliveries beside the real ones: tox -e deliveries."""
