"""What only the tests of this contract use."""
