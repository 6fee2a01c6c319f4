"""pytest plugins: hooks and fixtures only."""
