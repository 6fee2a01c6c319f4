"""What only the tests of access use."""
