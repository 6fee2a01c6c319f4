"""What only the tests of new migrations use."""
