"""What a run found, as values, and how it is written: on the screen, and into reports."""
